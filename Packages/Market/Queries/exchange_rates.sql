-- name: listExchangeRates :many
-- Every known rate among some currencies from a day to a day, both included: what a look-up may choose from.
SELECT base, quote, day, rate
FROM market.exchange_rates
WHERE base = ANY (:currencies::text[]) AND quote = ANY (:currencies::text[])
    AND day BETWEEN :from_day AND :to_day;

-- name: lockExchangeRateImports :exec
-- One import of rates at a time, as with bars.
SELECT pg_advisory_xact_lock(hashtextextended('market.exchange_rates', 0));

-- name: writeExchangeRates :one
-- Adds rates and revises those that differ, as with bars.
-- rows: NewExchangeRate
WITH written AS (
    INSERT INTO market.exchange_rates AS known (base, quote, day, rate, source, created_at, updated_at)
    SELECT incoming.base, incoming.quote, incoming.day, incoming.rate, :source, :now, :now
    FROM unnest(:bases::text[], :quotes::text[], :days::date[], :rates::numeric[])
        AS incoming (base, quote, day, rate)
    ON CONFLICT ON CONSTRAINT exchange_rates_pkey DO UPDATE
    SET rate = excluded.rate, source = excluded.source, updated_at = excluded.updated_at
    WHERE known.rate <> excluded.rate
    RETURNING known.created_at = known.updated_at AS is_new
)
SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS updated
FROM written;

-- name: listRateDays :many
-- The days of which a source gave rates.
SELECT DISTINCT day
FROM market.exchange_rates
WHERE base = :base AND source = :source AND day BETWEEN :from_day AND :to_day;
