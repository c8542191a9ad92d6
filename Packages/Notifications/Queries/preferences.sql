-- name: insertPreference :optional
-- The first wish of a user for a category on a channel; nothing where there is one.
INSERT INTO notifications.notification_preferences (
    user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at)
VALUES (
    :user_id, :category, :channel, :enabled, :quiet_from, :quiet_until, :digest, 1, :now, :now)
ON CONFLICT ON CONSTRAINT notification_preferences_pkey DO NOTHING
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
-- Back to the platform's default, if the revision is still the one that was read.
DELETE FROM notifications.notification_preferences
WHERE user_id = :user_id AND category = :category AND channel = :channel AND revision = :revision;

-- name: deletePreferences :count
-- The account was closed.
DELETE FROM notifications.notification_preferences
WHERE user_id = :user_id;
