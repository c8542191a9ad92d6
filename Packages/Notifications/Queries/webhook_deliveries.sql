-- name: insertWebhookDelivery :exec
-- A message goes to an endpoint, or does already.
INSERT INTO notifications.webhook_deliveries (
    user_id, notification_id, webhook_endpoint_id, status, attempts, next_attempt_at, error, created_at, updated_at)
VALUES (
    :user_id, :notification_id, :webhook_endpoint_id, :status, 0, :next_attempt_at, :error, :now, :now)
ON CONFLICT ON CONSTRAINT webhook_deliveries_pkey DO NOTHING;

-- name: claimWebhookDelivery :optional
-- Of what is due to a user's endpoints, what has waited longest, and whether something is due to another one. At an endpoint
-- one message at a time is on its way; those whose host is busy are left out. The lock of the inbox keeps others away.
-- param: busy_endpoint_ids [WebhookEndpoint.ID]
SELECT d.notification_id, d.webhook_endpoint_id, d.status, d.attempts,
    EXISTS (
        SELECT 1
        FROM notifications.webhook_deliveries o
        WHERE o.user_id = :user_id AND o.status IN ('pending', 'deferred') AND o.next_attempt_at <= :now
            AND o.webhook_endpoint_id <> d.webhook_endpoint_id) AS is_more
FROM notifications.webhook_deliveries d
WHERE d.user_id = :user_id AND d.status IN ('pending', 'deferred') AND d.next_attempt_at <= :now
    AND d.webhook_endpoint_id <> ALL (:busy_endpoint_ids::uuid[])
    AND NOT EXISTS (
        SELECT 1
        FROM notifications.webhook_deliveries l
        WHERE l.user_id = :user_id AND l.webhook_endpoint_id = d.webhook_endpoint_id AND l.leased_until > :now)
ORDER BY d.next_attempt_at
LIMIT 1;

-- name: listDueWebhookUsers :many
-- Users to whom something is due by webhook, from after one of them on, each found in one step.
-- param: after_user_id User.ID
-- role: worker
WITH RECURSIVE due AS (
    (
        SELECT user_id
        FROM notifications.webhook_deliveries
        WHERE status IN ('pending', 'deferred') AND next_attempt_at <= :now AND user_id > :after_user_id
        ORDER BY user_id
        LIMIT 1)
    UNION ALL
    SELECT following.user_id
    FROM due
    CROSS JOIN LATERAL (
        SELECT d.user_id
        FROM notifications.webhook_deliveries d
        WHERE d.status IN ('pending', 'deferred') AND d.next_attempt_at <= :now AND d.user_id > due.user_id
        ORDER BY d.user_id
        LIMIT 1) AS following)
SELECT user_id
FROM due
LIMIT :row_limit;

-- name: countWaitingWebhookDeliveries :one
-- How many messages wait for an endpoint; so many at most are counted.
SELECT count(*) AS count
FROM (
    SELECT 1
    FROM notifications.webhook_deliveries
    WHERE user_id = :user_id AND webhook_endpoint_id = :webhook_endpoint_id AND status IN ('pending', 'deferred')
    LIMIT :row_limit) AS waiting;

-- name: countWaitingTests :one
-- How many messages to test an endpoint with are on their way to it.
SELECT count(*) AS count
FROM notifications.webhook_deliveries d
JOIN notifications.notifications n ON n.user_id = d.user_id AND n.id = d.notification_id
WHERE d.user_id = :user_id AND d.webhook_endpoint_id = :webhook_endpoint_id
    AND d.status IN ('pending', 'deferred') AND n.template = :template;

-- name: findWebhookDelivery :optional
-- What became of a message at an endpoint.
SELECT d.notification_id, n.template, d.status, d.attempts, d.next_attempt_at, d.leased_until, d.error, d.sent_at,
    d.created_at
FROM notifications.webhook_deliveries d
JOIN notifications.notifications n ON n.user_id = d.user_id AND n.id = d.notification_id
WHERE d.user_id = :user_id AND d.webhook_endpoint_id = :webhook_endpoint_id AND d.notification_id = :notification_id;

-- name: listWebhookDeliveries :many
-- A page of what became of messages at an endpoint, the latest first.
-- param: before_id Notification.ID
SELECT d.notification_id, n.template, d.status, d.attempts, d.next_attempt_at, d.leased_until, d.error, d.sent_at,
    d.created_at
FROM notifications.webhook_deliveries d
JOIN notifications.notifications n ON n.user_id = d.user_id AND n.id = d.notification_id
WHERE d.user_id = :user_id AND d.webhook_endpoint_id = :webhook_endpoint_id AND d.notification_id < :before_id
ORDER BY d.notification_id DESC
LIMIT :row_limit;

-- name: leaseWebhookDelivery :count
-- It is being posted until a moment, and goes again then where it was not marked. The number of the attempt distinguishes
-- the sender's mark from that of another, who took it over.
UPDATE notifications.webhook_deliveries
SET status = 'pending', attempts = attempts + 1, next_attempt_at = :leased_until!, leased_until = :leased_until,
    updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND webhook_endpoint_id = :webhook_endpoint_id;

-- name: markWebhookDelivered :count
-- The endpoint took it, whoever posted it.
UPDATE notifications.webhook_deliveries
SET status = 'sent', next_attempt_at = NULL, leased_until = NULL, error = NULL, sent_at = :now!, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND webhook_endpoint_id = :webhook_endpoint_id
    AND status <> 'sent';

-- name: retryWebhookDelivery :count
-- This attempt failed, and it goes again at a time.
UPDATE notifications.webhook_deliveries
SET next_attempt_at = :next_attempt_at!, leased_until = NULL, error = :error!, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND webhook_endpoint_id = :webhook_endpoint_id
    AND status = 'pending' AND attempts = :attempts;

-- name: endWebhookDelivery :count
-- With this attempt it failed for good, or it was not wanted at send time.
UPDATE notifications.webhook_deliveries
SET status = :status, next_attempt_at = NULL, leased_until = NULL, error = :error!, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND webhook_endpoint_id = :webhook_endpoint_id
    AND status IN ('pending', 'deferred') AND attempts = :attempts;

-- name: deferWebhookDelivery :count
-- Quiet hours put it off.
UPDATE notifications.webhook_deliveries
SET status = 'deferred', next_attempt_at = :until!, leased_until = NULL, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND webhook_endpoint_id = :webhook_endpoint_id;

-- name: postponeWebhookDeliveries :count
-- What waits for an endpoint waits longer, since it takes nothing before. No attempt was made.
UPDATE notifications.webhook_deliveries
SET next_attempt_at = :until!, updated_at = :now
WHERE user_id = :user_id AND webhook_endpoint_id = :webhook_endpoint_id AND status IN ('pending', 'deferred')
    AND next_attempt_at < :until;

-- name: bringWebhookDeliveriesForward :count
-- What waits for an endpoint is due now, save what is being posted: what it waited for is over.
UPDATE notifications.webhook_deliveries
SET next_attempt_at = :now!, updated_at = :now
WHERE user_id = :user_id AND webhook_endpoint_id = :webhook_endpoint_id AND status IN ('pending', 'deferred')
    AND next_attempt_at > :now AND (leased_until IS NULL OR leased_until <= :now);

-- name: suppressWebhookDeliveries :count
-- The endpoint was switched off: what waits for it is not posted.
UPDATE notifications.webhook_deliveries
SET status = 'suppressed', next_attempt_at = NULL, leased_until = NULL, error = :error!, updated_at = :now
WHERE user_id = :user_id AND webhook_endpoint_id = :webhook_endpoint_id AND status IN ('pending', 'deferred');
