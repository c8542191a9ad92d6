-- The namespace platform stays: the migration runner keeps its history there.

DROP TABLE platform.idempotency_keys;
DROP FUNCTION app.act_as(uuid);
DROP FUNCTION app.current_user_id();
DROP SCHEMA app;
COMMENT ON SCHEMA platform IS NULL;
