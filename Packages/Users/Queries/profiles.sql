-- name: insertProfile :exec
-- A new account's profile.
INSERT INTO users.user_profiles (
    user_id, display_name, country, date_of_birth, time_zone, revision, created_at, updated_at)
VALUES (:user_id, :display_name, :country, :date_of_birth, :time_zone, 1, :now, :now);

-- name: findProfile :optional
-- A user's profile.
SELECT user_id, display_name, country, date_of_birth, time_zone, risk_tolerance, experience, avatar_url,
    revision, created_at, updated_at
FROM users.user_profiles
WHERE user_id = :user_id;

-- name: lockProfile :optional
-- The revision of a user's profile, locked until the transaction ends.
SELECT revision
FROM users.user_profiles
WHERE user_id = :user_id
FOR NO KEY UPDATE;

-- name: replaceProfile :one
-- The whole profile anew.
UPDATE users.user_profiles
SET display_name = :display_name, country = :country, date_of_birth = :date_of_birth,
    time_zone = :time_zone, risk_tolerance = :risk_tolerance, experience = :experience,
    avatar_url = :avatar_url, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id
RETURNING user_id, display_name, country, date_of_birth, time_zone, risk_tolerance, experience, avatar_url,
    revision, created_at, updated_at;
