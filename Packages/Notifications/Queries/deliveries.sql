-- name: insertDelivery :exec
-- A message goes by a channel, or does already.
INSERT INTO notifications.notification_deliveries (
    user_id, notification_id, channel, status, attempts, next_attempt_at, digest_id, error, created_at,
    updated_at)
VALUES (
    :user_id, :notification_id, :channel, :status, 0, :next_attempt_at, :digest_id, :error, :now, :now)
ON CONFLICT ON CONSTRAINT notification_deliveries_pkey DO NOTHING;

-- name: insertInboxDelivery :exec
-- A message is in the inbox from this moment on: nobody has to carry it there.
INSERT INTO notifications.notification_deliveries (
    user_id, notification_id, channel, status, attempts, sent_at, created_at, updated_at)
VALUES (
    :user_id, :notification_id, 'in_app', 'sent', 0, :now, :now, :now)
ON CONFLICT ON CONSTRAINT notification_deliveries_pkey DO NOTHING;

-- name: findDelivery :optional
-- A delivery.
SELECT user_id, notification_id, channel, status, attempts, next_attempt_at, digest_id, provider_id, error,
    sent_at, created_at, updated_at
FROM notifications.notification_deliveries
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel;

-- name: claimDelivery :optional
-- A delivery that is due, held until the transaction ends; nothing where another process holds it.
SELECT user_id, notification_id, channel, status, attempts, next_attempt_at, digest_id, provider_id, error,
    sent_at, created_at, updated_at
FROM notifications.notification_deliveries
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel
    AND status IN ('pending', 'deferred') AND next_attempt_at <= :now
FOR NO KEY UPDATE SKIP LOCKED;

-- name: listDeliveries :many
-- What became of a message.
SELECT user_id, notification_id, channel, status, attempts, next_attempt_at, digest_id, provider_id, error,
    sent_at, created_at, updated_at
FROM notifications.notification_deliveries
WHERE user_id = :user_id AND notification_id = :notification_id
ORDER BY channel;

-- name: listDueDeliveries :many
-- Deliveries whose time has come.
-- role: worker
SELECT user_id, notification_id, channel, next_attempt_at
FROM notifications.notification_deliveries
WHERE status IN ('pending', 'deferred') AND next_attempt_at <= :now
ORDER BY next_attempt_at, user_id
LIMIT :row_limit;

-- name: markDelivered :count
-- It went out.
UPDATE notifications.notification_deliveries
SET status = 'sent', attempts = attempts + 1, next_attempt_at = NULL, provider_id = :provider_id, error = NULL,
    sent_at = :now, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel;

-- name: retryDelivery :count
-- It failed, and goes again at a time.
UPDATE notifications.notification_deliveries
SET status = :status, attempts = attempts + 1, next_attempt_at = :next_attempt_at, error = :error,
    updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel;

-- name: endDelivery :count
-- It failed for good, or was not wanted at send time.
UPDATE notifications.notification_deliveries
SET status = :status, attempts = :attempts, next_attempt_at = NULL, error = :error, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel;

-- name: deleteDelivery :count
-- Takes a delivery back that has not gone out.
DELETE FROM notifications.notification_deliveries
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel AND status IN ('pending', 'deferred');

-- name: insertDigest :exec
-- The digest of a day, or nothing where it is there.
INSERT INTO notifications.digests (
    user_id, id, channel, frequency, day, created_at, updated_at)
VALUES (
    :user_id, :digest_id, :channel, :frequency, :day, :now, :now)
ON CONFLICT ON CONSTRAINT digests_day_key DO NOTHING;

-- name: findDigestOfDay :optional
-- The digest of a day.
SELECT user_id, id, channel, frequency, day, sent_at, created_at, updated_at
FROM notifications.digests
WHERE user_id = :user_id AND channel = :channel AND frequency = :frequency AND day = :day;

-- name: holdDigest :optional
-- A digest that still takes items, kept from being sent until the transaction ends; nothing where it is sent, or is
-- being sent.
SELECT id
FROM notifications.digests
WHERE user_id = :user_id AND channel = :channel AND frequency = :frequency AND day = :day AND sent_at IS NULL
FOR SHARE SKIP LOCKED;

-- name: claimDigest :optional
-- A digest that was not sent, held until the transaction ends; nothing where another process holds it.
SELECT user_id, id, channel, frequency, day, sent_at, created_at, updated_at
FROM notifications.digests
WHERE user_id = :user_id AND id = :digest_id AND sent_at IS NULL
FOR NO KEY UPDATE SKIP LOCKED;

-- name: listDigestItems :many
-- What a digest carries.
SELECT n.id, n.category, n.title, n.body, n.created_at
FROM notifications.notification_deliveries d
JOIN notifications.notifications n ON n.user_id = d.user_id AND n.id = d.notification_id
WHERE d.user_id = :user_id AND d.channel = :channel AND d.digest_id = :digest_id
ORDER BY n.id;

-- name: listDueDigests :many
-- Digests of days that have come; the use case looks at the user's own clock.
-- role: worker
SELECT user_id, id, channel, frequency, day
FROM notifications.digests
WHERE sent_at IS NULL AND day <= :day
ORDER BY day, user_id
LIMIT :row_limit;

-- name: markDigestSent :count
-- It went out.
UPDATE notifications.digests
SET sent_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :digest_id AND sent_at IS NULL;

-- name: markDigestItemsSent :count
-- With it what it carried.
UPDATE notifications.notification_deliveries
SET status = 'sent', attempts = attempts + 1, provider_id = :provider_id, sent_at = :now, updated_at = :now
WHERE user_id = :user_id AND channel = :channel AND digest_id = :digest_id AND status = 'deferred';

-- name: deleteDigest :count
-- Removes a digest that carries nothing and was not sent.
DELETE FROM notifications.digests
WHERE user_id = :user_id AND id = :digest_id AND sent_at IS NULL;
