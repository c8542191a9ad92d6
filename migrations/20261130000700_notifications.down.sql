-- Loses every row of notifications.recipients, notifications.notification_preferences, notifications.notifications,
-- notifications.digests, notifications.notification_deliveries, notifications.push_devices,
-- notifications.webhook_endpoints, notifications.webhook_deliveries, notifications.sealing_key_proofs.

DROP TABLE notifications.sealing_key_proofs;
DROP TABLE notifications.webhook_deliveries;
DROP TABLE notifications.webhook_endpoints;
DROP TABLE notifications.push_devices;
DROP TABLE notifications.notification_deliveries;
DROP TABLE notifications.digests;
DROP TABLE notifications.notifications;
DROP TABLE notifications.notification_preferences;
DROP TABLE notifications.recipients;
DROP TYPE notifications.push_platform;
DROP TYPE notifications.digest_state;
DROP TYPE notifications.delivery_status;
DROP TYPE notifications.notification_priority;
DROP TYPE notifications.digest_frequency;
DROP TYPE notifications.notification_channel;
DROP TYPE notifications.notification_category;
DROP SCHEMA notifications;
