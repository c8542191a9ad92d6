-- done when: SELECT EXISTS (SELECT FROM experts.ai_experts WHERE code = 'balance')
-- Experts, their tips with evidence and scores, and the feed.

INSERT INTO experts.ai_experts (
    id, code, name, specialty, persona, risk_profile, provider, active, revision, created_at, updated_at)
SELECT pg_temp.entry('expert', code), code, name, specialty, persona, risk::experts.expert_risk_profile, provider,
    active, 1, pg_temp.as_of() - 2000, pg_temp.as_of() - 2000
FROM (VALUES
    ('balance', 'Bea Balance', 'Concentration and drift', 'Speaks plainly, and names the figure first.', 'balanced',
        'rules', true),
    ('thrift', 'Theo Thrift', 'Fees, cash and tax', 'Counts every cent, kindly.', 'conservative', 'rules', true),
    ('horizon', 'Hana Horizon', 'Long-term growth', 'Thinks in decades.', 'growth', 'rules', true),
    ('first_try', 'Felix First', 'General', 'Retired: his record stays.', 'aggressive', 'rules', false)
) AS e (code, name, specialty, persona, risk, provider, active) ORDER BY code;

INSERT INTO experts.feed_items (
    id, kind, target, title, body, action, priority, starts_at, ends_at, status, revision, created_at, updated_at)
SELECT pg_temp.entry('feed', target), kind::experts.feed_kind, target, title, body, action, priority,
    pg_temp.as_of() - 40, CASE kind WHEN 'market' THEN pg_temp.as_of() + 7 END, 'active', 1, pg_temp.as_of() - 40,
    pg_temp.as_of() - 40
FROM (VALUES
    ('basket', 'world-core', 'The whole world in one basket', 'Shares and bonds, rebalanced for you.',
        'See the basket', 700),
    ('basket', 'cleo-steady', 'Three funds, three currencies', 'By Cleo, who has kept to it for years.',
        'See the basket', 640),
    ('quest', 'three_instruments', 'Not all eggs in one', 'One thing to go?', 'Open the quest', 600),
    ('quest', 'season_saver', 'Ten days of saving', 'The season ends in six weeks.', 'Open the quest', 560),
    ('curator', 'cleo', 'Cleo invests', 'Broad, cheap, and seldom touched.', 'Follow', 500),
    ('market', 'AURM', 'Gold moved', 'What that means for a mixed basket.', 'Read on', 450),
    ('lesson', 'what-is-a-bond', 'What is a bond?', 'Two minutes, no jargon.', 'Read', 400),
    ('lesson', 'why-fees-matter', 'Why fees matter', 'One percent, over thirty years.', 'Read', 380)
) AS f (kind, target, title, body, action, priority) ORDER BY target;

-- Each figure of a tip names the row that it came from, and its time.
CREATE TEMP TABLE tip ON COMMIT DROP AS
SELECT t.*, pg_temp.person(t.name) AS user_id, pg_temp.entry('expert', t.expert) AS expert_id,
    CASE WHEN t.depot IS NOT NULL THEN pg_temp.portfolio(t.depot) END AS portfolio_id,
    pg_temp.as_of() - t.days + interval '6 hours' AS at,
    pg_temp.id(pg_temp.as_of() - t.days + interval '6 hours', 'tip ' || t.name || t.kind || t.days) AS id
FROM (VALUES
    ('ada', 'balance', 'long_run', 'concentration', 'acted', 200, 82, 'high', 'Half of it is one fund',
        'More than half of Long run is in one fund. That is fine for a world fund, and worth knowing.',
        'The share of WLDX is below 40 % in thirty days.', 'right'),
    ('ada', 'thrift', 'long_run', 'fees', 'dismissed', 150, 64, 'low', 'Small orders, large fees',
        'The yearly fee and the commissions of small orders took more than they need to.',
        'Fees of the next ninety days are above those of the last.', 'wrong'),
    ('ada', 'thrift', 'long_run', 'cash', 'active', 4, 71, 'medium', 'A third lies idle',
        'Cash has grown month by month. A plan can put it to work.', 'Cash is below a tenth in thirty days.', NULL),
    ('ada', 'horizon', NULL, 'learning', 'expired', 120, 50, 'low', 'What a bond is', 'Two minutes, no jargon.',
        'Nothing: this is a lesson.', 'unclear'),
    ('cleo', 'balance', 'welt', 'drift', 'acted', 300, 88, 'medium', 'Off its weights', 'SWSX is above its band.',
        'The next run sells none of it.', 'right'),
    ('cleo', 'horizon', 'welt', 'diversification', 'active', 9, 60, 'low', 'Three currencies',
        'And one continent at most.',
        'The share of WLDX is above 60 %.', NULL),
    ('ben', 'balance', 'coins', 'volatility', 'active', 2, 77, 'high', 'Moves of three in a hundred, daily',
        'Coins moved more in a week than Depot did in a quarter.', 'Thirty calm days.', NULL),
    ('tara', 'thrift', 'active', 'tax', 'expired', 90, 55, 'medium', 'A loss to use', 'AURM was sold below its cost.',
        'Gains of the year are below the loss.', 'right'),
    ('cleo', 'first_try', 'welt', 'income', 'expired', 700, 95, 'high', 'Dividends will double',
        'Said with confidence.',
        'They do not.', 'wrong')
) AS t (name, expert, depot, kind, status, days, confidence, impact, title, body, falsified, outcome);
INSERT INTO experts.ai_tips (
    user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence, falsified_if,
    status, valid_from, expires_at, resolved_at, revision, created_at, updated_at)
