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
