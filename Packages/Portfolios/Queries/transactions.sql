-- name: insertTransactions :exec
-- New transactions of a portfolio. What came by an import already violates `transactions_external_key`; a second
-- reversal of the same transaction violates `transactions_reverses_key`. With an investment in a basket, they all
-- belong to it.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: StoredTransaction
INSERT INTO portfolios.transactions (
    user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency, fx_rate,
    split_from, split_to, executed_at, external_source, external_id, reverses, note, created_at, updated_at,
    basket_investment_id)
SELECT :user_id, entry.id, :portfolio_id, entry.type, 'completed', entry.instrument_id, entry.quantity,
    entry.unit_price, entry.gross_amount, entry.currency, entry.fx_rate, entry.split_from, entry.split_to,
    entry.executed_at, entry.external_source, entry.external_id, entry.reverses, entry.note, :now, :now,
    :basket_investment_id
FROM unnest(
    :ids::uuid[], :types::portfolios.transaction_type[], :instrument_ids::uuid[], :quantities::numeric[],
    :unit_prices::numeric[], :gross_amounts::numeric[], :currencies::text[], :fx_rates::numeric[],
    :split_from::int[], :split_to::int[], :executed_at::timestamptz[], :external_sources::text[],
    :external_ids::text[], :reverses::uuid[], :notes::text[]
) AS entry (
    id, type, instrument_id, quantity, unit_price, gross_amount, currency, fx_rate, split_from, split_to,
    executed_at, external_source, external_id, reverses, note)
RETURNING 1;

-- name: markTransactionsReversed :count
-- The transactions that reversals take back; each must still stand.
-- param: transaction_ids [Transaction.ID]
UPDATE portfolios.transactions
SET status = 'reversed', updated_at = :now
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND id = ANY (:transaction_ids::uuid[])
    AND status = 'completed' AND reverses IS NULL;

-- name: findTransaction :optional
-- A transaction of a portfolio by its id.
SELECT user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency,
    fx_rate, split_from, split_to, executed_at, basket_investment_id, external_source, external_id, reverses, note,
    created_at, updated_at
FROM portfolios.transactions
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND id = :transaction_id;

-- name: listTransactions :many
-- A page of a portfolio's transactions before a moment and id, the latest first.
-- param: before_id Transaction.ID
SELECT user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency,
    fx_rate, split_from, split_to, executed_at, basket_investment_id, external_source, external_id, reverses, note,
    created_at, updated_at
FROM portfolios.transactions
WHERE user_id = :user_id AND portfolio_id = :portfolio_id
    AND executed_at >= :from_at AND (executed_at, id) < (:before_at, :before_id)
    /*? AND type = :type */
    /*? AND instrument_id = :instrument_id */
ORDER BY executed_at DESC, id DESC
LIMIT :row_limit;

-- name: listInstrumentHistory :many
-- The transactions of an instrument that still count: what a replay of its lots is made from.
SELECT t.id, t.type, t.quantity, t.unit_price, t.gross_amount, t.currency, t.executed_at, t.split_from, t.split_to,
    (
        SELECT coalesce(sum(f.amount), 0)::numeric(38,18)
        FROM portfolios.transaction_fees f
        WHERE f.user_id = t.user_id AND f.transaction_id = t.id
    ) AS fees
FROM portfolios.transactions t
WHERE t.user_id = :user_id AND t.portfolio_id = :portfolio_id AND t.instrument_id = :instrument_id
    AND t.status = 'completed' AND t.reverses IS NULL
ORDER BY t.executed_at, t.id;

-- name: insertFees :exec
-- The fees of new transactions.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewFee
INSERT INTO portfolios.transaction_fees (user_id, id, transaction_id, kind, amount, currency, created_at)
SELECT :user_id, fee.id, fee.transaction_id, fee.kind, fee.amount, fee.currency, :now
FROM unnest(
    :ids::uuid[], :transaction_ids::uuid[], :kinds::portfolios.fee_kind[], :amounts::numeric[], :currencies::text[]
) AS fee (id, transaction_id, kind, amount, currency)
RETURNING 1;

-- name: listFees :many
-- The fees of some transactions, in the order in which they were given.
-- param: transaction_ids [Transaction.ID]
-- explain: sort because a transaction has few fees, and the caller names the transactions
SELECT transaction_id, kind, amount, currency
FROM portfolios.transaction_fees
WHERE user_id = :user_id AND transaction_id = ANY (:transaction_ids::uuid[])
ORDER BY transaction_id, id;

-- name: insertLotSelections :exec
-- The lots that new sales take, by the transactions that opened them.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewLotSelection
INSERT INTO portfolios.lot_selections (user_id, portfolio_id, transaction_id, opened_by, quantity, created_at)
SELECT :user_id, :portfolio_id, selection.transaction_id, selection.opened_by, selection.quantity, :now
FROM unnest(:transaction_ids::uuid[], :opened_by::uuid[], :quantities::numeric[])
    AS selection (transaction_id, opened_by, quantity)
RETURNING 1;

-- name: listLotSelections :many
-- The lots that some transactions of a portfolio take.
-- param: transaction_ids [Transaction.ID]
SELECT transaction_id, opened_by, quantity
FROM portfolios.lot_selections
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND transaction_id = ANY (:transaction_ids::uuid[])
ORDER BY transaction_id, opened_by;

-- name: listInstrumentLotSelections :many
-- The lots that the transactions of one instrument take. OFFSET 0: they are found by their transaction, statistics
-- or not.
-- explain: sort because few transactions name lots, and the lots are found by transaction
SELECT s.transaction_id, s.opened_by, s.quantity
FROM portfolios.transactions t
CROSS JOIN LATERAL (
    SELECT taken.transaction_id, taken.opened_by, taken.quantity
    FROM portfolios.lot_selections taken
    WHERE taken.user_id = t.user_id AND taken.transaction_id = t.id
    OFFSET 0
) s
WHERE t.user_id = :user_id AND t.portfolio_id = :portfolio_id AND t.instrument_id = :instrument_id
ORDER BY s.transaction_id, s.opened_by;