SELECT t.user_id, t.id, t.expert_id, t.portfolio_id, t.kind::experts.tip_kind, 'seed:' || t.kind || ':' || t.days,
    t.title,
    t.body, t.confidence, t.impact::experts.tip_impact,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('figure', f.figure, 'source', f.source, 'at', to_jsonb(t.at))
            ORDER BY f.source)
        FROM (
            SELECT trim_scale(s.value)::text AS figure, 'portfolios.portfolio_snapshots:' || s.day || ':value' AS source
            FROM portfolios.portfolio_snapshots AS s
            WHERE s.user_id = t.user_id AND s.portfolio_id = t.portfolio_id
                AND s.day = (SELECT max(x.day) FROM portfolios.portfolio_snapshots AS x
                    WHERE x.user_id = t.user_id AND x.portfolio_id = t.portfolio_id AND x.day < t.at::date)
            UNION ALL
            SELECT trim_scale(s.cash)::text, 'portfolios.portfolio_snapshots:' || s.day || ':cash'
            FROM portfolios.portfolio_snapshots AS s
            WHERE t.kind = 'cash' AND s.user_id = t.user_id AND s.portfolio_id = t.portfolio_id
                AND s.day = (SELECT max(x.day) FROM portfolios.portfolio_snapshots AS x
                    WHERE x.user_id = t.user_id AND x.portfolio_id = t.portfolio_id AND x.day < t.at::date)
        ) AS f), '[]'),
    t.falsified, t.status::experts.tip_status, t.at, t.at + interval '30 days',
    CASE WHEN t.status <> 'active' THEN t.at + CASE t.status WHEN 'expired' THEN interval '30 days'
        ELSE interval '2 days' END END,
    2, t.at, t.at + interval '2 days'
FROM tip AS t ORDER BY t.at, t.name;
INSERT INTO experts.tip_scores (user_id, tip_id, horizon_days, outcome, evidence, scored_at, created_at)
SELECT user_id, id, horizon, outcome::experts.tip_outcome,
    jsonb_build_array(jsonb_build_object('figure', outcome, 'source', 'falsified_if', 'at',
        to_jsonb(t.at + horizon * interval '1 day'))),
    t.at + horizon * interval '1 day', t.at + horizon * interval '1 day'
FROM tip AS t CROSS JOIN (VALUES (30), (90)) AS h (horizon) WHERE outcome IS NOT NULL AND days >= horizon
ORDER BY t.at, name, horizon;
-- The public record is the count of the scores, by expert.
INSERT INTO experts.expert_records (
    expert_id, kind, horizon_days, right_count, wrong_count, unclear_count, created_at, updated_at)
SELECT t.expert_id, t.kind, s.horizon_days, count(*) FILTER (WHERE s.outcome = 'right'),
    count(*) FILTER (WHERE s.outcome = 'wrong'), count(*) FILTER (WHERE s.outcome = 'unclear'), min(s.scored_at),
    max(s.scored_at)
FROM experts.tip_scores AS s JOIN experts.ai_tips AS t ON t.user_id = s.user_id AND t.id = s.tip_id
WHERE t.id IN (SELECT id FROM tip)
GROUP BY t.expert_id, t.kind, s.horizon_days ORDER BY t.expert_id, t.kind, s.horizon_days;
INSERT INTO experts.user_ai_interactions (
    user_id, id, expert_id, tip_id, kind, rating, message, answer, latency_milliseconds, tokens, created_at,
        updated_at)
SELECT t.user_id, pg_temp.id(t.at + i.after, 'interaction ' || t.id || i.kind), t.expert_id, t.id,
    i.kind::experts.interaction_kind, i.rating, i.message, i.answer, i.latency, 0, t.at + i.after, t.at + i.after
FROM tip AS t
JOIN (VALUES
    ('concentration', 'viewed', interval '1 hour', NULL, NULL, NULL, NULL),
    ('concentration', 'liked', interval '2 hours', 5, NULL, NULL, NULL),
    ('concentration', 'acted', interval '2 days', NULL, NULL, NULL, NULL),
    ('fees', 'disliked', interval '3 hours', 2, NULL, NULL, NULL),
    ('fees', 'dismissed', interval '2 days', NULL, NULL, NULL, NULL),
    ('cash', 'question', interval '1 hour', NULL, 'What would a plan cost me?',
        'Nothing but the commission of each buy.', 38),
    ('drift', 'acted', interval '1 day', 4, NULL, NULL, NULL)
) AS i (kind_of_tip, kind, after, rating, message, answer, latency) ON i.kind_of_tip = t.kind
ORDER BY t.at, i.after;
INSERT INTO experts.feed_interactions (
    user_id, feed_item_id, priority, shown_count, shown_at, opened_at, acted_at, dismissed_at, created_at, updated_at)
SELECT pg_temp.person(p.name), f.id, greatest(0, f.priority - 10 * p.shift), k.shown,
    CASE WHEN k.shown > 0 THEN f.starts_at + interval '1 day' END,
    CASE WHEN k.shown > 1 THEN f.starts_at + interval '2 days' END,
    CASE WHEN k.shown > 2 THEN f.starts_at + interval '2 days 1 minute' END,
    CASE WHEN k.shown = 1 THEN f.starts_at + interval '3 days' END, f.starts_at, f.starts_at + interval '3 days'
FROM (VALUES ('ada', 0), ('ben', 3), ('cleo', 7)) AS p (name, shift)
CROSS JOIN experts.feed_items AS f
CROSS JOIN LATERAL (SELECT pg_temp.pick(p.name || f.target, 4) AS shown) AS k
ORDER BY p.name, f.target;
