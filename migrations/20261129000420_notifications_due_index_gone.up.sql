-- no-transaction
-- Nothing looks for deliveries in the order of their time any more.
DROP INDEX CONCURRENTLY IF EXISTS notifications.notification_deliveries_due_idx;
