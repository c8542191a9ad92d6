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
-- Of what is due to a user by a channel, what has waited longest, held until the transaction ends, and whether there is
-- more; nothing where another process holds all of it.
SELECT d.notification_id, d.status, d.attempts,
    EXISTS (
        SELECT 1
        FROM notifications.notification_deliveries o
        WHERE o.user_id = :user_id AND o.channel = :channel AND o.status IN ('pending', 'deferred')
            AND o.next_attempt_at <= :now AND o.notification_id <> d.notification_id) AS is_more
FROM notifications.notification_deliveries d
WHERE d.user_id = :user_id AND d.channel = :channel AND d.status IN ('pending', 'deferred')
    AND d.next_attempt_at <= :now
ORDER BY d.next_attempt_at
LIMIT 1
FOR NO KEY UPDATE OF d SKIP LOCKED;

-- name: countWaitingDeliveries :one
-- How many of a user's messages wait to go by a channel on their own; so many at most are counted.
SELECT count(*) AS count
FROM (
    SELECT 1
    FROM notifications.notification_deliveries
    WHERE user_id = :user_id AND channel = :channel AND status IN ('pending', 'deferred')
        AND next_attempt_at IS NOT NULL
    LIMIT :row_limit) AS waiting;

-- name: listDeliveries :many
-- What became of a message.
SELECT user_id, notification_id, channel, status, attempts, next_attempt_at, digest_id, provider_id, error,
    sent_at, created_at, updated_at
FROM notifications.notification_deliveries
WHERE user_id = :user_id AND notification_id = :notification_id
ORDER BY channel;

-- name: listDueUsers :many
-- Users to whom something is due by a channel, from after one of them on. Each is found in one step, so that a user's
-- hundred messages take no more of a page than another's one.
-- param: after_user_id User.ID
-- role: worker
WITH RECURSIVE due AS (
    (
        SELECT user_id
        FROM notifications.notification_deliveries
        WHERE status IN ('pending', 'deferred') AND next_attempt_at <= :now AND channel = :channel
            AND user_id > :after_user_id
        ORDER BY user_id
        LIMIT 1)
    UNION ALL
    SELECT following.user_id
    FROM due
    CROSS JOIN LATERAL (
        SELECT d.user_id
        FROM notifications.notification_deliveries d
        WHERE d.status IN ('pending', 'deferred') AND d.next_attempt_at <= :now AND d.channel = :channel
            AND d.user_id > due.user_id
        ORDER BY d.user_id
        LIMIT 1) AS following)
SELECT user_id
FROM due
LIMIT :row_limit;

-- name: leaseDelivery :count
-- It is being sent until a moment, and goes again then where it was not marked. The number of the attempt tells
-- the sender's word from that of another, who took it over.
UPDATE notifications.notification_deliveries
SET status = 'pending', attempts = attempts + 1, next_attempt_at = :leased_until, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel;

-- name: suppressWaitingDeliveries :count
-- The account was closed: what was still to be sent is not sent.
UPDATE notifications.notification_deliveries
SET status = 'suppressed', next_attempt_at = NULL, digest_id = NULL, error = :error!, updated_at = :now
WHERE user_id = :user_id AND status IN ('pending', 'deferred');

-- name: deferDelivery :count
-- Quiet hours put it off.
UPDATE notifications.notification_deliveries
SET status = 'deferred', next_attempt_at = :until, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel;

-- name: collectDelivery :count
-- It goes with a digest; with none it violates `notification_deliveries_next_attempt_at_check`.
UPDATE notifications.notification_deliveries
SET status = 'deferred', next_attempt_at = NULL, digest_id = :digest_id!, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel;

-- name: markDelivered :count
-- It went out, whoever sent it.
UPDATE notifications.notification_deliveries
SET status = 'sent', next_attempt_at = NULL, provider_id = :provider_id, error = NULL, sent_at = :now,
    updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel AND status <> 'sent';

-- name: retryDelivery :count
-- This attempt failed, and it goes again at a time.
UPDATE notifications.notification_deliveries
SET next_attempt_at = :next_attempt_at, error = :error, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel AND status = 'pending'
    AND attempts = :attempts;

-- name: endDelivery :count
-- With this attempt it failed for good, or it was not wanted at send time.
UPDATE notifications.notification_deliveries
SET status = :status, next_attempt_at = NULL, error = :error, updated_at = :now
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel
    AND status IN ('pending', 'deferred') AND attempts = :attempts;

-- name: deleteDelivery :count
-- Takes a delivery back that has not gone out.
DELETE FROM notifications.notification_deliveries
WHERE user_id = :user_id AND notification_id = :notification_id AND channel = :channel AND status IN ('pending', 'deferred');

