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
SELECT i.id AS instrument_id, shared.currency, bar.day, bar.close, bar.adjusted, bar.as_of
FROM market.instruments i
CROSS JOIN LATERAL (
    SELECT s.id, s.currency
    FROM market.instruments s
    WHERE s.owner_id IS NULL AND s.source = i.source AND s.exchange = i.exchange AND s.symbol = i.symbol
    OFFSET 0
) shared
CROSS JOIN LATERAL (
    SELECT b.day, b.close, b.adjusted, b.as_of
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

-- name: findOwnerPrices :many
-- The last price of each instrument on or before a day that its owner wrote. OFFSET 0: each is found by its key.
-- param: instrument_ids [Instrument.ID]
SELECT i.id AS instrument_id, i.currency, latest.day, latest.price
FROM market.instruments i
CROSS JOIN LATERAL (
    SELECT p.day, p.price
    FROM market.owner_prices p
    WHERE p.user_id = :user_id AND p.instrument_id = i.id AND p.day <= :day
    ORDER BY p.day DESC
    LIMIT 1
) latest
WHERE i.id = ANY (:instrument_ids::uuid[]) AND (i.owner_id IS NULL OR i.owner_id = :user_id);

-- name: findTradedBars :many
-- The bars of days on which instruments were traded, which show whether closes and trades are of the same shares.
-- OFFSET 0: each is found by its key, statistics or not.
-- column: instrument_id Instrument.ID
-- rows: TradedDay
SELECT traded.instrument_id, shared.currency, bar.day, bar.low, bar.high, bar.adjusted, bar.as_of
FROM unnest(:instrument_ids::uuid[], :days::date[]) AS traded (instrument_id, day)
CROSS JOIN LATERAL (
    SELECT i.source, i.exchange, i.symbol
    FROM market.instruments i
    WHERE i.id = traded.instrument_id AND (i.owner_id IS NULL OR i.owner_id = :user_id)
    OFFSET 0
) own
CROSS JOIN LATERAL (
    SELECT s.id, s.currency
    FROM market.instruments s
    WHERE s.owner_id IS NULL AND s.source = own.source AND s.exchange = own.exchange AND s.symbol = own.symbol
    OFFSET 0
) shared
CROSS JOIN LATERAL (
    SELECT b.day, b.low, b.high, b.adjusted, b.as_of
    FROM market.price_bars b
    WHERE b.instrument_id = shared.id AND b.day = traded.day
    OFFSET 0
) bar;

-- name: findListedSplits :many
-- The splits of some instruments that Market knows, by ex-date. They hang on shared instruments, as bars do.
-- param: instrument_ids [Instrument.ID]
SELECT i.id AS instrument_id, split.ex_date, split.new_shares AS "new_shares!", split.old_shares AS "old_shares!"
FROM market.instruments i
CROSS JOIN LATERAL (
    SELECT s.id
    FROM market.instruments s
    WHERE s.owner_id IS NULL AND s.source = i.source AND s.exchange = i.exchange AND s.symbol = i.symbol
    OFFSET 0
) shared
CROSS JOIN LATERAL (
    SELECT a.ex_date, a.new_shares, a.old_shares
    FROM market.corporate_actions a
    WHERE a.instrument_id = shared.id AND a.kind = 'split'
    OFFSET 0
) split
WHERE i.id = ANY (:instrument_ids::uuid[]) AND (i.owner_id IS NULL OR i.owner_id = :user_id);

-- name: listLaterSplits :many
-- The splits of a portfolio from a moment on that still count: what a series may be adjusted for that was brought
-- after them.
SELECT t.instrument_id AS "instrument_id!", t.executed_at, t.split_from AS "split_from!", t.split_to AS "split_to!"
FROM portfolios.transactions t
WHERE t.user_id = :user_id AND t.portfolio_id = :portfolio_id AND t.status = 'completed' AND t.reverses IS NULL
    AND t.executed_at >= :from_at AND t.type = 'split';
