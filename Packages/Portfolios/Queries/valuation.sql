-- name: listHistory :many
-- The transactions of a portfolio before a moment that still count, with their fees: what a
-- valuation, an export and the check of an import are made from.
SELECT t.id, t.type, t.instrument_id, t.quantity, t.unit_price, t.gross_amount, t.currency, t.executed_at,
    t.split_from, t.split_to, t.note, coalesce(fee.total, 0)::numeric(18,8) AS fees
FROM portfolios.transactions t
LEFT JOIN (
    SELECT f.transaction_id, sum(f.amount) AS total
    FROM portfolios.transaction_fees f
    JOIN portfolios.transactions owner ON owner.user_id = f.user_id AND owner.id = f.transaction_id
    WHERE f.user_id = :user_id AND owner.portfolio_id = :portfolio_id
    GROUP BY f.transaction_id
) fee ON fee.transaction_id = t.id
WHERE t.user_id = :user_id AND t.portfolio_id = :portfolio_id AND t.status = 'completed' AND t.reverses IS NULL
    AND t.executed_at < :before_at
ORDER BY t.executed_at, t.id;

-- name: listPortfolioLotSelections :many
-- The lots that the transactions of a portfolio take.
SELECT transaction_id, opened_by, quantity
FROM portfolios.lot_selections
WHERE user_id = :user_id AND portfolio_id = :portfolio_id
ORDER BY transaction_id, opened_by;

-- name: findInstruments :many
-- What some instruments are called, for a user who may see them.
-- param: instrument_ids [Instrument.ID]
SELECT i.id, i.source, i.exchange, i.symbol, i.name, i.currency
FROM market.instruments i
WHERE i.id = ANY (:instrument_ids::uuid[]) AND (i.owner_id IS NULL OR i.owner_id = :user_id);

-- name: findCloses :many
-- The last close of each instrument on or before a day. The bars of a private instrument are
-- those of the shared one with its listing.
-- param: instrument_ids [Instrument.ID]
SELECT i.id AS instrument_id, shared.currency, bar.day, bar.close
FROM market.instruments i
JOIN market.instruments shared
    ON shared.owner_id IS NULL AND shared.source = i.source AND shared.exchange = i.exchange
    AND shared.symbol = i.symbol
CROSS JOIN LATERAL (
    SELECT b.day, b.close
    FROM market.price_bars b
    WHERE b.instrument_id = shared.id AND b.day <= :day
    ORDER BY b.day DESC
    LIMIT 1
) bar
WHERE i.id = ANY (:instrument_ids::uuid[]) AND (i.owner_id IS NULL OR i.owner_id = :user_id);

-- name: listExchangeRates :many
-- The rates between some currencies from a day to a day, both included.
-- param: currencies [Currency]
SELECT base, quote, day, rate
FROM market.exchange_rates
WHERE base = ANY (:currencies::text[]) AND quote = ANY (:currencies::text[]) AND day BETWEEN :from_day AND :to_day;
