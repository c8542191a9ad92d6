-- name: insertUserQuest :optional
-- A quest of a period is open to a user, or was before.
INSERT INTO gamification.user_quests (
    user_id, quest_id, period, progress, target, status, expires_at, revision, created_at, updated_at)
VALUES (
    :user_id, :quest_id, :period, 0, :target, 'available', :expires_at, 1, :now, :now)
ON CONFLICT ON CONSTRAINT user_quests_pkey DO NOTHING
RETURNING user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at;

-- name: findUserQuest :optional
-- A user's way through a quest in a period.
SELECT user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at
FROM gamification.user_quests
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period;

-- name: lockUserQuest :optional
-- The same, held until the transaction ends.
SELECT user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at
FROM gamification.user_quests
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period
FOR NO KEY UPDATE;

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

-- name: moveUserQuest :optional
-- Progress, clamped at the target by the rules.
UPDATE gamification.user_quests
SET progress = :progress, status = :status, started_at = :started_at, completed_at = :completed_at,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period
RETURNING user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at;

-- name: claimUserQuest :optional
-- Takes the reward; nothing where it was taken or is not earned.
UPDATE gamification.user_quests
SET status = 'claimed', claimed_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period AND status = 'completed'
RETURNING user_id, quest_id, period, progress, target, status, expires_at, started_at, completed_at, claimed_at,
    expired_at, revision, created_at, updated_at;

-- name: expireUserQuest :count
-- The period and its grace are over.
UPDATE gamification.user_quests
SET status = 'expired', expired_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period AND status IN ('available', 'in_progress', 'completed');

-- name: listExpiringQuests :many
-- Whose quests are over.
-- role: worker
SELECT user_id, quest_id, period
FROM gamification.user_quests
WHERE status IN ('available', 'in_progress', 'completed') AND expires_at <= :now
ORDER BY expires_at, user_id
LIMIT :row_limit;

-- name: deleteUserQuest :count
-- Takes a quest of a period from a user, with the events that counted.
DELETE FROM gamification.user_quests
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period;

-- name: insertQuestEvent :count
-- An event counts towards a quest, or did before.
INSERT INTO gamification.quest_events (
    user_id, quest_id, period, source_event, amount, created_at)
VALUES (
    :user_id, :quest_id, :period, :source_event, :amount, :now)
ON CONFLICT ON CONSTRAINT quest_events_pkey DO NOTHING;

-- name: listQuestEvents :many
-- A page of what counted towards a quest: why its progress is what it is.
SELECT user_id, quest_id, period, source_event, amount, created_at
FROM gamification.quest_events
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period
    AND source_event > :after_source_event
ORDER BY source_event
LIMIT :row_limit;

-- name: sumQuestEvents :one
-- What counted towards a quest, before the clamp.
SELECT coalesce(sum(amount), 0)::numeric(18,8) AS amount
FROM gamification.quest_events
WHERE user_id = :user_id AND quest_id = :quest_id AND period = :period;
