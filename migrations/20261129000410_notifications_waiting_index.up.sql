-- no-transaction
-- Finds the users to whom something is due, each in one step however much it is, and what is due to one user, without
-- holding up writers. May run twice.

CREATE INDEX CONCURRENTLY IF NOT EXISTS notification_deliveries_waiting_idx
    ON notifications.notification_deliveries (user_id, next_attempt_at, channel)
    WHERE status IN ('pending', 'deferred') AND next_attempt_at IS NOT NULL;
