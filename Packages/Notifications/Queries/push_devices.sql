-- name: upsertPushDevice :one
-- A device says its token, perhaps again.
INSERT INTO notifications.push_devices (
    user_id, id, platform, token, name, last_seen_at, created_at, updated_at)
VALUES (
    :user_id, :push_device_id, :platform, :token, :name, :now, :now, :now)
ON CONFLICT ON CONSTRAINT push_devices_token_key DO UPDATE
SET name = excluded.name, last_seen_at = excluded.last_seen_at, disabled_at = NULL, updated_at = excluded.updated_at
RETURNING user_id, id, platform, token, name, last_seen_at, disabled_at, created_at, updated_at;

-- name: findPushDevice :optional
-- A device.
SELECT user_id, id, platform, token, name, last_seen_at, disabled_at, created_at, updated_at
FROM notifications.push_devices
WHERE user_id = :user_id AND id = :push_device_id;

-- name: listPushDevices :many
-- A page of a user's devices.
-- param: after_id PushDevice.ID
SELECT user_id, id, platform, token, name, last_seen_at, disabled_at, created_at, updated_at
FROM notifications.push_devices
WHERE user_id = :user_id AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: disablePushDevice :count
-- The push service no longer knows it.
UPDATE notifications.push_devices
SET disabled_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :push_device_id;

-- name: deletePushDevice :count
-- Removes a device.
DELETE FROM notifications.push_devices
WHERE user_id = :user_id AND id = :push_device_id;

-- name: deletePushDevices :count
-- The account was closed: nothing goes there any more.
DELETE FROM notifications.push_devices
WHERE user_id = :user_id;
