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
    ('basket', 'world-core', 'The whole world in one basket', 'Shares and bonds, rebalanced for you.', 'See the basket', 700),
    ('basket', 'cleo-steady', 'Three funds, three currencies', 'By Cleo, who has kept to it for years.', 'See the basket', 640),
    ('quest', 'three_baskets', 'Not all eggs in one', 'Two baskets to go?', 'Open the quest', 600),
    ('quest', 'season_saver', 'Ten days of saving', 'The season ends in six weeks.', 'Open the quest', 560),
    ('curator', 'cleo', 'Cleo invests', 'Broad, cheap, and seldom touched.', 'Follow', 500),
    ('market', 'AURM', 'Gold moved', 'What that means for a mixed basket.', 'Read on', 450),
    ('lesson', 'what-is-a-bond', 'What is a bond?', 'Two minutes, no jargon.', 'Read', 400),
    ('lesson', 'why-fees-matter', 'Why fees matter', 'One percent, over thirty years.', 'Read', 380)
) AS f (kind, target, title, body, action, priority) ORDER BY target;
