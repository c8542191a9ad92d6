-- name: listOwnerPrices :many
-- A page of what an instrument cost by its owner's word, from a day to a day, both included.
SELECT day, price
FROM market.owner_prices
WHERE user_id = :user_id AND instrument_id = :instrument_id AND day BETWEEN :from_day AND :to_day
ORDER BY day
LIMIT :row_limit;

-- name: writeOwnerPrices :one
-- Adds prices and revises those that differ; one that was added is known from one that was revised by its two times.
-- rows: NewOwnerPrice
WITH written AS (
    INSERT INTO market.owner_prices AS known (user_id, instrument_id, day, price, created_at, updated_at)
    SELECT :user_id, :instrument_id, incoming.day, incoming.price, :now, :now
    FROM unnest(:days::date[], :prices::numeric[]) AS incoming (day, price)
    ON CONFLICT ON CONSTRAINT owner_prices_pkey DO UPDATE
    SET price = excluded.price, updated_at = excluded.updated_at
    WHERE known.price <> excluded.price
    RETURNING known.created_at = known.updated_at AS is_new
)
SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS updated
FROM written;

-- name: copyOwnerPrices :exec
-- Copies the prices of one of the user's instruments to another, where that one has none of the day.
-- param: into_id Instrument.ID
INSERT INTO market.owner_prices (user_id, instrument_id, day, price, created_at, updated_at)
SELECT p.user_id, :into_id, p.day, p.price, :now, :now
FROM market.owner_prices AS p
WHERE p.user_id = :user_id AND p.instrument_id = :instrument_id
ON CONFLICT ON CONSTRAINT owner_prices_pkey DO NOTHING;

-- name: deleteOwnerPrice :count
-- Takes a price away.
DELETE FROM market.owner_prices
WHERE user_id = :user_id AND instrument_id = :instrument_id AND day = :day;
