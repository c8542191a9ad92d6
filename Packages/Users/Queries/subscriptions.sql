-- name: insertSubscriptionChange :one
-- A change of tier. A billing event that came before violates `subscription_changes_billing_event_key`.
INSERT INTO users.subscription_changes (
    user_id, id, from_tier, to_tier, reason, billing_event, changed_by, created_at)
VALUES (
    :user_id, :subscription_change_id, :from_tier, :to_tier, :reason, :billing_event, :changed_by, :now)
RETURNING user_id, id, from_tier, to_tier, reason, billing_event, changed_by, created_at;

-- name: findSubscriptionChange :optional
-- A change by its id.
SELECT user_id, id, from_tier, to_tier, reason, billing_event, changed_by, created_at
FROM users.subscription_changes
WHERE user_id = :user_id AND id = :subscription_change_id;

-- name: listSubscriptionChanges :many
-- A page of a user's changes, the latest first.
-- param: before_id SubscriptionChange.ID
SELECT user_id, id, from_tier, to_tier, reason, billing_event, changed_by, created_at
FROM users.subscription_changes
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: updateSubscriptionTier :count
-- The tier that a user has from now on, if it is still the one that was read.
UPDATE users.users
SET subscription_tier = :to_tier, updated_at = :now
WHERE id = :user_id AND subscription_tier = :from_tier;
