-- name: insertBasketInvestment :one
-- An investment that is asked for. The same request a second time violates `basket_investments_request_key`.
INSERT INTO portfolios.basket_investments (
    user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    revision, created_at, updated_at)
VALUES (
    :user_id, :basket_investment_id, :portfolio_id, :basket_id, :basket_version, :amount, :currency, :source,
    :request_key, 'planned', 1, :now, :now)
RETURNING user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    completed_at, failure_reason, revision, created_at, updated_at;

-- name: findBasketInvestment :optional
-- An investment by its id.
SELECT user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    completed_at, failure_reason, revision, created_at, updated_at
FROM portfolios.basket_investments
WHERE user_id = :user_id AND id = :basket_investment_id;

-- name: lockBasketInvestment :optional
-- The same, held until the transaction ends.
SELECT user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    completed_at, failure_reason, revision, created_at, updated_at
FROM portfolios.basket_investments
WHERE user_id = :user_id AND id = :basket_investment_id
FOR NO KEY UPDATE;

-- name: findBasketInvestmentByRequest :optional
-- The investment that a request asked for.
SELECT user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    completed_at, failure_reason, revision, created_at, updated_at
FROM portfolios.basket_investments
WHERE user_id = :user_id AND request_key = :request_key AND source = :source;

-- name: listBasketInvestments :many
-- A page of a portfolio's investments in baskets, the latest first.
-- param: before_id BasketInvestment.ID
SELECT user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    completed_at, failure_reason, revision, created_at, updated_at
FROM portfolios.basket_investments
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listOpenBasketInvestments :many
-- A user's investments that have not ended.
-- param: after_id BasketInvestment.ID
SELECT user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    completed_at, failure_reason, revision, created_at, updated_at
FROM portfolios.basket_investments
WHERE user_id = :user_id AND status IN ('planned', 'executing') AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: setBasketInvestmentStatus :optional
-- How an investment goes on.
UPDATE portfolios.basket_investments
SET status = :status, completed_at = :completed_at, failure_reason = :failure_reason, revision = revision + 1,
    updated_at = :now
WHERE user_id = :user_id AND id = :basket_investment_id
RETURNING user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
    completed_at, failure_reason, revision, created_at, updated_at;

-- name: listInvestmentTransactions :many
-- The transactions of an investment.
SELECT id, type, instrument_id, quantity, unit_price, gross_amount, currency, executed_at
FROM portfolios.transactions
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND basket_investment_id = :basket_investment_id
ORDER BY executed_at, id;

-- name: deletePlannedInvestment :count
-- Takes back an investment that has not begun.
DELETE FROM portfolios.basket_investments
WHERE user_id = :user_id AND id = :basket_investment_id AND status = 'planned';
