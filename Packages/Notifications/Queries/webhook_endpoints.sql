-- name: insertWebhookEndpoint :one
-- A new endpoint. An address that is taken violates `webhook_endpoints_url_key`.
INSERT INTO notifications.webhook_endpoints (
    user_id, id, url, sealed_secret, consecutive_failures, revision, created_at, updated_at)
VALUES (
    :user_id, :webhook_endpoint_id, :url, :sealed_secret, 0, 1, :now, :now)
RETURNING user_id, id, url, sealed_secret, previous_sealed_secret, previous_secret_until, consecutive_failures, retry_at,
    last_delivered_at, disabled_at, disabled_reason, revision, created_at, updated_at;

-- name: findWebhookEndpoint :optional
-- An endpoint.
SELECT user_id, id, url, sealed_secret, previous_sealed_secret, previous_secret_until, consecutive_failures, retry_at,
    last_delivered_at, disabled_at, disabled_reason, revision, created_at, updated_at
FROM notifications.webhook_endpoints
WHERE user_id = :user_id AND id = :webhook_endpoint_id;

-- name: listWebhookEndpoints :many
-- A page of a user's endpoints.
-- param: after_id WebhookEndpoint.ID
SELECT user_id, id, url, sealed_secret, previous_sealed_secret, previous_secret_until, consecutive_failures, retry_at,
    last_delivered_at, disabled_at, disabled_reason, revision, created_at, updated_at
FROM notifications.webhook_endpoints
WHERE user_id = :user_id AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: listSealedEndpoints :many
-- Some of the endpoints that messages are signed for, whosever they are: their secrets show which key is the right one.
-- role: worker
SELECT user_id, id
FROM notifications.webhook_endpoints
WHERE disabled_at IS NULL
ORDER BY user_id, id
LIMIT :row_limit;

-- name: countWebhookEndpoints :one
-- How many endpoints a user has, and how many of them take messages.
SELECT count(*) AS count, count(*) FILTER (WHERE disabled_at IS NULL) AS live
FROM notifications.webhook_endpoints
WHERE user_id = :user_id;

-- name: updateWebhookEndpoint :one
-- Another address or secret; it is switched on again.
UPDATE notifications.webhook_endpoints
SET url = :url, sealed_secret = :sealed_secret, previous_sealed_secret = :previous_sealed_secret,
    previous_secret_until = :previous_secret_until, consecutive_failures = 0, retry_at = NULL,
    disabled_at = NULL, disabled_reason = NULL, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :webhook_endpoint_id
RETURNING user_id, id, url, sealed_secret, previous_sealed_secret, previous_secret_until, consecutive_failures, retry_at,
    last_delivered_at, disabled_at, disabled_reason, revision, created_at, updated_at;

-- name: recordWebhookDelivery :exec
-- It was reached.
UPDATE notifications.webhook_endpoints
SET consecutive_failures = 0, retry_at = NULL, last_delivered_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :webhook_endpoint_id;

-- name: recordWebhookFailure :optional
-- It failed once more.
UPDATE notifications.webhook_endpoints
SET consecutive_failures = consecutive_failures + 1, updated_at = :now
WHERE user_id = :user_id AND id = :webhook_endpoint_id
RETURNING user_id, id, url, sealed_secret, previous_sealed_secret, previous_secret_until, consecutive_failures, retry_at,
    last_delivered_at, disabled_at, disabled_reason, revision, created_at, updated_at;

-- name: pauseWebhookEndpoint :exec
-- It failed several times in a row, or asked for it: nothing is posted to it before a moment.
UPDATE notifications.webhook_endpoints
SET retry_at = :retry_at!, updated_at = :now
WHERE user_id = :user_id AND id = :webhook_endpoint_id;

-- name: disableWebhookEndpoint :count
-- Disables an endpoint.
UPDATE notifications.webhook_endpoints
SET disabled_at = :now, disabled_reason = :disabled_reason!, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :webhook_endpoint_id AND disabled_at IS NULL;

-- name: deleteWebhookEndpoint :count
-- Removes an endpoint.
DELETE FROM notifications.webhook_endpoints
WHERE user_id = :user_id AND id = :webhook_endpoint_id;

-- name: listLiveWebhookEndpoints :many
-- Where a user's webhooks go.
SELECT user_id, id, url, sealed_secret, previous_sealed_secret, previous_secret_until, consecutive_failures, retry_at,
    last_delivered_at, disabled_at, disabled_reason, revision, created_at, updated_at
FROM notifications.webhook_endpoints
WHERE user_id = :user_id AND disabled_at IS NULL
ORDER BY id
LIMIT :row_limit;

-- name: deleteWebhookEndpoints :count
-- The account was closed: nothing goes there any more.
DELETE FROM notifications.webhook_endpoints
WHERE user_id = :user_id;
