-- name: upsertPriceDisagreements :exec
-- Closes that a provider gives otherwise than the bars that are kept.
-- rows: NewPriceDisagreement
INSERT INTO market.price_disagreements AS known (
    instrument_id, day, provider, kept, kept_source, offered, created_at, updated_at)
SELECT :instrument_id, other.day, other.provider, other.kept, other.kept_source, other.offered, :now, :now
FROM unnest(:days::date[], :providers::text[], :kepts::numeric[], :kept_sources::text[], :offereds::numeric[])
    AS other (day, provider, kept, kept_source, offered)
ON CONFLICT ON CONSTRAINT price_disagreements_pkey DO UPDATE
SET kept = excluded.kept, kept_source = excluded.kept_source, offered = excluded.offered,
    updated_at = excluded.updated_at
WHERE (known.kept, known.kept_source, known.offered)
    IS DISTINCT FROM (excluded.kept, excluded.kept_source, excluded.offered);

-- name: deletePriceDisagreements :count
-- What a provider said of days on which it agrees now.
DELETE FROM market.price_disagreements
WHERE instrument_id = :instrument_id AND provider = :provider AND day = ANY (:days::date[]);

-- name: listPriceDisagreements :many
-- A page of the disagreements, with what the instrument is called. A feed is of a shared instrument, and so are they.
-- OFFSET 0: instruments are found by the page's ids, however long the planner takes the page to be.
-- param: after_instrument_id Instrument.ID
SELECT other.instrument_id, instrument.source, instrument.exchange, instrument.symbol, instrument.currency,
    other.day, other.provider, other.kept, other.kept_source, other.offered, other.created_at, other.updated_at
FROM (
    SELECT instrument_id, day, provider, kept, kept_source, offered, created_at, updated_at
    FROM market.price_disagreements
    WHERE (instrument_id, day, provider) > (:after_instrument_id, :after_day, :after_provider)
    ORDER BY instrument_id, day, provider
    LIMIT :row_limit
) AS other
CROSS JOIN LATERAL (
    SELECT named.source, named.exchange, named.symbol, named.currency
    FROM market.instruments AS named
    WHERE named.id = other.instrument_id
    OFFSET 0
) AS instrument
ORDER BY other.instrument_id, other.day, other.provider;
