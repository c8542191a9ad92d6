-- name: listHistory :many
-- The transactions of a portfolio before a moment that still count, with their fees: what a
-- valuation, an export and the check of an import are made from.
SELECT t.id, t.type, t.instrument_id, t.quantity, t.unit_price, t.gross_amount, t.currency, t.executed_at,
    t.split_from, t.split_to, t.note, (
        SELECT coalesce(sum(f.amount), 0)::numeric(38,18)
        FROM portfolios.transaction_fees f
        WHERE f.user_id = t.user_id AND f.transaction_id = t.id
    ) AS fees
FROM portfolios.transactions t
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
-- What some instruments are and are called, for a user who may see them.
-- param: instrument_ids [Instrument.ID]
SELECT i.id, i.source, i.exchange, i.symbol, i.name, i.class, i.currency
FROM market.instruments i
WHERE i.id = ANY (:instrument_ids::uuid[]) AND (i.owner_id IS NULL OR i.owner_id = :user_id);

-- name: findCloses :many
-- The last close of each instrument on or before a day. The bars of a private instrument are
-- those of the shared one with its listing. OFFSET 0: each is found by its key, statistics or not.
-- param: instrument_ids [Instrument.ID]
SELECT i.id AS instrument_id, shared.currency, bar.day, bar.close
FROM market.instruments i
CROSS JOIN LATERAL (
    SELECT s.id, s.currency
    FROM market.instruments s
    WHERE s.owner_id IS NULL AND s.source = i.source AND s.exchange = i.exchange AND s.symbol = i.symbol
    OFFSET 0
) shared
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
