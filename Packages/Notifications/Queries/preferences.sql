-- name: upsertPreference :one
-- What a user wants of a category on a channel.
INSERT INTO notifications.notification_preferences (
    user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at)
VALUES (
    :user_id, :category, :channel, :enabled, :quiet_from, :quiet_until, :digest, 1, :now, :now)
ON CONFLICT ON CONSTRAINT notification_preferences_pkey DO UPDATE
SET enabled = excluded.enabled, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
    digest = excluded.digest, revision = notification_preferences.revision + 1, updated_at = excluded.updated_at
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

-- name: updatePreference :optional
-- Another wish, if the revision is still the one that was read.
UPDATE notifications.notification_preferences
SET enabled = :enabled, quiet_from = :quiet_from, quiet_until = :quiet_until, digest = :digest,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND category = :category AND channel = :channel AND revision = :revision
RETURNING user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at;

-- name: deletePreference :count
-- Back to the platform's default.
DELETE FROM notifications.notification_preferences
WHERE user_id = :user_id AND category = :category AND channel = :channel;
