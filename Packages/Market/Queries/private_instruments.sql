-- name: lockPrivateInstrument :optional
-- The user's private instrument, locked until the transaction ends.
SELECT id, owner_id AS "owner_id?", source, exchange, symbol, name, class, currency, calendar, isin, active,
    fractionable, revision, created_at, updated_at
FROM market.instruments
WHERE id = :instrument_id AND owner_id = :user_id
FOR NO KEY UPDATE;

-- name: updatePrivateInstrument :one
-- Writes what an owner may change in their instrument; its currency goes by `correctCurrency`.
UPDATE market.instruments
SET name = :name, class = :class, revision = revision + 1, updated_at = :now
WHERE id = :instrument_id AND owner_id = :user_id
RETURNING id, owner_id, source, exchange, symbol, name, class, currency, calendar, isin, active, fractionable,
    revision, created_at, updated_at;

-- name: correctCurrency :one
-- Gives the acting user's private instrument another currency; false where something that counts stands in its own.
SELECT market.correct_currency(:instrument_id, :currency, :now) AS "is_corrected!";

-- name: relistPrivateInstrument :one
-- Moves the user's instrument to the listing of another, under the other's name. One of the user's that has the listing
-- already violates `instruments_listing_key`.
-- param: listed_id Instrument.ID
UPDATE market.instruments AS own
SET source = listed.source, exchange = listed.exchange, symbol = listed.symbol, name = listed.name,
    class = listed.class, calendar = listed.calendar, isin = listed.isin, revision = own.revision + 1, updated_at = :now
FROM market.instruments AS listed
WHERE own.id = :instrument_id AND own.owner_id = :user_id AND listed.id = :listed_id AND listed.owner_id IS NULL
RETURNING own.id, own.owner_id, own.source, own.exchange, own.symbol, own.name, own.class, own.currency, own.calendar,
    own.isin, own.active, own.fractionable, own.revision, own.created_at, own.updated_at;

-- name: deletePrivateInstrument :count
-- Removes the user's instrument with its prices. What rests on it, as a transaction, refuses it by its foreign key.
DELETE FROM market.instruments
WHERE id = :instrument_id AND owner_id = :user_id;

-- name: hasBooked :one
-- Whether the acting user's books have something that counts in an instrument.
SELECT portfolios.has_booked(:instrument_id) AS "has_booked!";
