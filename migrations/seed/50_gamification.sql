-- done when: SELECT EXISTS (SELECT FROM gamification.quests WHERE code = 'first_investment')
-- Quests, achievements and two seasons: the sixth is over, the seventh is under way. What is rewarded is saving,
-- diversifying and learning, never the number of trades.

CREATE TEMP TABLE quest (
    code text, title text, description text, kind text, category text, criteria jsonb, target numeric, reward int
) ON COMMIT DROP;
INSERT INTO quest VALUES
    ('first_investment', 'Your first investment', 'Buy something, from one dollar.', 'one_time', 'onboarding',
        '{"event": "transaction.posted", "types": ["buy"], "counts": "each"}', 1, 100),
    ('first_deposit', 'Small change grows', 'Put something aside.', 'one_time', 'saving',
        '{"event": "transaction.posted", "types": ["deposit"], "counts": "each"}', 1, 80),
    ('three_instruments', 'Not all eggs in one', 'Buy three different things.', 'one_time', 'diversifying',
        '{"event": "transaction.posted", "types": ["buy"], "counts": "distinct", "by": "instrument"}', 3, 150),
    ('save_a_thousand', 'The first thousand', 'Put a thousand aside.', 'one_time', 'saving',
        '{"event": "transaction.posted", "types": ["deposit"], "counts": "amount", "currency": "USD"}', 1000, 200),
    ('save_today', 'Save today', 'Put something aside today.', 'daily', 'saving',
        '{"event": "transaction.posted", "types": ["deposit"], "counts": "each"}', 1, 5),
    ('week_of_saving', 'A week of saving', 'Save on three days of a week.', 'weekly', 'saving',
        '{"event": "transaction.posted", "types": ["deposit"], "counts": "days"}', 3, 30),
    ('season_saver', 'Season saver', 'Save on ten days of the season.', 'seasonal', 'saving',
        '{"event": "transaction.posted", "types": ["deposit"], "counts": "days"}', 10, 250),
    ('five_currencies', 'Five currencies', 'Buy in five currencies.', 'one_time', 'diversifying',
        '{"event": "transaction.posted", "types": ["buy"], "counts": "distinct", "by": "currency"}', 5, 40);
INSERT INTO gamification.quests (
    id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at, status,
    revision, created_at, updated_at)
SELECT pg_temp.entry('quest', code), code, title, description, kind::gamification.quest_kind,
    category::gamification.quest_category, criteria, target, reward,
    pg_temp.as_of() - CASE kind WHEN 'seasonal' THEN 50 ELSE 3600 END,
    CASE kind WHEN 'seasonal' THEN pg_temp.as_of() + 40 END, 'active', 1, pg_temp.as_of() - 3600,
        pg_temp.as_of() - 3600
FROM quest ORDER BY code;

INSERT INTO gamification.achievements (
    id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at, updated_at)
SELECT pg_temp.entry('achievement', code), code, title, description, tier::gamification.achievement_tier,
    criteria::jsonb, hidden, reward, 'active', 1, pg_temp.as_of() - 3600, pg_temp.as_of() - 3600
FROM (VALUES
    ('first_steps', 'First steps', 'The first investment.', 'bronze', '{"quest": "first_investment"}', false, 20),
    ('steady', 'Steady', 'The first thousand is saved.', 'silver', '{"quest": "save_a_thousand"}', false, 100),
    ('world_traveller', 'World traveller', 'Three different things.', 'gold', '{"quest": "three_instruments"}', false,
        200),
    ('year_of_days', 'A year of days', 'Saved on 365 days.', 'platinum', '{"quest": "save_today", "times": 365}',
        true, 1000)
) AS a (code, title, description, tier, criteria, hidden, reward) ORDER BY code;

INSERT INTO gamification.battle_passes (
    id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at)
SELECT pg_temp.entry('season', season::text), season, name, starts, starts + 90, starts + 104, 9.99, 'USD',
    status::gamification.catalogue_status, 1, starts - 20, starts - 20
FROM (VALUES
    (6, 'Season of seeds', pg_temp.as_of() - 140, 'retired'), (7, 'Season of roots', pg_temp.as_of() - 50, 'active')
) AS s (season, name, starts, status) ORDER BY season;
INSERT INTO gamification.battle_pass_tiers (
    battle_pass_id, tier, previous_tier, previous_experience, experience_required, free_reward, premium_reward,
    created_at, updated_at)
