ALTER TABLE notifications.notification_deliveries
    DROP CONSTRAINT notification_deliveries_channel_check,
    ADD CONSTRAINT notification_deliveries_channel_check CHECK (channel <> 'webhook') NOT VALID;
