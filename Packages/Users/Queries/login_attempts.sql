-- name: countAttempts :optional
-- The attempts of a subject within the running window.
-- row: AttemptCount
SELECT attempts, window_started_at
FROM users.login_attempts
WHERE scope = :scope AND subject_hash = :subject_hash AND window_started_at > :window_floor;

-- name: recordAttempt :one
-- Counts one attempt, in the running window or as the first of a new one, and says how many there are.
-- row: AttemptCount
INSERT INTO users.login_attempts AS a (scope, subject_hash, window_started_at, attempts)
VALUES (:scope, :subject_hash, :now, 1)
ON CONFLICT (scope, subject_hash) DO UPDATE
SET attempts = CASE WHEN a.window_started_at > :window_floor THEN a.attempts + 1 ELSE 1 END,
    window_started_at =
        CASE WHEN a.window_started_at > :window_floor THEN a.window_started_at ELSE excluded.window_started_at END
RETURNING attempts, window_started_at;

-- name: forgetAttempts :exec
-- The right password clears the account's counter.
DELETE FROM users.login_attempts WHERE scope = :scope AND subject_hash = :subject_hash;

-- name: deleteOldAttempts :count
-- Drops counters whose windows are over.
DELETE FROM users.login_attempts WHERE window_started_at < :before;
