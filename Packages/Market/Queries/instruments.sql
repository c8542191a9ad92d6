-- name: findInstrument :optional
-- An instrument that the user may see: a shared one or their own.
SELECT id, owner_id, source, exchange, symbol, name, class, currency, calendar, isin, active, fractionable,
    revision, created_at, updated_at
FROM market.instruments
WHERE id = :instrument_id AND (owner_id IS NULL OR owner_id = :user_id);

-- name: lockSharedInstrument :optional
-- A shared instrument, locked until the transaction ends, so that its revision stands while it is changed.
SELECT id, owner_id, source, exchange, symbol, name, class, currency, calendar, isin, active, fractionable,
    revision, created_at, updated_at
FROM market.instruments
WHERE id = :instrument_id AND owner_id IS NULL
FOR NO KEY UPDATE;

-- name: listInstruments :many
-- A page of what the user may see, after a symbol and id. The index on (symbol, id) gives the order; the filters
-- are applied on the way, so that a search reads the catalogue once at most.
-- param: after_id Instrument.ID
SELECT id, owner_id, source, exchange, symbol, name, class, currency, calendar, isin, active, fractionable,
    revision, created_at, updated_at
FROM market.instruments
WHERE (owner_id IS NULL OR owner_id = :user_id)
    AND (symbol, id) > (:after_symbol, :after_id)
    /*? AND class = :class */
    /*? AND strpos(lower(symbol || ' ' || name), lower(:search)) > 0 */
ORDER BY symbol, id
LIMIT :row_limit;

-- name: listInstrumentsOfSymbol :many
-- The same for one symbol exactly, which the index finds at once.
-- param: after_id Instrument.ID
SELECT id, owner_id, source, exchange, symbol, name, class, currency, calendar, isin, active, fractionable,
    revision, created_at, updated_at
FROM market.instruments
WHERE (owner_id IS NULL OR owner_id = :user_id)
    AND symbol = :symbol
    AND id > :after_id
    /*? AND class = :class */
    /*? AND strpos(lower(symbol || ' ' || name), lower(:search)) > 0 */
ORDER BY symbol, id
LIMIT :row_limit;

-- name: insertInstrument :optional
-- A new shared instrument, or nothing where the listing has one.
INSERT INTO market.instruments (
    id, source, exchange, symbol, name, class, currency, calendar, isin, fractionable, revision, created_at,
    updated_at
) VALUES (
    :instrument_id, :source, :exchange, :symbol, :name, :class, :currency,
    market.calendar_of(:source, :exchange, :symbol, :class), :isin, :fractionable, 1, :now, :now
)
ON CONFLICT ON CONSTRAINT instruments_listing_key DO NOTHING
RETURNING id, owner_id, source, exchange, symbol, name, class, currency, calendar, isin, active, fractionable,
    revision, created_at, updated_at;

-- name: updateInstrument :one
-- Writes what an operator may change in a shared instrument.
UPDATE market.instruments
SET name = :name, class = :class, calendar = :calendar, isin = :isin, active = :active,
    fractionable = :fractionable, revision = revision + 1, updated_at = :now
WHERE id = :instrument_id AND owner_id IS NULL
RETURNING id, owner_id, source, exchange, symbol, name, class, currency, calendar, isin, active, fractionable,
    revision, created_at, updated_at;

-- name: adoptInstrument :one
-- Makes a private instrument shared; nil where no private instrument has the id.
-- column: adopted_id Instrument.ID
SELECT market.adopt_instrument(:instrument_id, :name, :class, :now) AS adopted_id;

-- name: listAdoptionCandidates :many
-- Listings that only private instruments have, with the number of people who have them.
-- param: after_id Instrument.ID
-- column: instrument_id Instrument.ID
-- column: currency Currency
SELECT instrument_id AS "instrument_id!", source AS "source!", exchange AS "exchange!", symbol AS "symbol!",
    currency AS "currency!", owners AS "owners!"
FROM market.adoption_candidates(:after_id, :row_limit);

-- name: findListings :many
-- The shared instruments of some symbols of one source and exchange.
SELECT id, symbol, currency
FROM market.instruments
WHERE owner_id IS NULL AND source = :source AND exchange = :exchange AND symbol = ANY (:symbols::text[]);

-- name: insertListings :count
-- Shared instruments for symbols that an import brings; those that exist meanwhile are left as they are.
-- rows: NewListing
INSERT INTO market.instruments (
    id, source, exchange, symbol, name, class, currency, calendar, revision, created_at, updated_at
)
SELECT listing.id, :source, :exchange, listing.symbol, listing.name, :class, :currency,
    market.calendar_of(:source, :exchange, listing.symbol, :class), 1, :now, :now
FROM unnest(:instrument_ids::uuid[], :symbols::text[], :names::text[]) AS listing (id, symbol, name)
ON CONFLICT ON CONSTRAINT instruments_listing_key DO NOTHING;

-- name: searchInstruments :many
-- The instruments that a text may mean, the best first.
SELECT i.id, i.owner_id, i.source, i.exchange, i.symbol, i.name, i.class, i.currency, i.calendar, i.isin, i.active,
    i.fractionable, i.revision, i.created_at, i.updated_at
FROM market.search_instruments(:query, :row_limit) AS found
JOIN market.instruments AS i ON i.id = found.instrument_id
WHERE i.owner_id IS NULL OR i.owner_id = :user_id
ORDER BY found.place;
