-- name: insertSpendingSource :one
-- A card or bank account. One that is connected already violates `spending_sources_external_key`.
INSERT INTO automation.spending_sources (
    user_id, id, kind, provider, external_id, name, sealed_webhook_secret, status, revision, created_at,
    updated_at)
VALUES (
    :user_id, :spending_source_id, :kind, :provider, :external_id, :name, :sealed_webhook_secret, 'active', 1,
    :now, :now)
RETURNING user_id, id, kind, provider, external_id, name, sealed_webhook_secret, status, last_event_at, revision,
    created_at, updated_at;

-- name: findSpendingSource :optional
-- A source by its id; the address of its webhook carries user and id.
SELECT user_id, id, kind, provider, external_id, name, sealed_webhook_secret, status, last_event_at, revision,
    created_at, updated_at
FROM automation.spending_sources
WHERE user_id = :user_id AND id = :spending_source_id;

-- name: listSpendingSources :many
-- A page of a user's sources.
-- param: after_id SpendingSource.ID
SELECT user_id, id, kind, provider, external_id, name, sealed_webhook_secret, status, last_event_at, revision,
    created_at, updated_at
FROM automation.spending_sources
WHERE user_id = :user_id AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: updateSpendingSource :optional
-- Another name or state, if the revision is still the one that was read.
UPDATE automation.spending_sources
SET name = :name, status = :status, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :spending_source_id AND revision = :revision
RETURNING user_id, id, kind, provider, external_id, name, sealed_webhook_secret, status, last_event_at, revision,
    created_at, updated_at;

-- name: rotateWebhookSecret :count
-- Another secret.
UPDATE automation.spending_sources
SET sealed_webhook_secret = :sealed_webhook_secret, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :spending_source_id;

-- name: noteSpendingEvent :exec
-- Something came from it.
UPDATE automation.spending_sources
SET last_event_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :spending_source_id;

-- name: deleteSpendingSource :count
-- Removes a source with its purchases and their change; pools stay.
DELETE FROM automation.spending_sources
WHERE user_id = :user_id AND id = :spending_source_id;

-- name: upsertPurchase :optional
-- A purchase, or what became of one that was pending.
INSERT INTO automation.purchases (
    user_id, id, source_id, external_id, amount, currency, merchant, status, purchased_at, posted_at,
    refunded_at, created_at, updated_at)
VALUES (
    :user_id, :purchase_id, :source_id, :external_id, :amount, :currency, :merchant, :status, :purchased_at,
    :posted_at, :refunded_at, :now, :now)
ON CONFLICT ON CONSTRAINT purchases_external_key DO UPDATE
SET amount = excluded.amount, merchant = excluded.merchant, status = excluded.status,
    posted_at = coalesce(excluded.posted_at, purchases.posted_at), refunded_at = excluded.refunded_at,
    updated_at = excluded.updated_at
WHERE purchases.status = 'pending' OR excluded.status = 'refunded' AND purchases.status = 'posted'
RETURNING user_id, id, source_id, external_id, amount, currency, merchant, status, purchased_at, posted_at,
    refunded_at, created_at, updated_at;

-- name: findPurchase :optional
-- A purchase by its id.
SELECT user_id, id, source_id, external_id, amount, currency, merchant, status, purchased_at, posted_at,
    refunded_at, created_at, updated_at
FROM automation.purchases
WHERE user_id = :user_id AND id = :purchase_id;

-- name: listPurchases :many
-- A page of a user's purchases, the latest first.
-- param: before_id Purchase.ID
SELECT user_id, id, source_id, external_id, amount, currency, merchant, status, purchased_at, posted_at,
    refunded_at, created_at, updated_at
FROM automation.purchases
WHERE user_id = :user_id AND (purchased_at, id) < (:before_at, :before_id)
ORDER BY purchased_at DESC, id DESC
LIMIT :row_limit;

-- name: deletePurchase :count
-- Removes a purchase that the bank took back before it was pooled.
DELETE FROM automation.purchases
WHERE user_id = :user_id AND id = :purchase_id AND status = 'pending';
