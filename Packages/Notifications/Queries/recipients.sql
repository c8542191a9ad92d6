-- name: registerRecipient :exec
-- Somebody signed up. An older word changes nothing, here and in the following.
INSERT INTO notifications.recipients (
    user_id, display_name, locale, time_zone, source_updated_at, created_at, updated_at)
VALUES (
    :user_id, :display_name, :locale, :time_zone, :source_updated_at, :now, :now)
ON CONFLICT ON CONSTRAINT recipients_pkey DO UPDATE
SET display_name = excluded.display_name, locale = excluded.locale, time_zone = excluded.time_zone,
    source_updated_at = excluded.source_updated_at, updated_at = excluded.updated_at
WHERE recipients.source_updated_at <= excluded.source_updated_at;

-- name: setRecipientEmail :exec
-- An address was verified. The name, the language and the time zone are for whom the log does not know yet.
INSERT INTO notifications.recipients (
    user_id, email, display_name, locale, time_zone, source_updated_at, created_at, updated_at)
VALUES (
    :user_id, :email!, :display_name, :locale, :time_zone, :source_updated_at, :now, :now)
ON CONFLICT ON CONSTRAINT recipients_pkey DO UPDATE
SET email = excluded.email, source_updated_at = excluded.source_updated_at, updated_at = excluded.updated_at
WHERE recipients.source_updated_at <= excluded.source_updated_at;

-- name: setRecipientProfile :exec
-- Another name or time zone. The language is for whom the log does not know yet.
INSERT INTO notifications.recipients (
    user_id, display_name, locale, time_zone, source_updated_at, created_at, updated_at)
VALUES (
    :user_id, :display_name, :locale, :time_zone, :source_updated_at, :now, :now)
ON CONFLICT ON CONSTRAINT recipients_pkey DO UPDATE
SET display_name = excluded.display_name, time_zone = excluded.time_zone,
    source_updated_at = excluded.source_updated_at, updated_at = excluded.updated_at
WHERE recipients.source_updated_at <= excluded.source_updated_at;

-- name: setRecipientLocale :exec
-- Another language. The name and the time zone are for whom the log does not know yet.
INSERT INTO notifications.recipients (
    user_id, display_name, locale, time_zone, source_updated_at, created_at, updated_at)
VALUES (
    :user_id, :display_name, :locale, :time_zone, :source_updated_at, :now, :now)
ON CONFLICT ON CONSTRAINT recipients_pkey DO UPDATE
SET locale = excluded.locale, source_updated_at = excluded.source_updated_at, updated_at = excluded.updated_at
WHERE recipients.source_updated_at <= excluded.source_updated_at;

-- name: findRecipient :optional
-- What sending needs to know of a user.
SELECT user_id, email, display_name, locale, time_zone, source_updated_at, created_at, updated_at
FROM notifications.recipients
WHERE user_id = :user_id;

-- name: deleteRecipient :count
-- The account was closed: nothing is sent any more.
DELETE FROM notifications.recipients
WHERE user_id = :user_id;
