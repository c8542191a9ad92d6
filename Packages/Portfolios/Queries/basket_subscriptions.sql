-- name: insertBasketSubscription :one
-- A portfolio follows a basket. A second one violates `basket_subscriptions_portfolio_key`.
INSERT INTO portfolios.basket_subscriptions (
    user_id, id, portfolio_id, basket_id, drift_absolute, drift_relative, calendar, minimum_order, currency,
    cooldown_days, revision, created_at, updated_at)
VALUES (
    :user_id, :basket_subscription_id, :portfolio_id, :basket_id, :drift_absolute, :drift_relative, :calendar,
    :minimum_order, :currency, :cooldown_days, 1, :now, :now)
RETURNING user_id, id, portfolio_id, basket_id, drift_absolute, drift_relative, calendar, minimum_order, currency,
    cooldown_days, paused_at, last_rebalanced_at, revision, created_at, updated_at;

-- name: findBasketSubscription :optional
-- What a portfolio follows.
SELECT user_id, id, portfolio_id, basket_id, drift_absolute, drift_relative, calendar, minimum_order, currency,
    cooldown_days, paused_at, last_rebalanced_at, revision, created_at, updated_at
FROM portfolios.basket_subscriptions
WHERE user_id = :user_id AND portfolio_id = :portfolio_id;

-- name: listBasketSubscriptions :many
-- A page of what a user's portfolios follow.
-- param: after_id BasketSubscription.ID
SELECT user_id, id, portfolio_id, basket_id, drift_absolute, drift_relative, calendar, minimum_order, currency,
    cooldown_days, paused_at, last_rebalanced_at, revision, created_at, updated_at
FROM portfolios.basket_subscriptions
WHERE user_id = :user_id AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: listFollowers :many
-- A page of who follows a basket, for drift and new weights.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id BasketSubscription.ID
SELECT user_id, id, portfolio_id
FROM portfolios.basket_subscriptions
WHERE basket_id = :basket_id AND paused_at IS NULL AND (user_id, id) > (:after_user_id, :after_id)
ORDER BY user_id, id
LIMIT :row_limit;

-- name: updateBasketSubscription :optional
-- Other bands, if the revision is still the one that was read.
UPDATE portfolios.basket_subscriptions
SET drift_absolute = :drift_absolute, drift_relative = :drift_relative, calendar = :calendar,
    minimum_order = :minimum_order, currency = :currency, cooldown_days = :cooldown_days,
    paused_at = :paused_at, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :basket_subscription_id AND revision = :revision
RETURNING user_id, id, portfolio_id, basket_id, drift_absolute, drift_relative, calendar, minimum_order, currency,
    cooldown_days, paused_at, last_rebalanced_at, revision, created_at, updated_at;

-- name: markRebalanced :exec
-- A run has ended.
UPDATE portfolios.basket_subscriptions
SET last_rebalanced_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :basket_subscription_id;

-- name: deleteBasketSubscription :count
-- The portfolio follows nothing any more; its holdings stay.
DELETE FROM portfolios.basket_subscriptions
WHERE user_id = :user_id AND id = :basket_subscription_id;
