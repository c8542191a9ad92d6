-- name: upsertRecipient :exec
-- What Users says of a user; an older word changes nothing.
INSERT INTO notifications.recipients (
    user_id, email, display_name, locale, time_zone, source_updated_at, created_at, updated_at)
VALUES (
    :user_id, :email, :display_name, :locale, :time_zone, :source_updated_at, :now, :now)
ON CONFLICT ON CONSTRAINT recipients_pkey DO UPDATE
SET email = excluded.email, display_name = excluded.display_name, locale = excluded.locale,
    time_zone = excluded.time_zone, source_updated_at = excluded.source_updated_at, updated_at = excluded.updated_at
WHERE recipients.source_updated_at < excluded.source_updated_at;

-- name: findRecipient :optional
-- What sending needs to know of a user.
SELECT user_id, email, display_name, locale, time_zone, source_updated_at, created_at, updated_at
FROM notifications.recipients
WHERE user_id = :user_id;

-- name: deleteRecipient :count
-- The account was closed: nothing is sent any more.
DELETE FROM notifications.recipients
WHERE user_id = :user_id;
