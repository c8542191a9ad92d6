-- name: insertEmailToken :exec
-- A token that an email carries.
INSERT INTO users.email_tokens (
    user_id, id, kind, token_hash, email, expires_at, created_at, updated_at)
VALUES (:user_id, :email_token_id, :kind, :token_hash, :email, :expires_at, :now, :now);

-- name: voidEmailTokens :exec
-- Makes a user's unused tokens of a kind void.
UPDATE users.email_tokens
SET used_at = :now!, updated_at = :now
WHERE user_id = :user_id AND kind = :kind AND used_at IS NULL;

-- name: findEmailToken :optional
-- Which email a token proves, without using it up; nothing when it is unknown, used or expired.
SELECT email
FROM users.email_tokens
WHERE user_id = :user_id AND token_hash = :token_hash AND kind = :kind AND used_at IS NULL
    AND expires_at > :now;

-- name: redeemEmailToken :optional
-- Uses a token up and says which email it proves; nothing when it is unknown, used or expired.
UPDATE users.email_tokens
SET used_at = :now!, updated_at = :now
WHERE user_id = :user_id AND token_hash = :token_hash AND kind = :kind AND used_at IS NULL
    AND expires_at > :now
RETURNING email;

-- name: deleteOldEmailTokens :exec
-- Forgets a user's tokens that expired before a time.
DELETE FROM users.email_tokens
WHERE user_id = :user_id AND expires_at < :before;
