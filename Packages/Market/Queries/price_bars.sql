-- name: findBarListing :optional
-- The shared instrument on which an instrument's bars hang: the one with the same source, exchange and symbol,
-- which a shared instrument is itself. A private instrument may have none yet.
SELECT shared.id, shared.currency
FROM market.instruments AS instrument
JOIN market.instruments AS shared
    ON shared.owner_id IS NULL
    AND shared.source = instrument.source
    AND shared.exchange = instrument.exchange
    AND shared.symbol = instrument.symbol
WHERE instrument.id = :instrument_id AND (instrument.owner_id IS NULL OR instrument.owner_id = :user_id);

-- name: listPriceBars :many
-- A page of bars from a day to a day, both included.
SELECT day, open, high, low, close, volume, source, adjusted, as_of
FROM market.price_bars
WHERE instrument_id = :instrument_id AND day BETWEEN :from_day AND :to_day
ORDER BY day
LIMIT :row_limit;

-- name: lockBarImports :exec
-- One import of bars at a time: two files that name the same instruments in different orders would otherwise
-- wait for each other. Readers do not wait.
SELECT pg_advisory_xact_lock(hashtextextended('market.price_bars', 0));

-- name: writePriceBars :one
-- Adds bars and revises those whose figures differ; bars that are equal are not touched. Where only what they are
-- adjusted to is stated anew, the day stays on which the figures were brought: no split since has changed them. A bar
-- that was added is told from one that was revised by its two times, which are equal only at first.
-- rows: NewPriceBar
WITH written AS (
    INSERT INTO market.price_bars AS bar (
        instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at, updated_at
    )
    SELECT incoming.instrument_id, incoming.day, incoming.open, incoming.high, incoming.low, incoming.close,
        incoming.volume, :source, :adjusted, (:now::timestamptz AT TIME ZONE 'UTC')::date, :now, :now
    FROM unnest(
        :instrument_ids::uuid[], :days::date[], :opens::numeric[], :highs::numeric[], :lows::numeric[],
        :closes::numeric[], :volumes::numeric[]
    ) AS incoming (instrument_id, day, open, high, low, close, volume)
    ON CONFLICT ON CONSTRAINT price_bars_pkey DO UPDATE
    SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
        volume = excluded.volume, source = excluded.source,
        adjusted = CASE
            WHEN (bar.open, bar.high, bar.low, bar.close) = (excluded.open, excluded.high, excluded.low, excluded.close)
                AND excluded.adjusted = 'unknown' THEN bar.adjusted
            ELSE excluded.adjusted
        END,
        as_of = CASE
            WHEN (bar.open, bar.high, bar.low, bar.close) = (excluded.open, excluded.high, excluded.low, excluded.close)
                THEN bar.as_of
            ELSE excluded.as_of
        END,
        updated_at = excluded.updated_at
    WHERE (bar.open, bar.high, bar.low, bar.close, bar.volume)
            IS DISTINCT FROM (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume)
        OR (excluded.adjusted <> 'unknown' AND bar.adjusted <> excluded.adjusted)
    RETURNING bar.created_at = bar.updated_at AS is_new
)
SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS updated
FROM written;

-- name: listClosesOfDays :many
-- The closes that are kept of some days, and where each came from: what another provider's are held against.
SELECT day, close, source
FROM market.price_bars
WHERE instrument_id = :instrument_id AND day BETWEEN :from_day AND :to_day
ORDER BY day;

-- name: findFirstBarDay :optional
-- The first day of which there is a bar.
SELECT day
FROM market.price_bars
WHERE instrument_id = :instrument_id
ORDER BY day
LIMIT 1;

-- name: listFeedPriorities :many
-- Which providers give the bars of an instrument, and which of them wins.
SELECT provider, priority
FROM market.feeds
WHERE instrument_id = :instrument_id AND kind = 'bars';
