-- Quests that were claimed, with their events and entries of experience; levels and the season follow from them.
CREATE TEMP TABLE claim ON COMMIT DROP AS
SELECT p.id AS user_id, p.n, q.id AS quest_id, q.code, q.target, q.experience_reward, d.period, d.at
FROM person AS p
JOIN gamification.quests AS q
    ON q.code IN ('first_investment', 'first_deposit', 'save_a_thousand') AND pg_temp.pick(p.n || q.code, 3) > 0
        OR q.code = 'save_today'
CROSS JOIN LATERAL (
    SELECT 'once' AS period, p.at + interval '3 hours' + length(q.code) * interval '1 minute' AS at
    WHERE q.kind = 'one_time'
    UNION ALL
    SELECT to_char(day, 'YYYY-MM-DD'), day + interval '19 hours'
    FROM generate_series(
        (pg_temp.as_of() - least(p.size / 20, pg_temp.as_of() - p.at::date - 2))::timestamptz,
        pg_temp.as_of() - interval '1 day', interval '1 day') AS day
    WHERE q.kind = 'daily'
) AS d;

INSERT INTO gamification.user_quests (
    user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at, revision,
    created_at, updated_at)
SELECT user_id, quest_id, period, target, target, 'claimed', NULL, at - interval '2 hours', at,
    at + interval '1 minute', 3,
    at - interval '2 hours', at + interval '1 minute'
FROM claim ORDER BY n, code, period;
-- What nobody has begun is there to be begun.
INSERT INTO gamification.user_quests (
    user_id, quest_id, period, progress, target, status, expires_at, revision, created_at, updated_at)
SELECT p.id, q.id, 'season-7', 0, q.target, 'available', q.ends_at, 1, pg_temp.as_of() - 50, pg_temp.as_of() - 50
FROM person AS p JOIN gamification.quests AS q ON q.code = 'season_saver' ORDER BY p.n;

INSERT INTO gamification.quest_events (user_id, quest_id, period, source_event, amount, created_at)
SELECT user_id, quest_id, period, 'seed:' || code || ':' || period, target, at FROM claim ORDER BY n, code, period;

INSERT INTO gamification.experience_entries (user_id, id, amount, reason, source_event, created_at, subject)
SELECT user_id, pg_temp.id(at, 'experience ' || n || code || period), experience_reward, 'quest',
    'quest.completed:' || code || ':' || period, at + interval '1 minute', 'quest.completed:' || code || ':' || period
FROM claim ORDER BY n, code, period;

INSERT INTO gamification.user_levels (user_id, level, experience, created_at, updated_at)
SELECT p.id, floor((1 + sqrt(1 + 8 * (coalesce(e.total, 0) / 100))) / 2), coalesce(e.total, 0), p.at, coalesce(e.last_at, p.at)
FROM person AS p
LEFT JOIN (
    SELECT user_id, sum(experience_reward)::int AS total, max(at) AS last_at FROM claim GROUP BY user_id
) AS e ON e.user_id = p.id ORDER BY p.n;

INSERT INTO gamification.user_achievements (user_id, achievement_id, unlocked_at, source_event, created_at)
SELECT c.user_id, a.id, c.at, 'quest.completed:first_investment:once', c.at
FROM claim AS c JOIN gamification.achievements AS a ON a.code = 'first_steps'
WHERE c.code = 'first_investment' ORDER BY c.n;

-- The season counts what was claimed in it; each tier that is reached is claimed on the free track where it has one.
INSERT INTO gamification.user_battle_passes (
    user_id, battle_pass_id, experience, premium_since, premium_order, revision, created_at, updated_at)
SELECT p.id, b.id, coalesce(s.total, 0), CASE WHEN p.n % 5 = 4 THEN b.starts_at + interval '3 days' END,
    CASE WHEN p.n % 5 = 4 THEN 'order_load_' || p.n END, 1, b.starts_at, b.starts_at + interval '3 days'
FROM person AS p
JOIN gamification.battle_passes AS b ON b.season = 7
LEFT JOIN (
    SELECT c.user_id, sum(c.experience_reward) AS total
    FROM claim AS c JOIN gamification.battle_passes AS b ON b.season = 7 AND c.at >= b.starts_at GROUP BY c.user_id
) AS s ON s.user_id = p.id ORDER BY p.n;
INSERT INTO gamification.battle_pass_claims (user_id, battle_pass_id, tier, track, reward, created_at)
SELECT u.user_id, u.battle_pass_id, t.tier, 'free', t.free_reward, pg_temp.as_of() - interval '1 day'
FROM person AS p
JOIN gamification.user_battle_passes AS u ON u.user_id = p.id
JOIN gamification.battle_pass_tiers AS t ON t.battle_pass_id = u.battle_pass_id
    AND t.experience_required <= u.experience AND t.free_reward IS NOT NULL
ORDER BY p.n, t.tier;
