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
    user_id, id, amount, reason, source_event, subject, request_id, created_at)
VALUES (
    :user_id, :experience_entry_id, :amount, :reason, :source_event, :subject, :request_id, :now)
ON CONFLICT ON CONSTRAINT experience_entries_source_event_key DO NOTHING
RETURNING user_id, id, amount, reason, source_event, subject, request_id, created_at;

-- name: findSubjectExperience :one
-- The points that a user has of a subject, and how often they were taken back.
SELECT coalesce(sum(amount), 0)::bigint AS experience,
    count(*) FILTER (WHERE reason = 'correction') AS corrections
FROM gamification.experience_entries
WHERE user_id = :user_id AND subject = :subject;

-- name: listSubjectExperience :many
-- A user's entries of a subject.
SELECT amount, created_at
FROM gamification.experience_entries
WHERE user_id = :user_id AND subject = :subject
ORDER BY id;

-- name: sumKindExperience :one
-- What a user has earned in a time by a kind of fact, less what was taken back. It is known by what its subjects begin with.
SELECT coalesce(sum(amount), 0)::bigint AS experience
FROM gamification.experience_entries
WHERE user_id = :user_id AND created_at >= :since AND created_at < :until AND starts_with(subject, :subject_prefix);

-- name: insertExperienceFact :exec
-- An event that the points of a subject stand on.
INSERT INTO gamification.experience_facts (user_id, source_event, subject, created_at)
VALUES (:user_id, :source_event, :subject, :now)
ON CONFLICT ON CONSTRAINT experience_facts_pkey DO NOTHING;

-- name: deleteExperienceFact :optional
-- An event was taken back: the subject that it stood for.
DELETE FROM gamification.experience_facts
WHERE user_id = :user_id AND source_event = :source_event
RETURNING subject;

-- name: hasExperienceFact :one
-- Whether another event stands for a subject.
SELECT EXISTS (
    SELECT FROM gamification.experience_facts
    WHERE user_id = :user_id AND subject = :subject) AS stands;

-- name: listExperience :many
-- A page of a user's entries, the latest first.
-- param: before_id ExperienceEntry.ID
SELECT user_id, id, amount, reason, source_event, subject, request_id, created_at
FROM gamification.experience_entries
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: sumExperience :one
-- What the entries of a user sum to: the level must agree.
SELECT coalesce(sum(amount), 0)::bigint AS experience
FROM gamification.experience_entries
WHERE user_id = :user_id;

-- name: findTimeZone :optional
-- The zone of a user's clock, as their profile has it.
SELECT time_zone
FROM users.user_profiles
WHERE user_id = :user_id;
