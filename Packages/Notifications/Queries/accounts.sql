-- name: findAccountStatus :optional
-- What state Users says an account is in now; nothing where it was erased.
SELECT status
FROM users.users
WHERE id = :user_id;

-- name: findAccess :optional
-- The same, and whether the session of a token still stands: a token outlives it by some minutes.
SELECT u.status, s.id IS NOT NULL AND s.ended_at IS NULL AS is_session_open
FROM users.users u
LEFT JOIN users.sessions s ON s.user_id = u.id AND s.id = :session_id
WHERE u.id = :user_id;
