-- name: listQuestStates :many
-- How far a user is in quests of a period; whether an event counted there before; and whether what it stands for is
-- counted already, by another one that was not taken back. A source is type and key of an event, and behind them what
-- the event stands for, where the quest counts different ones.
-- row: QuestStateRow
-- rows: AskedQuestState
SELECT q.quest_id, q.period, q.progress, q.target, q.status,
    EXISTS (
        SELECT FROM gamification.quest_events AS known
        WHERE known.user_id = :user_id AND known.quest_id = q.quest_id AND known.period = q.period
            AND known.source_event = asked.source_event) AS is_known,
    asked.subject IS NOT NULL AND EXISTS (
        SELECT FROM gamification.quest_events AS e
        WHERE e.user_id = :user_id AND e.quest_id = q.quest_id AND e.period = q.period AND e.amount > 0
            AND split_part(e.source_event, ':', 3) = asked.subject
            AND NOT EXISTS (
                SELECT FROM gamification.quest_events AS r
                WHERE r.user_id = :user_id AND r.quest_id = e.quest_id AND r.period = e.period
                    AND r.source_event = replace(e.source_event, '.posted:', '.reversed:'))
        OFFSET 0) AS is_counted
FROM unnest(:quest_ids::uuid[], :periods::text[], :source_events::text[], :subjects::text[])
    AS asked (quest_id, period, source_event, subject)
JOIN gamification.user_quests AS q
    ON q.user_id = :user_id AND q.quest_id = asked.quest_id AND q.period = asked.period;

-- name: advanceUserQuests :exec
-- Progress, clamped at the target by the rules; reached, the quest is completed. What was claimed or is over stays as it
-- is. Times go forward even where the clocks of two writers differ.
-- rows: UserQuestProgress
INSERT INTO gamification.user_quests (
    user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, revision, created_at,
    updated_at)
SELECT :user_id, q.quest_id, q.period, q.progress, q.target,
    CASE WHEN q.progress = q.target THEN 'completed' ELSE 'in_progress' END::gamification.user_quest_status,
    q.expires_at, :now, CASE WHEN q.progress = q.target THEN :now::timestamptz END, 1, :now, :now
FROM unnest(
    :quest_ids::uuid[], :periods::text[], :progress::numeric(38,18)[], :targets::numeric(38,18)[],
    :expires_at::timestamptz[]) AS q (quest_id, period, progress, target, expires_at)
ON CONFLICT ON CONSTRAINT user_quests_pkey DO UPDATE
SET progress = excluded.progress, status = excluded.status,
    started_at = coalesce(user_quests.started_at, excluded.started_at),
    completed_at = greatest(excluded.completed_at, CASE WHEN excluded.status = 'completed' THEN user_quests.started_at END),
    revision = user_quests.revision + 1, updated_at = excluded.updated_at
WHERE user_quests.status IN ('available', 'in_progress', 'completed');

-- name: insertQuestEvents :exec
-- Events count towards quests, or did before.
-- rows: NewQuestEvent
INSERT INTO gamification.quest_events (user_id, quest_id, period, source_event, amount, created_at)
SELECT :user_id, e.quest_id, e.period, e.source_event, e.amount, :now
FROM unnest(:quest_ids::uuid[], :periods::text[], :source_events::text[], :amounts::numeric(38,18)[])
    AS e (quest_id, period, source_event, amount)
ON CONFLICT ON CONSTRAINT quest_events_pkey DO NOTHING;

-- name: listCountedQuests :many
-- What an event added to quests of a user that are not over.
-- row: CountedQuestRow
SELECT q.quest_id, q.period, q.status, e.source_event, e.amount, quest.code
FROM gamification.user_quests AS q
JOIN gamification.quests AS quest ON quest.id = q.quest_id
JOIN gamification.quest_events AS e
    ON e.user_id = q.user_id AND e.quest_id = q.quest_id AND e.period = q.period
WHERE q.user_id = :user_id AND q.status IN ('in_progress', 'completed', 'claimed')
    AND (e.source_event = :source_event OR starts_with(e.source_event, :source_event || ':'));

-- name: recountUserQuests :many
-- Progress anew from all that counted, after a reversal: the different ones that are left where the quest counts these,
-- else the sum. A quest that falls below its target is in progress again, claimed or not. Gives what was counted anew.
-- rows: RecountedQuest
WITH total AS (
    SELECT asked.quest_id, asked.period, counted.progress
    FROM unnest(:quest_ids::uuid[], :periods::text[]) AS asked (quest_id, period)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bool_or(net.subject <> '') THEN count(*) FILTER (WHERE net.amount > 0)
            ELSE greatest(sum(net.amount), 0) END AS progress
        FROM (
            SELECT split_part(e.source_event, ':', 3) AS subject, sum(e.amount) AS amount
            FROM gamification.quest_events AS e
            WHERE e.user_id = :user_id AND e.quest_id = asked.quest_id AND e.period = asked.period
            GROUP BY split_part(e.source_event, ':', 3)
        ) AS net
        HAVING count(*) > 0
    ) AS counted
)
UPDATE gamification.user_quests AS q
SET progress = least(total.progress, q.target),
    status = CASE WHEN total.progress < q.target THEN 'in_progress' ELSE q.status END,
    completed_at = CASE WHEN total.progress < q.target THEN NULL ELSE q.completed_at END,
    claimed_at = CASE WHEN total.progress < q.target THEN NULL ELSE q.claimed_at END,
    revision = q.revision + 1, updated_at = :now
FROM total
WHERE q.user_id = :user_id AND q.quest_id = total.quest_id AND q.period = total.period
    AND (q.status IN ('in_progress', 'completed') OR q.status = 'claimed' AND total.progress < q.target)
RETURNING q.quest_id, q.period, q.status;

-- name: findUserQuest :optional
-- A user's way through a quest in a period.
SELECT user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at
FROM gamification.user_quests
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period;

-- name: listUserQuests :many
-- A page of a user's quests.
-- param: after_quest_id Quest.ID
SELECT user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at
FROM gamification.user_quests
WHERE user_id = :user_id AND (quest_id, period) > (:after_quest_id, :after_period)
    /*? AND status = :status */
ORDER BY quest_id, period
LIMIT :row_limit;

-- name: countCompletions :one
-- In how many periods a user has completed a quest.
SELECT count(*) AS count
FROM gamification.user_quests
WHERE user_id = :user_id AND quest_id = :quest_id AND completed_at IS NOT NULL;

-- name: claimUserQuest :optional
-- Takes the reward; nothing where it was taken, is not earned, or is over.
UPDATE gamification.user_quests
SET status = 'claimed', claimed_at = greatest(:now::timestamptz, completed_at), revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period AND status = 'completed'
    AND (expires_at IS NULL OR expires_at > :now)
RETURNING user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at;

-- name: expireUserQuests :count
-- Those of a user whose period and its grace are over.
UPDATE gamification.user_quests
SET status = 'expired', expired_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND status IN ('available', 'in_progress', 'completed') AND expires_at <= :now;

-- name: listExpiringQuests :many
-- Whose quests are over, the longest waiting first.
-- role: worker
SELECT user_id, quest_id, period
FROM gamification.user_quests
WHERE status IN ('available', 'in_progress', 'completed') AND expires_at <= :now
ORDER BY expires_at, user_id
LIMIT :row_limit;

-- name: listQuestEvents :many
-- A page of what counted towards a quest: why its progress is what it is.
SELECT user_id, quest_id, period, source_event, amount, created_at
FROM gamification.quest_events
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period
    AND source_event > :after_source_event
ORDER BY source_event
LIMIT :row_limit;
