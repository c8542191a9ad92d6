-- name: createBasket :one
-- A new basket, without contents yet. A slug that is taken violates `baskets_slug_key` or
-- `baskets_public_slug_key`.
INSERT INTO portfolios.baskets (
    id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at)
VALUES (
    :basket_id, :owner_id, :slug, :name, :description, :risk_level, :category, :visibility, :status, 1, :now,
    :now)
RETURNING id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at;

-- name: findBasket :optional
-- A basket that the user may see.
SELECT id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at
FROM portfolios.baskets
WHERE id = :basket_id AND (visibility <> 'private' AND status <> 'draft' OR owner_id = :user_id OR owner_id IS NULL);

-- name: findBasketBySlug :optional
-- A public basket by the name in its address.
SELECT id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at
FROM portfolios.baskets
WHERE slug = :slug AND visibility <> 'private';

-- name: lockBasket :optional
-- A basket that the user owns, held until the transaction ends.
SELECT id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at
FROM portfolios.baskets
WHERE id = :basket_id AND owner_id = :user_id
FOR NO KEY UPDATE;

-- name: listPublicBaskets :many
-- A page of the baskets that everybody may invest in.
-- param: after_id Basket.ID
SELECT id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at
FROM portfolios.baskets
WHERE visibility <> 'private' AND status = 'active' AND id > :after_id
    /*? AND category = :category */
ORDER BY id
LIMIT :row_limit;

-- name: listOwnBaskets :many
-- A page of a user's own baskets.
SELECT id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at
FROM portfolios.baskets
WHERE owner_id = :user_id AND slug > :after_slug
ORDER BY slug
LIMIT :row_limit;

-- name: updateBasket :optional
-- Other words, if the revision is still the one that was read.
UPDATE portfolios.baskets
SET name = :name, description = :description, risk_level = :risk_level, category = :category, status = :status,
    revision = revision + 1, updated_at = :now
WHERE id = :basket_id AND owner_id = :user_id AND revision = :revision
RETURNING id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at;

-- name: updateCuratedBasket :optional
-- The same for the platform's own; the route asks for the operator's role.
UPDATE portfolios.baskets
SET name = :name, description = :description, risk_level = :risk_level, category = :category, status = :status,
    revision = revision + 1, updated_at = :now
WHERE id = :basket_id AND owner_id IS NULL AND revision = :revision
RETURNING id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at,
    updated_at;

-- name: shareBasket :one
-- Makes a private basket of the user everyone's to see; nil where there is none to share.
-- column: basket_id Basket.ID
SELECT portfolios.share_basket(:basket_id, :now) AS basket_id;

-- name: deleteBasket :count
-- Removes a private basket. One that somebody invested in violates `basket_investments_basket_fkey`.
DELETE FROM portfolios.baskets
WHERE id = :basket_id AND owner_id = :user_id AND visibility = 'private';

-- name: publishBasketVersion :one
-- The next version of a basket; weights that do not sum to 100 violate `basket_versions_total_weight_check`.
-- param: instrument_ids [Instrument.ID]
SELECT portfolios.publish_basket_version(
    :basket_id, :instrument_ids::uuid[], :weights::numeric[], :note?, :now) AS "version!";

-- name: findBasketVersion :optional
-- A version of a basket.
SELECT basket_id, version, private_to, total_weight, note, created_at
FROM portfolios.basket_versions
WHERE basket_id = :basket_id AND version = :version;

-- name: findNewestBasketVersion :optional
-- The version of a basket that is invested in.
SELECT basket_id, version, private_to, total_weight, note, created_at
FROM portfolios.basket_versions
WHERE basket_id = :basket_id
ORDER BY version DESC
LIMIT 1;

-- name: listBasketVersions :many
-- A page of a basket's versions, the newest first.
SELECT basket_id, version, private_to, total_weight, note, created_at
FROM portfolios.basket_versions
WHERE basket_id = :basket_id AND version < :before_version
ORDER BY version DESC
LIMIT :row_limit;

-- name: listBasketAssets :many
-- What a version of a basket holds.
-- explain: sort because a basket holds some dozens of instruments
SELECT a.instrument_id, a.weight, i.source, i.exchange, i.symbol, i.name, i.currency, i.fractionable, i.active
FROM portfolios.basket_assets a
JOIN market.instruments i ON i.id = a.instrument_id
WHERE a.basket_id = :basket_id AND a.version = :version
ORDER BY a.weight DESC, a.instrument_id;
