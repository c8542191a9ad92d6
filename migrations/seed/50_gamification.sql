-- done when: SELECT EXISTS (SELECT FROM gamification.quests WHERE code = 'first_investment')
-- Quests, achievements and two seasons: the sixth is over, the seventh is under way. What is rewarded is saving,
-- diversifying and learning, never the number of trades.

CREATE TEMP TABLE quest (
    code text, title text, description text, kind text, category text, criteria jsonb, target numeric, reward int
) ON COMMIT DROP;
INSERT INTO quest VALUES
    ('first_investment', 'Your first investment', 'Invest in a basket, from one dollar.', 'one_time', 'onboarding',
        '{"event": "investment.completed", "counts": "each"}', 1, 100),
    ('set_up_round_ups', 'Small change grows', 'Switch round-ups on.', 'one_time', 'automation',
        '{"event": "roundup.accrued", "counts": "each"}', 1, 80),
    ('three_baskets', 'Not all eggs in one', 'Invest in three baskets.', 'one_time', 'diversifying',
        '{"event": "investment.completed", "counts": "distinct", "by": "basket"}', 3, 150),
    ('save_a_thousand', 'The first thousand', 'Put a thousand aside.', 'one_time', 'saving',
        '{"event": "transaction.posted", "type": "deposit", "counts": "amount"}', 1000, 200),
    ('look_in', 'Look in', 'Read one thing a day.', 'daily', 'learning', '{"event": "lesson.read", "counts": "each"}', 1, 5),
    ('week_of_lessons', 'A week of lessons', 'Three lessons in a week.', 'weekly', 'learning',
        '{"event": "lesson.read", "counts": "each"}', 3, 30),
    ('season_saver', 'Season saver', 'Save on ten days of the season.', 'seasonal', 'saving',
        '{"event": "transaction.posted", "type": "deposit", "counts": "days"}', 10, 250),
    ('say_something', 'Say something', 'Rate five tips.', 'one_time', 'community',
        '{"event": "tip.rated", "counts": "each"}', 5, 40);
INSERT INTO gamification.quests (
    id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at, status,
    revision, created_at, updated_at)
SELECT pg_temp.entry('quest', code), code, title, description, kind::gamification.quest_kind,
    category::gamification.quest_category, criteria, target, reward,
    pg_temp.as_of() - CASE kind WHEN 'seasonal' THEN 50 ELSE 3600 END,
    CASE kind WHEN 'seasonal' THEN pg_temp.as_of() + 40 END, 'active', 1, pg_temp.as_of() - 3600, pg_temp.as_of() - 3600
FROM quest ORDER BY code;

INSERT INTO gamification.achievements (
    id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at, updated_at)
SELECT pg_temp.entry('achievement', code), code, title, description, tier::gamification.achievement_tier,
    criteria::jsonb, hidden, reward, 'active', 1, pg_temp.as_of() - 3600, pg_temp.as_of() - 3600
FROM (VALUES
    ('first_steps', 'First steps', 'The first basket.', 'bronze', '{"quest": "first_investment"}', false, 20),
    ('steady', 'Steady', 'Twelve months of saving in a row.', 'silver', '{"streak": {"event": "deposit", "months": 12}}', false, 100),
    ('world_traveller', 'World traveller', 'Three currencies in one portfolio.', 'gold', '{"currencies": 3}', false, 200),
    ('ten_years', 'Ten years', 'Ten years without selling everything.', 'platinum', '{"years": 10}', true, 1000)
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
    CASE WHEN tier % 5 = 0 THEN jsonb_build_object('kind', 'basket_slice', 'amount', (tier / 5)::text, 'currency', 'USD')
        ELSE jsonb_build_object('kind', 'theme', 'code', 'leaf_' || tier) END,
    pg_temp.as_of() - 160, pg_temp.as_of() - 160
FROM generate_series(6, 7) AS season, generate_series(1, 20) AS tier ORDER BY season, tier;
