-- What is on its way by webhook becomes a row for each endpoint, and a digest gets the state that its times told.

-- Which endpoints had taken a message stood in provider_id, as the first 22 letters of each one's id in base64.
INSERT INTO notifications.webhook_deliveries (
    user_id, notification_id, webhook_endpoint_id, status, attempts, next_attempt_at, error, sent_at, created_at, updated_at)
SELECT d.user_id, d.notification_id, e.id, s.status, d.attempts,
    CASE WHEN s.status IN ('pending', 'deferred') THEN d.next_attempt_at END,
    CASE WHEN s.status = d.status THEN d.error WHEN s.status = 'suppressed' THEN 'the endpoint is switched off' END,
    CASE WHEN s.status = 'sent' THEN coalesce(d.sent_at, d.updated_at) END, d.created_at, d.updated_at
FROM notifications.notification_deliveries AS d
JOIN notifications.webhook_endpoints AS e ON e.user_id = d.user_id AND e.created_at <= d.created_at
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN left(encode(uuid_send(e.id), 'base64'), 22) = ANY (string_to_array(d.provider_id, ',')) THEN 'sent'
        WHEN d.status IN ('pending', 'deferred') AND e.disabled_at IS NOT NULL THEN 'suppressed'
        ELSE d.status END::notifications.delivery_status AS status) AS s
WHERE d.channel = 'webhook'
    -- Of a message that was sent, only the endpoints that took it are known to have.
    AND (d.status <> 'sent' OR left(encode(uuid_send(e.id), 'base64'), 22) = ANY (string_to_array(d.provider_id, ',')));
DELETE FROM notifications.notification_deliveries WHERE channel = 'webhook';

UPDATE notifications.digests
SET state = CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN updated_at = created_at THEN 'open' ELSE 'closed' END
        ::notifications.digest_state,
    -- Whatever process had it, or whatever pause it made, is over then.
    leased_until = CASE WHEN sent_at IS NULL AND updated_at <> created_at THEN updated_at + interval '120 seconds' END;
