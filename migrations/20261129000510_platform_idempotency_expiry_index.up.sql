-- no-transaction
-- The index that serves platform.remove_expired_idempotency_keys(), without holding up writers. May run twice.

CREATE INDEX CONCURRENTLY IF NOT EXISTS idempotency_keys_expiry_idx ON platform.idempotency_keys (expires_at);
