-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS notification_deliveries_due_idx
    ON notifications.notification_deliveries (next_attempt_at, user_id)
    WHERE status IN ('pending', 'deferred') AND next_attempt_at IS NOT NULL;
