-- name: insertCuratorProfile :one
-- An application. A second one violates `curator_profiles_pkey`.
INSERT INTO users.curator_profiles (
    user_id, status, name, bio, philosophy, applied_at, revision, created_at, updated_at)
VALUES (
    :user_id, 'applied', :name, :bio, :philosophy, :now, 1, :now, :now)
RETURNING user_id, status, name, bio, philosophy, applied_at, decided_at, decided_by, decision_reason, revision,
    created_at, updated_at;

-- name: findCuratorProfile :optional
-- A user's own profile as a curator.
SELECT user_id, status, name, bio, philosophy, applied_at, decided_at, decided_by, decision_reason, revision,
    created_at, updated_at
FROM users.curator_profiles
WHERE user_id = :user_id;

-- name: findCurator :optional
-- A curator as everyone sees them.
SELECT user_id, status, name, bio, philosophy, applied_at, decided_at, decided_by, decision_reason, revision,
    created_at, updated_at
FROM users.curator_profiles
WHERE user_id = :user_id AND status = 'approved';

-- name: listCurators :many
-- A page of the approved curators.
-- param: after_id User.ID
SELECT user_id, name, bio, philosophy, created_at
FROM users.curator_profiles
WHERE status = 'approved' AND user_id > :after_id
ORDER BY user_id
LIMIT :row_limit;

-- name: listCuratorApplications :many
-- A page of the applications, the longest waiting first.
-- param: after_id User.ID
-- role: worker
SELECT user_id, name, bio, philosophy, applied_at
FROM users.curator_profiles
WHERE status = 'applied' AND (applied_at, user_id) > (:after_applied_at, :after_id)
ORDER BY applied_at, user_id
LIMIT :row_limit;

-- name: updateCuratorProfile :optional
-- Other words, if the revision is still the one that was read.
UPDATE users.curator_profiles
SET name = :name, bio = :bio, philosophy = :philosophy, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND revision = :revision
RETURNING user_id, status, name, bio, philosophy, applied_at, decided_at, decided_by, decision_reason, revision,
    created_at, updated_at;

-- name: decideCurator :optional
-- What an operator decides. Deciding on oneself violates `curator_profiles_decided_by_check`.
UPDATE users.curator_profiles
SET status = :status, decided_at = :now, decided_by = :decided_by!, decision_reason = :decision_reason,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND revision = :revision
RETURNING user_id, status, name, bio, philosophy, applied_at, decided_at, decided_by, decision_reason, revision,
    created_at, updated_at;

-- name: applyAgain :optional
-- A declined curator applies again.
UPDATE users.curator_profiles
SET status = 'applied', applied_at = :now, decided_at = NULL, decided_by = NULL, decision_reason = NULL,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND status = 'declined'
RETURNING user_id, status, name, bio, philosophy, applied_at, decided_at, decided_by, decision_reason, revision,
    created_at, updated_at;

-- name: deleteCuratorProfile :count
-- A curator withdraws. What was published stays.
DELETE FROM users.curator_profiles
WHERE user_id = :user_id;
