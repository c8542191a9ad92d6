-- name: insertBacktest :one
-- A backtest in the queue.
INSERT INTO trading.backtests (
    user_id, id, strategy_id, strategy_version, definition, from_day, until_day, initial_cash, currency,
    parameters, seed, status, created_at, updated_at)
VALUES (
    :user_id, :backtest_id, :strategy_id, :strategy_version, :definition, :from_day, :until_day, :initial_cash,
    :currency, :parameters, :seed, 'queued', :now, :now)
RETURNING user_id, id, strategy_id, strategy_version, definition, from_day, until_day, initial_cash, currency,
    parameters, data_hash, code_version, seed, status, metrics, error, started_at, finished_at, created_at,
    updated_at;

-- name: findBacktest :optional
-- A backtest by its id.
SELECT user_id, id, strategy_id, strategy_version, definition, from_day, until_day, initial_cash, currency,
    parameters, data_hash, code_version, seed, status, metrics, error, started_at, finished_at, created_at,
    updated_at
FROM trading.backtests
WHERE user_id = :user_id AND id = :backtest_id;

-- name: listBacktests :many
-- A page of a strategy's backtests, the latest first.
-- param: before_id Backtest.ID
SELECT user_id, id, strategy_id, strategy_version, definition, from_day, until_day, initial_cash, currency,
    parameters, data_hash, code_version, seed, status, metrics, error, started_at, finished_at, created_at,
    updated_at
FROM trading.backtests
WHERE user_id = :user_id AND strategy_id = :strategy_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listQueuedBacktests :many
-- Backtests that wait, the longest waiting first.
-- role: worker
SELECT user_id, id
FROM trading.backtests
WHERE status = 'queued'
ORDER BY created_at, user_id, id
LIMIT :row_limit;

-- name: startBacktest :optional
-- Takes a backtest that waits; nothing where somebody was faster.
UPDATE trading.backtests
SET status = 'running', started_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :backtest_id AND status = 'queued'
RETURNING user_id, id, strategy_id, strategy_version, definition, from_day, until_day, initial_cash, currency,
    parameters, data_hash, code_version, seed, status, metrics, error, started_at, finished_at, created_at,
    updated_at;

-- name: completeBacktest :count
-- Its result.
UPDATE trading.backtests
SET status = 'succeeded', data_hash = :data_hash!, code_version = :code_version!, metrics = :metrics!,
    finished_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :backtest_id AND status = 'running';

-- name: failBacktest :count
-- It failed, and why.
UPDATE trading.backtests
SET status = 'failed', error = :error!, finished_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :backtest_id AND status = 'running';

-- name: cancelBacktest :count
-- It is not wanted any more.
UPDATE trading.backtests
SET status = 'cancelled', finished_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :backtest_id AND status IN ('queued', 'running');

-- name: deleteBacktest :count
-- Removes a backtest with its fills and its curve.
DELETE FROM trading.backtests
WHERE user_id = :user_id AND id = :backtest_id;

-- name: insertBacktestTrades :exec
-- Fills of a backtest.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewBacktestTrade
INSERT INTO trading.backtest_trades (
    user_id, backtest_id, number, symbol, side, reason, quantity, price, commission, realized_gain, signalled_on,
    filled_on)
SELECT :user_id, :backtest_id, f.number, f.symbol, f.side, f.reason, f.quantity, f.price, f.commission,
    f.realized_gain, f.signalled_on, f.filled_on
FROM unnest(
    :numbers::int[], :symbols::text[], :sides::trading.trade_side[], :reasons::trading.fill_reason[],
    :quantities::numeric[], :prices::numeric[], :commissions::numeric[], :realized_gains::numeric[], :signalled_on::date[], :filled_on::date[]
) AS f (number, symbol, side, reason, quantity, price, commission, realized_gain, signalled_on, filled_on)
RETURNING 1;

-- name: listBacktestTrades :many
-- A page of a backtest's fills.
SELECT user_id, backtest_id, number, symbol, side, reason, quantity, price, commission, realized_gain,
    signalled_on, filled_on
FROM trading.backtest_trades
WHERE user_id = :user_id AND backtest_id = :backtest_id AND number > :after_number
ORDER BY number
LIMIT :row_limit;

-- name: insertEquityPoints :exec
-- The curve of a backtest.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewEquityPoint
INSERT INTO trading.equity_points (user_id, backtest_id, day, equity, cash, drawdown)
SELECT :user_id, :backtest_id, p.day, p.equity, p.cash, p.drawdown
FROM unnest(:days::date[], :equity::numeric[], :cash::numeric[], :drawdowns::numeric[])
    AS p (day, equity, cash, drawdown)
RETURNING 1;

-- name: listEquityPoints :many
-- A page of a backtest's curve.
SELECT user_id, backtest_id, day, equity, cash, drawdown
FROM trading.equity_points
WHERE user_id = :user_id AND backtest_id = :backtest_id AND day > :after_day
ORDER BY day
LIMIT :row_limit;
