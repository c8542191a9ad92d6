-- name: listSigningKeys :many
-- Every key that has not been dropped, oldest first.
-- explain: scan because all are asked for, and retired ones go
-- explain: sort because they are so few
SELECT id, public_key, sealed_private_key, activates_at, retires_at, created_at, updated_at
FROM users.signing_keys
ORDER BY activates_at, id;

-- name: insertSigningKey :count
-- A new newest key; 0 when there is one already, which another instance made.
INSERT INTO users.signing_keys (
    id, public_key, sealed_private_key, activates_at, created_at, updated_at)
VALUES (:signing_key_id, :public_key, :sealed_private_key, :activates_at, :now, :now)
ON CONFLICT DO NOTHING;

-- name: retireSigningKey :count
-- Says when the newest key is dropped; 0 when another instance said it first.
UPDATE users.signing_keys
SET retires_at = :retires_at!, updated_at = :now
WHERE id = :signing_key_id AND retires_at IS NULL;

-- name: deleteRetiredSigningKeys :count
-- Drops the keys whose tokens have all expired.
-- explain: scan because there are only the keys of the last months
DELETE FROM users.signing_keys WHERE retires_at <= :now;
