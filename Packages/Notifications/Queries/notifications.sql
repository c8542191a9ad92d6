-- name: lockInbox :exec
-- Lets one transaction at a time put messages into a user's inbox, so that their ids grow in the order in which
-- they are seen: an event stream goes on after the last id, and misses nothing.
SELECT pg_advisory_xact_lock(hashtextextended('notifications.inbox:' || :user_id::uuid::text, 0));

-- name: findLatestNotification :optional
-- The latest message of a user, read or not, shown or not.
SELECT id
FROM notifications.notifications
WHERE user_id = :user_id
ORDER BY id DESC
LIMIT 1;

-- name: insertNotification :optional
-- A message, or nothing where the same event told it before.
INSERT INTO notifications.notifications (
    user_id, id, category, template, title, body, data, dedupe_key, priority, request_id, created_at, updated_at)
VALUES (
    :user_id, :notification_id, :category, :template, :title, :body, :data, :dedupe_key, :priority, :request_id,
    :now, :now)
ON CONFLICT ON CONSTRAINT notifications_dedupe_key DO NOTHING
RETURNING user_id, id, category, template, title, body, data, dedupe_key, request_id, priority, read_at, archived_at,
    created_at, updated_at;

-- name: announceMessage :exec
-- Wakes the event streams of a user in every process when the transaction commits. Only what makes messages commits so, and
-- not what users wait for: such commits go one after the other.
SELECT pg_notify('grove_inboxes', :user_id::uuid::text);

-- name: findNotification :optional
-- A message by its id.
SELECT user_id, id, category, template, title, body, data, dedupe_key, request_id, priority, read_at, archived_at,
    created_at, updated_at
FROM notifications.notifications
WHERE user_id = :user_id AND id = :notification_id;

-- name: listInbox :many
-- A page of a user's inbox, the latest first; of a category, or only what is unread, where that is asked for.
-- param: before_id Notification.ID
SELECT user_id, id, category, template, title, body, data, dedupe_key, request_id, priority, read_at, archived_at,
    created_at, updated_at
FROM notifications.notifications
WHERE user_id = :user_id AND archived_at IS NULL AND id < :before_id
    /*? AND (read_at IS NULL) = :is_unread */
    /*? AND category = :category */
ORDER BY id DESC
LIMIT :row_limit;

-- name: listNotificationsAfter :many
-- What is new since a message, for the event stream.
-- param: after_id Notification.ID
SELECT user_id, id, category, template, title, body, data, dedupe_key, request_id, priority, read_at, archived_at,
    created_at, updated_at
FROM notifications.notifications
WHERE user_id = :user_id AND archived_at IS NULL AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: findInboxState :one
-- Where an event stream begins: the latest message, and how many are unread up to it.
SELECT (
        SELECT count(*)
        FROM notifications.notifications
        WHERE user_id = :user_id AND read_at IS NULL AND archived_at IS NULL) AS unread,
    (
        SELECT id
        FROM notifications.notifications
        WHERE user_id = :user_id
        ORDER BY id DESC
        LIMIT 1) AS latest_id;

-- name: countUnread :one
-- How many messages a user has not read.
SELECT count(*) AS count
FROM notifications.notifications
WHERE user_id = :user_id AND read_at IS NULL AND archived_at IS NULL;

-- name: listInboxEnds :many
-- The latest message of each of these users: whether their event streams have something to read.
-- role: worker
-- param: user_ids [User.ID]
SELECT d.user_id, d.notification_id
FROM unnest(:user_ids::uuid[]) AS u (user_id)
CROSS JOIN LATERAL (
    SELECT user_id, notification_id
    FROM notifications.notification_deliveries
    WHERE user_id = u.user_id
    ORDER BY notification_id DESC
    LIMIT 1) AS d;

-- name: markRead :optional
-- A message was read; the first time counts.
UPDATE notifications.notifications
SET read_at = coalesce(read_at, :now!), updated_at = CASE WHEN read_at IS NULL THEN :now ELSE updated_at END
WHERE user_id = :user_id AND id = :notification_id
RETURNING user_id, id, category, template, title, body, data, dedupe_key, request_id, priority, read_at, archived_at,
    created_at, updated_at;

-- name: markAllRead :count
-- Every message up to one was read.
-- param: until_id Notification.ID
UPDATE notifications.notifications
SET read_at = :now, updated_at = :now
WHERE user_id = :user_id AND read_at IS NULL AND archived_at IS NULL AND id <= :until_id;

-- name: archiveNotification :optional
-- Out of the inbox; the first time counts.
UPDATE notifications.notifications
SET archived_at = coalesce(archived_at, :now!),
    updated_at = CASE WHEN archived_at IS NULL THEN :now ELSE updated_at END
WHERE user_id = :user_id AND id = :notification_id
RETURNING user_id, id, category, template, title, body, data, dedupe_key, request_id, priority, read_at, archived_at,
    created_at, updated_at;

-- name: deleteNotification :count
-- Removes a message and its deliveries.
DELETE FROM notifications.notifications
WHERE user_id = :user_id AND id = :notification_id;
