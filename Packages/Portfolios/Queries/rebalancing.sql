-- name: insertRebalanceRun :one
-- A planned run. A second one that has not ended violates `rebalance_runs_open_key`.
INSERT INTO portfolios.rebalance_runs (
    user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, revision, created_at,
    updated_at)
VALUES (
    :user_id, :rebalance_run_id, :portfolio_id, :basket_id, :basket_version, :trigger, 'planned', :plan,
    :resumes, 1, :now, :now)
RETURNING user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
    failure_reason, revision, created_at, updated_at;

-- name: findRebalanceRun :optional
-- A run by its id.
SELECT user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
    failure_reason, revision, created_at, updated_at
FROM portfolios.rebalance_runs
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND id = :rebalance_run_id;

-- name: lockRebalanceRun :optional
-- The same, held until the transaction ends.
SELECT user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
    failure_reason, revision, created_at, updated_at
FROM portfolios.rebalance_runs
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND id = :rebalance_run_id
FOR NO KEY UPDATE;

-- name: findOpenRebalanceRun :optional
-- The run of a portfolio that has not ended.
SELECT user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
    failure_reason, revision, created_at, updated_at
FROM portfolios.rebalance_runs
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND status IN ('planned', 'running');

-- name: listRebalanceRuns :many
-- A page of a portfolio's runs, the latest first.
-- param: before_id RebalanceRun.ID
SELECT user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
    failure_reason, revision, created_at, updated_at
FROM portfolios.rebalance_runs
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listPlannedRuns :many
-- A page of every user's runs that have not ended, one a portfolio.
-- role: worker
-- param: after_user_id User.ID
-- param: after_portfolio_id Portfolio.ID
SELECT user_id, id, portfolio_id, status
FROM portfolios.rebalance_runs
WHERE status IN ('planned', 'running') AND (user_id, portfolio_id) > (:after_user_id, :after_portfolio_id)
ORDER BY user_id, portfolio_id
LIMIT :row_limit;

-- name: startRebalanceRun :optional
-- A planned run begins.
UPDATE portfolios.rebalance_runs
SET status = 'running', started_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :rebalance_run_id AND status = 'planned'
RETURNING user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
    failure_reason, revision, created_at, updated_at;

-- name: endRebalanceRun :optional
-- A run ended.
UPDATE portfolios.rebalance_runs
SET status = :status, ended_at = :now, failure_reason = :failure_reason, revision = revision + 1,
    updated_at = :now
WHERE user_id = :user_id AND id = :rebalance_run_id AND status IN ('planned', 'running')
RETURNING user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
    failure_reason, revision, created_at, updated_at;

-- name: insertRebalanceOrders :exec
-- The orders of a run; one with a reason to skip it is skipped.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewRebalanceOrder
INSERT INTO portfolios.rebalance_orders (
    user_id, id, portfolio_id, run_id, instrument_id, side, amount, currency, status, skip_reason, created_at, updated_at)
SELECT :user_id, o.id, :portfolio_id, :run_id, o.instrument_id, o.side, o.amount, :currency,
    (CASE WHEN o.skip_reason IS NULL THEN 'planned' ELSE 'skipped' END)::portfolios.rebalance_order_status,
    o.skip_reason, :now, :now
FROM unnest(
    :ids::uuid[], :instrument_ids::uuid[], :sides::portfolios.order_side[], :amounts::numeric[],
    :skip_reasons::portfolios.rebalance_skip_reason[]
) AS o (id, instrument_id, side, amount, skip_reason)
RETURNING 1;

-- name: findRebalanceOrder :optional
-- An order by its id.
SELECT user_id, id, portfolio_id, run_id, instrument_id, side, amount, currency, status, skip_reason,
    transaction_id, failure_reason, created_at, updated_at
FROM portfolios.rebalance_orders
WHERE user_id = :user_id AND id = :rebalance_order_id;

-- name: listRebalanceOrders :many
-- The orders of a run: sells, then buys.
-- explain: sort because a run has one order for each instrument of a basket
SELECT user_id, id, portfolio_id, run_id, instrument_id, side, amount, currency, status, skip_reason,
    transaction_id, failure_reason, created_at, updated_at
FROM portfolios.rebalance_orders
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND run_id = :run_id
ORDER BY side DESC, instrument_id;

-- name: setRebalanceOrderStatus :optional
-- How an order goes on.
UPDATE portfolios.rebalance_orders
SET status = :status, skip_reason = :skip_reason, transaction_id = :transaction_id,
    failure_reason = :failure_reason, updated_at = :now
WHERE user_id = :user_id AND id = :rebalance_order_id
RETURNING user_id, id, portfolio_id, run_id, instrument_id, side, amount, currency, status, skip_reason,
    transaction_id, failure_reason, created_at, updated_at;

-- name: cancelOpenOrders :count
-- What a cancelled run has not done.
UPDATE portfolios.rebalance_orders
SET status = 'cancelled', updated_at = :now
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND run_id = :run_id AND status = 'planned';

-- name: deletePlannedRun :count
-- Throws a plan away that did not begin, with its orders.
DELETE FROM portfolios.rebalance_runs
WHERE user_id = :user_id AND id = :rebalance_run_id AND status = 'planned';
