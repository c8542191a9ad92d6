-- name: eraseUser :one
-- Erases a user from every table, for an operator; false where there is none. An open loan refuses it by
-- `loans_open_collateral_fkey`.
SELECT users.erase_user(:user_id, :erased_by, :reason, :now) AS "is_erased!";

-- name: isErased :one
-- Whether a user was erased before the database was restored.
SELECT EXISTS (
    SELECT FROM users.erasures WHERE subject_hash = sha256(uuid_send(:user_id))) AS is_erased;

-- name: listErasures :many
-- A page of the erasures.
SELECT subject_hash, erased_by, reason, erased_at
FROM users.erasures
WHERE subject_hash > :after_hash
ORDER BY subject_hash
LIMIT :row_limit;