SELECT pg_temp.entry('season', season::text), tier, nullif(tier - 1, 0),
    CASE WHEN tier > 1 THEN (tier - 1) * (tier - 2) * 25 END, tier * (tier - 1) * 25,
    CASE WHEN tier % 2 = 1 THEN jsonb_build_object('kind', 'badge', 'code', 'season_' || season || '_' || tier) END,
    CASE WHEN tier % 5 = 0 THEN jsonb_build_object('kind', 'experience', 'amount', tier * 10)
        ELSE jsonb_build_object('kind', 'theme', 'code', 'leaf_' || tier) END,
    pg_temp.as_of() - 160, pg_temp.as_of() - 160
FROM generate_series(6, 7) AS season, generate_series(1, 20) AS tier ORDER BY season, tier;

-- How far people have come. A claim is an entry of experience, and the level is their sum.
CREATE TEMP TABLE way ON COMMIT DROP AS
SELECT w.*, pg_temp.person(w.name) AS user_id, pg_temp.entry('quest', w.code) AS quest_id, q.target,
    q.experience_reward,
    q.ends_at, q.kind, pg_temp.as_of() - w.days * interval '1 day' + interval '18 hours' AS at
FROM (VALUES
    ('ada', 'first_investment', 'once', 'claimed', 1.0, 330), ('ada', 'first_deposit', 'once', 'claimed', 1, 120),
    ('ada', 'three_instruments', 'once', 'in_progress', 2, 180),
        ('ada', 'save_a_thousand', 'once', 'claimed', 1000, 3000),
    ('ada', 'season_saver', 'season-7', 'in_progress', 4, 40),
        ('ada', 'week_of_saving', '2026-W46', 'completed', 3, 6),
    ('ada', 'week_of_saving', '2026-W45', 'expired', 1, 13),
        ('ben', 'first_investment', 'once', 'available', 0, 500),
    ('ben', 'save_a_thousand', 'once', 'in_progress', 420.50, 200),
        ('cleo', 'first_investment', 'once', 'claimed', 1, 1200),
    ('cleo', 'three_instruments', 'once', 'completed', 3, 600),
        ('cleo', 'season_saver', 'season-7', 'completed', 10, 45),
    ('tara', 'five_currencies', 'once', 'in_progress', 3, 90), ('dan', 'first_investment', 'once', 'available', 0, 390)
) AS w (name, code, period, status, progress, days)
JOIN gamification.quests AS q ON q.code = w.code;
-- ada saves every day; the last two days are not claimed yet.
INSERT INTO way
SELECT 'ada', 'save_today', to_char(d, 'YYYY-MM-DD'), CASE WHEN d > pg_temp.as_of() - 3 THEN 'completed' ELSE 'claimed'
    END, 1,
    (pg_temp.as_of() - d::date), pg_temp.person('ada'), q.id, q.target, q.experience_reward, NULL, q.kind,
    d + interval '18 hours'
FROM gamification.quests AS q,
    generate_series(pg_temp.as_of() - interval '30 days', pg_temp.as_of() - interval '1 day', interval '1 day') AS d
WHERE q.code = 'save_today' AND extract(dow FROM d) <> 0;

INSERT INTO gamification.user_quests (
    user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at, expired_at,
    revision, created_at, updated_at)
SELECT user_id, quest_id, period, progress, target, status::gamification.user_quest_status,
    CASE kind WHEN 'seasonal' THEN ends_at + interval '14 days' WHEN 'daily' THEN way.at::date + 2
        WHEN 'weekly' THEN way.at::date + 10 END,
    CASE WHEN status <> 'available' THEN way.at - interval '2 hours' END,
    CASE WHEN status IN ('completed', 'claimed') THEN way.at END,
    CASE status WHEN 'claimed' THEN way.at + interval '1 hour' END,
    CASE status WHEN 'expired' THEN way.at + interval '10 days' END, 2, way.at - interval '3 hours',
        way.at + interval '1 hour'
FROM way ORDER BY name, code, period;
INSERT INTO gamification.quest_events (user_id, quest_id, period, source_event, amount, created_at)
SELECT w.user_id, w.quest_id, w.period, 'seed:' || w.code || ':' || w.period || ':' || k,
    CASE WHEN w.target > 100 THEN w.progress ELSE 1 END, w.at - k * interval '1 minute'
FROM way AS w CROSS JOIN LATERAL generate_series(1, CASE WHEN w.target > 100 THEN 1 ELSE w.progress::int END) AS k
WHERE w.progress > 0 ORDER BY w.name, w.code, w.period, k;

CREATE TEMP TABLE grant_ ON COMMIT DROP AS
SELECT user_id, 'quest' AS reason, 'quest.completed:' || code || ':' || period AS source, experience_reward AS amount,
    at + interval '1 hour' AS at FROM way WHERE status = 'claimed'
