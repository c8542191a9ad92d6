-- name: insertSession :exec
-- A log-in.
INSERT INTO users.sessions (
    user_id, id, user_agent, address, last_used_at, expires_at, created_at, updated_at)
VALUES (:user_id, :session_id, :user_agent, :address, :now, :expires_at, :now, :now);

-- name: insertRefreshToken :exec
-- A token of a session's lineage. A second one of the same generation violates `refresh_tokens_generation_key`.
INSERT INTO users.refresh_tokens (
    user_id, id, session_id, parent_id, generation, token_hash, expires_at, created_at, updated_at)
VALUES (
    :user_id, :refresh_token_id, :session_id, :parent_id, :generation, :token_hash, :expires_at, :now, :now);

-- name: lockSession :optional
-- A session and its user, locked until the transaction ends: refreshes of one session come one after the other.
SELECT s.created_at, s.expires_at, s.ended_at, u.status, u.is_operator
FROM users.sessions s
JOIN users.users u ON u.id = s.user_id
WHERE s.user_id = :user_id AND s.id = :session_id
FOR NO KEY UPDATE OF s;

-- name: findRefreshToken :optional
-- A token of a session, and its successor when it has one.
-- nest: successor
SELECT t.id, t.generation, t.expires_at, t.rotated_at, t.revoked_at,
    successor.id AS successor_id, successor.expires_at AS successor_expires_at,
    successor.rotated_at AS successor_rotated_at
FROM users.refresh_tokens t
LEFT JOIN users.refresh_tokens successor ON successor.user_id = t.user_id AND successor.parent_id = t.id
WHERE t.user_id = :user_id AND t.session_id = :session_id AND t.token_hash = :token_hash;

-- name: markRefreshTokenRotated :exec
-- The token has a successor from now on.
UPDATE users.refresh_tokens
SET rotated_at = :now!, updated_at = :now
WHERE user_id = :user_id AND id = :refresh_token_id;

-- name: touchSession :exec
-- The session was used.
UPDATE users.sessions
SET last_used_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :session_id;

-- name: listSessions :many
-- The sessions of a user that are alive, newest first, after a given one.
SELECT id, user_agent, address, last_used_at, expires_at, created_at
FROM users.sessions
WHERE user_id = :user_id AND ended_at IS NULL AND expires_at > :now AND last_used_at > :idle_since
    /*? AND id < :after_id */
ORDER BY id DESC
LIMIT :limit;

-- name: endSession :count
-- Ends one session that has not ended.
UPDATE users.sessions
SET ended_at = :now!, end_reason = :end_reason!, updated_at = :now
WHERE user_id = :user_id AND id = :session_id AND ended_at IS NULL;

-- name: endSessions :exec
-- Ends every session of a user, save one where the caller keeps it.
UPDATE users.sessions
SET ended_at = :now!, end_reason = :end_reason!, updated_at = :now
WHERE user_id = :user_id AND ended_at IS NULL AND id IS DISTINCT FROM :kept_session_id;

-- name: revokeEndedTokens :exec
-- Revokes the newest token of each of a user's ended sessions: the others were replaced, and an ended session answers
-- none of them.
UPDATE users.refresh_tokens t
SET revoked_at = :now!, updated_at = :now
FROM users.sessions s
WHERE t.user_id = :user_id AND t.revoked_at IS NULL AND t.rotated_at IS NULL
    AND s.user_id = :user_id AND s.id = t.session_id AND s.ended_at IS NOT NULL;

-- name: endSurplusSessions :count
-- Ends a user's sessions beyond so many, those that were used the longest ago.
-- explain: sort because a user has so few
UPDATE users.sessions
SET ended_at = :now!, end_reason = 'session_limit', updated_at = :now
WHERE user_id = :user_id AND id IN (
    SELECT s.id
    FROM users.sessions s
    WHERE s.user_id = :user_id AND s.ended_at IS NULL AND s.expires_at > :now
    ORDER BY s.last_used_at DESC, s.id DESC
    OFFSET :kept);

-- name: deleteOldSessions :exec
-- Forgets a user's sessions that ended or expired before a time, and of the ended ones all but the last so many, with
-- their tokens.
-- explain: sort because a user has so few
DELETE FROM users.sessions
WHERE user_id = :user_id AND (
    ended_at < :before OR expires_at < :before OR id IN (
        SELECT s.id
        FROM users.sessions s
        WHERE s.user_id = :user_id AND s.ended_at IS NOT NULL
        ORDER BY s.ended_at DESC, s.id DESC
        OFFSET :kept_ended));
