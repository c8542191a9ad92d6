-- no-transaction

DROP INDEX CONCURRENTLY IF EXISTS platform.idempotency_keys_expiry_idx;
