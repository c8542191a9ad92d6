-- No delivery by webhook stands among the others any more, and what was moved is as it should be.
ALTER TABLE notifications.notification_deliveries
    ADD CONSTRAINT notification_deliveries_channel_check CHECK (channel <> 'webhook') NOT VALID;
COMMENT ON TABLE notifications.notification_deliveries IS
    'A notification on its way by a channel other than webhooks. Its key is the stable id by which receivers count mail once.';
COMMENT ON COLUMN notifications.notification_deliveries.provider_id IS
    'What the mail server or push service called it.';
ALTER TABLE notifications.digests VALIDATE CONSTRAINT digests_state_check;
ALTER TABLE notifications.digests VALIDATE CONSTRAINT digests_leased_until_check;
ALTER TABLE notifications.webhook_endpoints VALIDATE CONSTRAINT webhook_endpoints_previous_secret_check;
