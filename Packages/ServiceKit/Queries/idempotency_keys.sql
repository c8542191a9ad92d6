-- name: tryLockIdempotencyKey :one
-- Takes the lock of a key until the transaction ends; false where another request holds it.
SELECT pg_try_advisory_xact_lock(:lock_key) AS is_free;

-- name: findIdempotencyKey :optional
-- The answer that a key has already, which may have expired.
SELECT request_hash, response_status, response_headers, response_body, expires_at
FROM platform.idempotency_keys
WHERE user_id = :user_id AND operation = :operation AND key = :key;

-- name: insertIdempotencyKey :exec
-- Keeps the answer to a request.
INSERT INTO platform.idempotency_keys
    (user_id, operation, key, request_hash, response_status, response_headers, response_body,
     created_at, expires_at)
VALUES
    (:user_id, :operation, :key, :request_hash, :response_status, :response_headers, :response_body,
     :created_at, :expires_at);

-- name: deleteIdempotencyKey :exec
-- Removes an expired answer, so that the key can be used again.
DELETE FROM platform.idempotency_keys
WHERE user_id = :user_id AND operation = :operation AND key = :key;

-- name: removeExpiredIdempotencyKeys :one
-- Removes some answers that have expired, of all users; gives how many.
-- role: worker
SELECT coalesce(platform.remove_expired_idempotency_keys(:row_limit), 0) AS removed;
