-- Loses what became of a message at each endpoint: attempts and errors become the message's. What was sent to test an
-- endpoint goes to all.
-- Moves rows from notifications.webhook_deliveries into notifications.notification_deliveries
INSERT INTO notifications.notification_deliveries (
    user_id, notification_id, channel, status, attempts, next_attempt_at, provider_id, error, sent_at, created_at,
    updated_at)
SELECT d.user_id, d.notification_id, 'webhook', d.status, d.attempts,
    CASE WHEN d.status IN ('pending', 'deferred') THEN d.next_attempt_at END, d.marks, d.error,
    CASE WHEN d.status = 'sent' THEN d.sent_at END, d.created_at, d.updated_at
FROM (
    SELECT user_id, notification_id,
        (array_agg(status ORDER BY array_position('{pending,deferred,sent,failed,suppressed}'::text[], status::text)))[1]
            AS status,
        max(attempts) AS attempts, min(next_attempt_at) AS next_attempt_at,
        -- As many as the column has room for; no user has more endpoints.
        string_agg(left(encode(uuid_send(webhook_endpoint_id), 'base64'), 22), ',') FILTER (WHERE status = 'sent')
            AS marks,
        coalesce(max(error), CASE WHEN bool_or(status = 'failed') THEN 'no endpoint took it' END) AS error,
        max(sent_at) AS sent_at, min(created_at) AS created_at, max(updated_at) AS updated_at
    FROM notifications.webhook_deliveries
    GROUP BY user_id, notification_id) AS d;
DELETE FROM notifications.webhook_deliveries;

UPDATE notifications.digests
SET updated_at = CASE WHEN state = 'open' THEN created_at
    ELSE greatest(updated_at, created_at + interval '1 millisecond') END
WHERE state <> 'sent';