UNION ALL
SELECT pg_temp.person(name), reason, source, amount, pg_temp.as_of() - days + interval '19 hours'
FROM (VALUES
    ('ada', 'achievement', 'achievement.unlocked:first_steps', 20, 330),
    ('ada', 'achievement', 'achievement.unlocked:steady', 100, 3000),
        ('ada', 'streak', 'streak:save_today:2026-11', 25, 12),
    ('ada', 'diversifying', 'instrument.bought:seed', 15, 25), ('ada', 'saving', 'deposit:2026-10-22', 10, 30),
    ('ada', 'correction', 'experience:granted_twice', -10, 29),
    ('cleo', 'achievement', 'achievement.unlocked:first_steps', 20, 1200),
    ('cleo', 'achievement', 'achievement.unlocked:world_traveller', 200, 600),
    ('cleo', 'diversifying', 'instrument.bought:seed', 15, 900)
) AS g (name, reason, source, amount, days);
INSERT INTO gamification.experience_entries (user_id, id, amount, reason, source_event, subject, created_at)
SELECT user_id, pg_temp.id(g.at, 'experience ' || user_id || source), amount, reason::gamification.experience_reason,
    source, source, g.at
FROM grant_ AS g ORDER BY user_id, g.at, source;
INSERT INTO gamification.experience_facts (user_id, source_event, subject, created_at)
SELECT user_id, 'transaction.posted:' || pg_temp.id(g.at, 'fact ' || user_id || source), source, g.at
FROM grant_ AS g WHERE reason IN ('diversifying', 'saving') ORDER BY user_id, g.at, source;
INSERT INTO gamification.user_levels (user_id, level, experience, created_at, updated_at)
-- The module's LevelCurve: level n begins at 50 * n * (n - 1).
SELECT u.id, floor((1 + sqrt(1 + 8 * (coalesce(g.total, 0) / 100))) / 2), coalesce(g.total, 0), u.created_at,
    coalesce(g.last_at, u.created_at)
FROM users.users AS u
LEFT JOIN (SELECT user_id, sum(amount)::int AS total, max(at) AS last_at FROM grant_ GROUP BY user_id) AS g
    ON g.user_id = u.id
WHERE u.id IN (SELECT pg_temp.person(name) FROM unnest('{ada,ben,cleo,tara,dan}'::text[]) AS name) ORDER BY u.id;
INSERT INTO gamification.user_achievements (user_id, achievement_id, unlocked_at, source_event, created_at)
SELECT user_id, pg_temp.entry('achievement', split_part(source, ':', 2)), g.at, source, g.at
FROM grant_ AS g WHERE reason = 'achievement' ORDER BY user_id, source;

-- The season counts what was granted in it. cleo bought the premium track late, which opened the tiers behind her.
INSERT INTO gamification.user_battle_passes (
    user_id, battle_pass_id, experience, premium_since, premium_order, revision, created_at, updated_at)
SELECT pg_temp.person(p.name), b.id, p.experience, CASE WHEN p.premium THEN b.starts_at + interval '30 days' END,
    CASE WHEN p.premium THEN 'evt_seed_pass_' || b.season END, 2, b.starts_at, b.starts_at + interval '30 days'
FROM (VALUES ('ada', 7, 150, false), ('cleo', 6, 2300, true), ('cleo', 7, 510, true), ('tara', 7, 30, false))
    AS p (name, season, experience, premium)
JOIN gamification.battle_passes AS b USING (season) ORDER BY p.name, p.season;
INSERT INTO gamification.battle_pass_claims (user_id, battle_pass_id, tier, track, reward, created_at)
SELECT u.user_id, u.battle_pass_id, t.tier, k.track::gamification.reward_track,
    CASE k.track WHEN 'free' THEN t.free_reward ELSE t.premium_reward END,
    b.starts_at + interval '31 days' + t.tier * interval '1 minute'
FROM gamification.user_battle_passes AS u
JOIN gamification.battle_passes AS b ON b.id = u.battle_pass_id
JOIN gamification.battle_pass_tiers AS t
    ON t.battle_pass_id = u.battle_pass_id AND t.experience_required <= u.experience AND t.tier <= 4
CROSS JOIN (VALUES ('free'), ('premium')) AS k (track)
WHERE CASE k.track WHEN 'free' THEN t.free_reward IS NOT NULL ELSE u.premium_since IS NOT NULL END
    AND u.user_id IN (SELECT user_id FROM grant_)
ORDER BY u.user_id, b.season, t.tier, k.track;
