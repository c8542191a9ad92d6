ALTER TABLE notifications.webhook_endpoints
    DROP CONSTRAINT webhook_endpoints_previous_secret_check,
    ADD CONSTRAINT webhook_endpoints_previous_secret_check CHECK (
        (previous_sealed_secret IS NULL) = (previous_secret_until IS NULL)
        AND octet_length(previous_sealed_secret) BETWEEN 29 AND 1024) NOT VALID;
ALTER TABLE notifications.digests
    DROP CONSTRAINT digests_state_check,
    DROP CONSTRAINT digests_leased_until_check,
    ADD CONSTRAINT digests_state_check CHECK ((state = 'sent') = (sent_at IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT digests_leased_until_check CHECK (leased_until IS NULL OR state = 'closed') NOT VALID;
COMMENT ON TABLE notifications.notification_deliveries IS
    'A notification on its way by a channel. Its key is the stable id by which receivers count mail and webhooks once.';
COMMENT ON COLUMN notifications.notification_deliveries.provider_id IS
    'What the mail server, push service or endpoint called it.';
ALTER TABLE notifications.notification_deliveries DROP CONSTRAINT notification_deliveries_channel_check;
