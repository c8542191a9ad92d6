-- name: findInstrument :optional
-- An instrument that the user may see: a shared one or their own.
-- row: InstrumentSummary
SELECT id, symbol, currency, (owner_id IS NULL) AS is_shared
FROM market.instruments
WHERE id = :instrument_id AND (owner_id IS NULL OR owner_id = :user_id);

-- name: findListing :optional
-- The same by its listing. The user's own comes before a shared one, as `market.register_instrument` has it.
-- param: source String
-- row: InstrumentSummary
SELECT id, symbol, currency, (owner_id IS NULL) AS is_shared
FROM market.instruments
WHERE source = :source AND exchange = :exchange AND symbol = :symbol
    AND (owner_id IS NULL OR owner_id = :user_id)
ORDER BY owner_id NULLS LAST
LIMIT 1;

-- name: registerInstrument :one
-- The acting user's instrument for a listing; a new one is private to them.
-- param: source String
-- column: id Instrument.ID
SELECT market.register_instrument(
    :instrument_id, :source, :exchange, :symbol, :name, :class, :currency, :now) AS "id!";

-- name: listBookedInstruments :many
-- Those of some instruments that keep their currency, since a transaction of the user's that counts is in them, or a
-- price.
-- param: instrument_ids [Instrument.ID]
-- column: instrument_id Instrument.ID
SELECT t.instrument_id
FROM portfolios.transactions t
WHERE t.user_id = :user_id AND t.instrument_id = ANY (:instrument_ids::uuid[]) AND t.status IN ('pending', 'completed')
    AND t.reverses IS NULL
UNION
SELECT p.instrument_id
FROM market.owner_prices p
WHERE p.user_id = :user_id AND p.instrument_id = ANY (:instrument_ids::uuid[]);

-- name: correctCurrency :one
-- Gives the acting user's private instrument another currency; false where something that counts stands in its own.
SELECT market.correct_currency(:instrument_id, :currency, :now) AS "is_corrected!";
