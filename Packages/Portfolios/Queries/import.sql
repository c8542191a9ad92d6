-- name: findImportedActivities :many
-- Which external ids a portfolio has of a source, reversed ones included: what a person took back
-- does not come again with the next file. An export names its rows by the portfolio's own ids,
-- and is known by those as well.
-- param: own_ids [Transaction.ID]
SELECT t.external_id
FROM portfolios.transactions t
WHERE t.user_id = :user_id AND t.portfolio_id = :portfolio_id AND t.external_source = :external_source
    AND t.external_id = ANY (:external_ids::text[])
UNION ALL
SELECT own.id::text
FROM portfolios.transactions own
WHERE own.user_id = :user_id AND own.portfolio_id = :portfolio_id AND own.id = ANY (:own_ids::uuid[]);

-- name: findInstrumentsBySymbol :many
-- Every instrument of some symbols that a user may see, the user's own before shared ones.
-- explain: sort because a symbol has few instruments, and the caller names the symbols
SELECT i.id, i.source, i.exchange, i.symbol, i.currency, (i.owner_id IS NOT NULL) AS is_own
FROM market.instruments i
WHERE i.symbol = ANY (:symbols::text[]) AND (i.owner_id IS NULL OR i.owner_id = :user_id)
ORDER BY i.symbol, i.owner_id NULLS LAST, i.id;

-- name: registerInstruments :many
-- The acting user's instruments for some listings, in their order; a new one is private to them.
-- rows: NewInstrument
SELECT market.register_instrument(
    listing.instrument_id, listing.source, listing.exchange, listing.symbol, listing.name,
    listing.class, listing.currency, :now) AS "id!"
FROM unnest(
    :instrument_ids::uuid[], :sources::text[], :exchanges::text[], :symbols::text[], :names::text[],
    :classes::market.instrument_class[], :currencies::text[]
) WITH ORDINALITY AS listing (instrument_id, source, exchange, symbol, name, class, currency, position)
ORDER BY listing.position;

-- name: listHeldInstruments :many
-- Every instrument that a portfolio has or had.
SELECT instrument_id
FROM portfolios.portfolio_holdings
WHERE user_id = :user_id AND portfolio_id = :portfolio_id;

-- name: countTransactions :one
-- How many transactions a portfolio has, reversed ones included.
SELECT count(*) AS total
FROM portfolios.transactions
WHERE user_id = :user_id AND portfolio_id = :portfolio_id;
