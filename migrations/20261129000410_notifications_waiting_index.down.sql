-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS notifications.notification_deliveries_waiting_idx;
