-- name: listCashBalances :many
-- The cash of a portfolio by currency.
SELECT currency, balance
FROM portfolios.cash_balances
WHERE user_id = :user_id AND portfolio_id = :portfolio_id
ORDER BY currency;

-- name: storeCashBalances :exec
-- Writes balances as they now stand. One below zero violates `cash_balances_balance_check`.
-- rows: StoredCashBalance
INSERT INTO portfolios.cash_balances (user_id, portfolio_id, currency, balance, created_at, updated_at)
SELECT :user_id, :portfolio_id, cash.currency, cash.balance, :now, :now
FROM unnest(:currencies::text[], :balances::numeric[]) AS cash (currency, balance)
ON CONFLICT ON CONSTRAINT cash_balances_pkey DO UPDATE
SET balance = excluded.balance, updated_at = excluded.updated_at;
