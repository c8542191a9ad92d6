-- name: insertPostings :exec
-- What transactions move.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewPosting
INSERT INTO portfolios.postings (
    user_id, id, portfolio_id, transaction_id, from_account, to_account, currency, instrument_id, amount, created_at)
SELECT :user_id, posting.id, :portfolio_id, posting.transaction_id, posting.from_account, posting.to_account,
    posting.currency, posting.instrument_id, posting.amount, :now
FROM unnest(
    :ids::uuid[], :transaction_ids::uuid[], :from_accounts::portfolios.posting_account[],
    :to_accounts::portfolios.posting_account[], :currencies::text[], :instrument_ids::uuid[], :amounts::numeric[]
) AS posting (id, transaction_id, from_account, to_account, currency, instrument_id, amount)
RETURNING 1;

-- name: listPostings :many
-- The postings of some transactions, in the order in which they were made.
-- param: transaction_ids [Transaction.ID]
-- explain: sort because a transaction has few postings, and the caller names the transactions
SELECT transaction_id, from_account, to_account, currency, instrument_id, amount
FROM portfolios.postings
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND transaction_id = ANY (:transaction_ids::uuid[])
ORDER BY transaction_id, id;

-- name: listCashMovements :many
-- What came into the cash account less what went out, for each currency and moment after one, the latest first.
-- OFFSET 0: postings are found by their transaction, statistics or not.
SELECT p.currency AS "currency!", t.executed_at,
    sum(CASE WHEN p.to_account = 'cash' THEN p.amount ELSE -p.amount END)::numeric(38,18) AS amount
FROM portfolios.transactions t
CROSS JOIN LATERAL (
    SELECT moved.currency, moved.to_account, moved.amount
    FROM portfolios.postings moved
    WHERE moved.user_id = t.user_id AND moved.portfolio_id = t.portfolio_id AND moved.transaction_id = t.id
        AND 'cash' IN (moved.from_account, moved.to_account)
    OFFSET 0
) p
WHERE t.user_id = :user_id AND t.portfolio_id = :portfolio_id AND t.executed_at > :after_at
GROUP BY p.currency, t.executed_at
ORDER BY t.executed_at DESC;
