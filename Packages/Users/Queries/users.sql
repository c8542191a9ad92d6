-- name: findLogin :optional
-- The account that logs in with an email, found before the user is known.
SELECT user_id AS "user_id!", email AS "email!", password_hash AS "password_hash!", status AS "status!"
FROM users.find_login(:login_email);

-- name: setOperator :one
-- Gives or takes the operator role. Null when no open account has the email.
SELECT users.set_operator(:login_email, :make_operator, :changed_at);

-- name: insertUser :exec
-- A new account. A taken email violates `users_email_key`.
INSERT INTO users.users (
    id, email, password_hash, status, subscription_tier, is_operator, created_at, updated_at)
VALUES (:user_id, :email, :password_hash, 'pending_verification', 'free', false, :now, :now);

-- name: findAccount :optional
-- Who the user is, and whether the session of the request has ended meanwhile.
SELECT u.id, u.email, u.status, u.subscription_tier, u.is_operator, u.wallet_address, u.email_verified_at,
    u.created_at,
    EXISTS (
        SELECT 1 FROM users.sessions s
        WHERE s.user_id = :user_id AND s.id = :session_id AND s.ended_at IS NOT NULL) AS session_ended
FROM users.users u
WHERE u.id = :user_id;

-- name: lockLogin :optional
-- What a log-in depends on, locked until the transaction ends: a new password, a closing and another log-in wait for it.
SELECT email, password_hash, status, is_operator
FROM users.users
WHERE id = :user_id
FOR NO KEY UPDATE;

-- name: lockStatusShared :optional
-- Whether the account is open, locked until the transaction ends: a closing waits for it.
SELECT status
FROM users.users
WHERE id = :user_id
FOR SHARE;

-- name: findPassword :optional
-- The password to be checked before it is changed or the account closed.
SELECT email, password_hash
FROM users.users
WHERE id = :user_id;

-- name: lockPassword :optional
-- The account whose password changes, whose email is verified or which is closed; one such change at a time.
SELECT email, email_verified_at, password_hash, status
FROM users.users
WHERE id = :user_id
FOR NO KEY UPDATE;

-- name: replacePasswordHash :count
-- The same password under new parameters; does nothing when the password was changed meanwhile.
UPDATE users.users
SET password_hash = :password_hash, updated_at = :now
WHERE id = :user_id AND password_hash = :old_password_hash;

-- name: changePasswordHash :exec
-- A new password.
UPDATE users.users
SET password_hash = :password_hash, updated_at = :now
WHERE id = :user_id;

-- name: verifyEmail :count
-- Marks the email verified, if it still is the one that was proven, was not verified yet, and the account is open.
UPDATE users.users
SET email_verified_at = :now!, updated_at = :now,
    status = CASE WHEN status = 'pending_verification' THEN 'active' ELSE status END
WHERE id = :user_id AND email = :email AND email_verified_at IS NULL AND status <> 'closed';

-- name: closeUser :count
-- Closes the account; a closed one stays as it is.
UPDATE users.users
SET status = 'closed', closed_at = :now!, updated_at = :now
WHERE id = :user_id AND status <> 'closed';
