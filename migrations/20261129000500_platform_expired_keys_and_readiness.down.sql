DROP FUNCTION platform.remove_expired_idempotency_keys;
DROP FUNCTION platform.has_migration;
