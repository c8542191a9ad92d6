-- name: insertNotification :optional
-- A message, or nothing where the same event told it before.
INSERT INTO notifications.notifications (
    user_id, id, category, template, title, body, data, dedupe_key, priority, created_at, updated_at)
VALUES (
    :user_id, :notification_id, :category, :template, :title, :body, :data, :dedupe_key, :priority, :now, :now)
ON CONFLICT ON CONSTRAINT notifications_dedupe_key DO NOTHING
RETURNING user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
    updated_at;

-- name: findNotification :optional
-- A message by its id.
SELECT user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
    updated_at
FROM notifications.notifications
WHERE user_id = :user_id AND id = :notification_id;

-- name: listInbox :many
-- A page of a user's inbox, the latest first.
-- param: before_id Notification.ID
SELECT user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
    updated_at
FROM notifications.notifications
WHERE user_id = :user_id AND archived_at IS NULL AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listNotificationsAfter :many
-- What is new since a message, for the event stream.
-- param: after_id Notification.ID
SELECT user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
    updated_at
FROM notifications.notifications
WHERE user_id = :user_id AND archived_at IS NULL AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: countUnread :one
-- How many messages a user has not read.
SELECT count(*) AS count
FROM notifications.notifications
WHERE user_id = :user_id AND read_at IS NULL AND archived_at IS NULL;

-- name: markRead :optional
-- A message was read, or with no moment it was not.
UPDATE notifications.notifications
SET read_at = :read_at, updated_at = :now
WHERE user_id = :user_id AND id = :notification_id
RETURNING user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
    updated_at;

-- name: markAllRead :count
-- Every message up to one was read.
-- param: until_id Notification.ID
UPDATE notifications.notifications
SET read_at = :now, updated_at = :now
WHERE user_id = :user_id AND read_at IS NULL AND archived_at IS NULL AND id <= :until_id;

-- name: archiveNotification :optional
-- Out of the inbox, or with no moment back.
UPDATE notifications.notifications
SET archived_at = :archived_at, updated_at = :now
WHERE user_id = :user_id AND id = :notification_id
RETURNING user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
    updated_at;

-- name: deleteNotification :count
-- Removes a message and its deliveries.
DELETE FROM notifications.notifications
WHERE user_id = :user_id AND id = :notification_id;
