COMMENT ON INDEX platform.idempotency_keys_expiry_idx IS
    'Serves the function platform.remove_expired_idempotency_keys().';
