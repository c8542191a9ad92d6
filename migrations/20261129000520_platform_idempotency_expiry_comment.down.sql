COMMENT ON INDEX platform.idempotency_keys_expiry_idx IS NULL;
