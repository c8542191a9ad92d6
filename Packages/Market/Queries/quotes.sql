-- name: listSharedInstruments :many
-- Which of some instruments are shared.
-- param: instrument_ids [Instrument.ID]
SELECT id
FROM market.instruments
WHERE id = ANY (:instrument_ids::uuid[]) AND owner_id IS NULL;

-- name: upsertQuotes :many
-- The last prices of some instruments, and which of them are new; an older one than is there changes nothing.
-- rows: NewQuote
INSERT INTO market.quotes AS q (instrument_id, price, quoted_at, source, created_at, updated_at)
SELECT quote.instrument_id, quote.price, quote.quoted_at, :source, :now, :now
FROM unnest(:instrument_ids::uuid[], :prices::numeric[], :quoted_at::timestamptz[])
    AS quote (instrument_id, price, quoted_at)
ON CONFLICT ON CONSTRAINT quotes_pkey DO UPDATE
SET price = excluded.price, quoted_at = excluded.quoted_at, source = excluded.source, updated_at = excluded.updated_at
WHERE q.quoted_at < excluded.quoted_at
RETURNING q.instrument_id;

-- name: announceQuotes :exec
-- Wakes, at the commit, whoever listens to the instruments whose ids the text has, separated by commas.
SELECT pg_notify('grove_quotes', :instrument_ids::text);

-- name: listQuotedListings :many
-- Some instruments that the user may see, and the shared one of the same listing, on which quotes hang as bars do.
-- param: instrument_ids [Instrument.ID]
SELECT i.id AS instrument_id, shared.id AS listing_id
FROM market.instruments AS i
LEFT JOIN market.instruments AS shared
    ON shared.owner_id IS NULL AND shared.source = i.source AND shared.exchange = i.exchange
    AND shared.symbol = i.symbol
WHERE i.id = ANY (:instrument_ids::uuid[]) AND (i.owner_id IS NULL OR i.owner_id = :user_id);

-- name: listQuotes :many
-- The last prices of some shared instruments.
-- param: instrument_ids [Instrument.ID]
SELECT q.instrument_id, i.currency, q.price, q.quoted_at, q.source
FROM market.quotes AS q
JOIN market.instruments AS i ON i.id = q.instrument_id AND i.owner_id IS NULL
WHERE q.instrument_id = ANY (:instrument_ids::uuid[])
ORDER BY q.instrument_id;
