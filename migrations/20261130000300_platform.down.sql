-- Loses every row of platform.idempotency_keys, platform.event_epochs, platform.events, platform.consumers,
-- platform.consumer_cursors, platform.parked_events, platform.payload_readers, platform.jobs, audit.entries.
-- The namespace platform stays: the migration runner keeps its history there.

DROP TABLE audit.entries;
DROP TYPE audit.actor_kind;
DROP SCHEMA audit;
DROP FUNCTION platform.let_find_work;
DROP FUNCTION platform.let_read;
DROP FUNCTION platform.let_append;
DROP FUNCTION platform.remove_old_events;
DROP FUNCTION platform.read_payloads;
DROP FUNCTION platform.remove_expired_idempotency_keys;
DROP FUNCTION platform.has_migration;
DROP TABLE platform.jobs;
DROP TABLE platform.payload_readers;
DROP TABLE platform.parked_events;
DROP TABLE platform.consumer_cursors;
DROP TABLE platform.consumers;
DROP TABLE platform.events;
DROP TABLE platform.event_epochs;
DROP TABLE platform.idempotency_keys;
DROP TYPE platform.job_status;
DROP TYPE platform.parked_event_status;
COMMENT ON SCHEMA platform IS NULL;
