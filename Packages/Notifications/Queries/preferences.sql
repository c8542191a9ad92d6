-- name: insertPreference :one
-- The first preference of a user for a category on a channel. A second violates `notification_preferences_pkey`.
INSERT INTO notifications.notification_preferences (
    user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at)
VALUES (
    :user_id, :category, :channel, :enabled, :quiet_from, :quiet_until, :digest, 1, :now, :now)
RETURNING user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at;

-- name: findPreference :optional
-- One preference.
SELECT user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at
FROM notifications.notification_preferences
WHERE user_id = :user_id AND category = :category AND channel = :channel;

-- name: listPreferences :many
-- All preferences of a user.
SELECT user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at
FROM notifications.notification_preferences
WHERE user_id = :user_id
ORDER BY category, channel;

-- name: updatePreference :one
-- Another preference.
UPDATE notifications.notification_preferences
SET enabled = :enabled, quiet_from = :quiet_from, quiet_until = :quiet_until, digest = :digest,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND category = :category AND channel = :channel
RETURNING user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at;

-- name: deletePreference :exec
-- Back to the platform's default.
DELETE FROM notifications.notification_preferences
WHERE user_id = :user_id AND category = :category AND channel = :channel;

-- name: deletePreferences :count
-- The account was closed.
DELETE FROM notifications.notification_preferences
WHERE user_id = :user_id;
