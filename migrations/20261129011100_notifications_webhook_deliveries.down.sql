-- Loses the messages that are on their way to an endpoint, unless the migration after has moved them, the states of digests
-- and the replaced secrets.
ALTER TABLE notifications.webhook_endpoints DROP COLUMN previous_sealed_secret, DROP COLUMN previous_secret_until;
ALTER TABLE notifications.digests DROP COLUMN state, DROP COLUMN leased_until;
DROP TYPE notifications.digest_state;
DROP TABLE notifications.webhook_deliveries;