-- name: insertDigest :exec
-- The digest of a day, or nothing where it is there.
INSERT INTO notifications.digests (
    user_id, id, channel, frequency, day, state, created_at, updated_at)
VALUES (
    :user_id, :digest_id, :channel, :frequency, :day, 'open', :now, :now)
ON CONFLICT ON CONSTRAINT digests_day_key DO NOTHING;

-- name: findDigestOfDay :optional
-- The digest of a day.
SELECT user_id, id, channel, frequency, day, state, leased_until, sent_at, created_at, updated_at
FROM notifications.digests
WHERE user_id = :user_id AND channel = :channel AND frequency = :frequency AND day = :day;

-- name: lockOpenDigest :optional
-- A digest that still takes items, kept from being closed until the transaction ends.
SELECT id
FROM notifications.digests
WHERE user_id = :user_id AND channel = :channel AND frequency = :frequency AND day = :day AND state = 'open'
FOR SHARE SKIP LOCKED;

-- name: claimDigest :optional
-- A digest that was not sent, held until the transaction ends; nothing where another process holds it.
SELECT user_id, id, channel, frequency, day, state, leased_until, sent_at, created_at, updated_at
FROM notifications.digests
WHERE user_id = :user_id AND id = :digest_id AND sent_at IS NULL
FOR NO KEY UPDATE SKIP LOCKED;

-- name: leaseDigest :count
-- It takes no more items, and no other process takes it before a moment: it is being sent, or rests after a failure.
UPDATE notifications.digests
SET state = 'closed', leased_until = :leased_until!, updated_at = :now
WHERE user_id = :user_id AND id = :digest_id AND sent_at IS NULL;

-- name: leaseDigestItems :count
-- An attempt begins.
UPDATE notifications.notification_deliveries
SET attempts = attempts + 1, updated_at = :now
WHERE user_id = :user_id AND channel = :channel AND digest_id = :digest_id AND status = 'deferred';

-- name: listDigestItems :many
-- What a digest has to carry.
SELECT n.id, n.category, n.priority, n.title, n.body, n.created_at, d.attempts
FROM notifications.notification_deliveries d
JOIN notifications.notifications n ON n.user_id = d.user_id AND n.id = d.notification_id
WHERE d.user_id = :user_id AND d.channel = :channel AND d.digest_id = :digest_id AND d.status = 'deferred'
ORDER BY n.id;

-- name: listDigestUsers :many
-- Who has digests of days that have come; the use case looks at the user's own clock.
-- param: after_user_id User.ID
-- role: worker
SELECT day, user_id
FROM notifications.digests
WHERE sent_at IS NULL AND day <= :day AND (day, user_id) > (:after_day, :after_user_id)
GROUP BY day, user_id
ORDER BY day, user_id
LIMIT :row_limit;

-- name: listOpenDigests :many
-- What is to go out to a user on a day.
SELECT id
FROM notifications.digests
WHERE user_id = :user_id AND day = :day AND sent_at IS NULL
ORDER BY id;

-- name: markDigestSent :count
-- It went out.
UPDATE notifications.digests
SET state = 'sent', leased_until = NULL, sent_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :digest_id AND sent_at IS NULL;

-- name: markDigestItemsSent :count
-- With it what it carried.
UPDATE notifications.notification_deliveries
SET status = 'sent', provider_id = :provider_id, error = NULL, sent_at = :now, updated_at = :now
WHERE user_id = :user_id AND channel = :channel AND digest_id = :digest_id AND status = 'deferred';

-- name: noteDigestFailure :count
-- It failed, and goes again.
UPDATE notifications.notification_deliveries
SET error = :error, updated_at = :now
WHERE user_id = :user_id AND channel = :channel AND digest_id = :digest_id AND status = 'deferred';

-- name: releaseDigestItems :count
-- The digest does not go: what it was to carry failed, and what it was not to carry is no longer in it.
UPDATE notifications.notification_deliveries
SET status = CASE WHEN status = 'deferred' THEN 'failed'::notifications.delivery_status ELSE status END,
    error = CASE WHEN status = 'deferred' THEN :error! ELSE error END,
    digest_id = NULL, updated_at = :now
WHERE user_id = :user_id AND channel = :channel AND digest_id = :digest_id;

-- name: deleteDigest :count
-- Removes a digest that carries nothing and was not sent.
DELETE FROM notifications.digests
WHERE user_id = :user_id AND id = :digest_id AND sent_at IS NULL;

-- name: deleteOpenDigests :count
-- The account was closed: nothing is collected any more.
DELETE FROM notifications.digests
WHERE user_id = :user_id AND sent_at IS NULL;
