-- name: insertLevel :exec
-- A user begins at level 1, or has begun.
INSERT INTO gamification.user_levels (
    user_id, level, experience, created_at, updated_at)
VALUES (
    :user_id, 1, 0, :now, :now)
ON CONFLICT ON CONSTRAINT user_levels_pkey DO NOTHING;

-- name: findLevel :optional
-- A user's level.
SELECT user_id, level, experience, created_at, updated_at
FROM gamification.user_levels
WHERE user_id = :user_id;

-- name: lockLevel :optional
-- The same, held until the transaction ends: whoever grants experience does it alone.
SELECT user_id, level, experience, created_at, updated_at
FROM gamification.user_levels
WHERE user_id = :user_id
FOR NO KEY UPDATE;

-- name: updateLevel :exec
-- The roll-up of the entries.
UPDATE gamification.user_levels
SET level = :level, experience = :experience, updated_at = :now
WHERE user_id = :user_id;

-- name: insertExperience :optional
-- Grants experience, or nothing where it was granted for this before.
INSERT INTO gamification.experience_entries (
    user_id, id, amount, reason, source_event, request_id, created_at)
VALUES (
    :user_id, :experience_entry_id, :amount, :reason, :source_event, :request_id, :now)
ON CONFLICT ON CONSTRAINT experience_entries_source_event_key DO NOTHING
RETURNING user_id, id, amount, reason, source_event, created_at, request_id;

-- name: listExperience :many
-- A page of a user's entries, the latest first.
-- param: before_id ExperienceEntry.ID
SELECT user_id, id, amount, reason, source_event, created_at, request_id
FROM gamification.experience_entries
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: sumExperience :one
-- What the entries of a user sum to: the level must agree.
SELECT coalesce(sum(amount), 0)::bigint AS experience
FROM gamification.experience_entries
WHERE user_id = :user_id;
