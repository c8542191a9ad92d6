-- name: upsertQuotes :count
-- The last prices of some instruments; an older one than is there changes nothing.
-- rows: NewQuote
INSERT INTO market.quotes AS q (instrument_id, price, quoted_at, source, created_at, updated_at)
SELECT quote.instrument_id, quote.price, quote.quoted_at, :source, :now, :now
FROM unnest(:instrument_ids::uuid[], :prices::numeric[], :quoted_at::timestamptz[])
    AS quote (instrument_id, price, quoted_at)
ON CONFLICT ON CONSTRAINT quotes_pkey DO UPDATE
SET price = excluded.price, quoted_at = excluded.quoted_at, source = excluded.source, updated_at = excluded.updated_at
WHERE q.quoted_at < excluded.quoted_at;

-- name: findQuote :optional
-- The last price of an instrument.
SELECT instrument_id, price, quoted_at, source, created_at, updated_at
FROM market.quotes
WHERE instrument_id = :instrument_id;

-- name: listQuotes :many
-- The last prices of some instruments.
-- param: instrument_ids [Instrument.ID]
SELECT instrument_id, price, quoted_at, source, created_at, updated_at
FROM market.quotes
WHERE instrument_id = ANY (:instrument_ids::uuid[])
ORDER BY instrument_id;

-- name: deleteQuote :count
-- Takes a wrong price away.
DELETE FROM market.quotes
WHERE instrument_id = :instrument_id;
