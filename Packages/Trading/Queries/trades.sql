-- name: insertTrade :one
-- An intent, before the broker is asked. A filing that is followed already violates `trades_source_hash_key`,
-- and a client order id of before `trades_client_order_id_key`.
INSERT INTO trading.trades (
    user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, symbol, side, quantity,
    notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity, commission,
    reason, revision, created_at, updated_at)
VALUES (
    :user_id, :trade_id, :strategy_id, :venue, :mode, :source, :source_hash, :client_order_id, :symbol, :side,
    :quantity, :notional, :order_type, :time_in_force, :limit_price, :stop_price, :currency, 'pending', 0, 0,
    :reason, 1, :now, :now)
RETURNING user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at;

-- name: findTrade :optional
-- An order by its id.
SELECT user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at
FROM trading.trades
WHERE user_id = :user_id AND id = :trade_id;

-- name: lockTrade :optional
-- The same, held until the transaction ends.
SELECT user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at
FROM trading.trades
WHERE user_id = :user_id AND id = :trade_id
FOR NO KEY UPDATE;

-- name: findTradeByClientOrderID :optional
-- The order of a client order id, to adopt what the broker has of it.
SELECT user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at
FROM trading.trades
WHERE user_id = :user_id AND client_order_id = :client_order_id;

-- name: findTradeOfFiling :optional
-- The order by which a filing was followed.
SELECT user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at
FROM trading.trades
WHERE user_id = :user_id AND source_hash = :source_hash;

-- name: listTrades :many
-- A page of a user's orders, the latest first.
-- param: before_id Trade.ID
SELECT user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at
FROM trading.trades
WHERE user_id = :user_id AND id < :before_id
    /*? AND mode = :mode */
    /*? AND status = :status */
ORDER BY id DESC
LIMIT :row_limit;

-- name: listTradesOfSymbol :many
-- The same of one symbol.
-- param: before_id Trade.ID
SELECT user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at
FROM trading.trades
WHERE user_id = :user_id AND symbol = :symbol AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listTradesOfStrategy :many
-- The same of one strategy.
-- param: before_id Trade.ID
SELECT user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at
FROM trading.trades
WHERE user_id = :user_id AND strategy_id = :strategy_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listOpenTrades :many
-- A page of every user's orders that have not ended, to be followed.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id Trade.ID
SELECT user_id, id, venue, mode, status, client_order_id
FROM trading.trades
WHERE status IN ('pending', 'submitted', 'accepted', 'partially_filled') AND (user_id, id) > (:after_user_id, :after_id)
ORDER BY user_id, id
LIMIT :row_limit;

-- name: listOrderedToday :many
-- What was ordered since a moment and has not come to nothing: for the caps.
-- param: after_id Trade.ID
SELECT id, symbol, notional, quantity, filled_quantity, average_price
FROM trading.trades
WHERE user_id = :user_id AND id > :after_id AND venue = :venue AND mode = :mode
    AND status NOT IN ('cancelled', 'rejected', 'expired', 'failed');

-- name: submitTrade :optional
-- The broker was asked.
UPDATE trading.trades
SET status = 'submitted', client_order_id = :client_order_id!, submitted_at = :now, revision = revision + 1,
    updated_at = :now
WHERE user_id = :user_id AND id = :trade_id AND status = 'pending'
RETURNING user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at;

-- name: resizeTrade :count
-- The broker refuses a notional: whole shares instead, before it is asked again.
UPDATE trading.trades
SET quantity = :quantity!, notional = NULL, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :trade_id AND status = 'pending';

-- name: updateTrade :optional
-- What the broker says. It never goes back: the use case holds the row and knows the machine.
UPDATE trading.trades
SET status = :status, alpaca_order_id = :alpaca_order_id, filled_quantity = :filled_quantity,
    average_price = :average_price, commission = :commission, reason = :reason, accepted_at = :accepted_at,
    filled_at = :filled_at, settled_at = :settled_at, ended_at = :ended_at, revision = revision + 1,
    updated_at = :now
WHERE user_id = :user_id AND id = :trade_id
RETURNING user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
    quantity, notional, order_type, time_in_force, limit_price, stop_price, currency, status, filled_quantity,
    average_price, commission, reason, submitted_at, accepted_at, filled_at, settled_at, ended_at, revision,
    created_at, updated_at;

-- name: insertExecution :optional
-- A fill, or nothing where the broker told it before.
INSERT INTO trading.executions (
    user_id, id, trade_id, provider_id, quantity, price, commission, executed_at, created_at)
VALUES (
    :user_id, :execution_id, :trade_id, :provider_id, :quantity, :price, :commission, :executed_at, :now)
ON CONFLICT ON CONSTRAINT executions_provider_id_key DO NOTHING
RETURNING user_id, id, trade_id, provider_id, quantity, price, commission, executed_at, created_at;

-- name: findExecution :optional
-- A fill by its id.
SELECT user_id, id, trade_id, provider_id, quantity, price, commission, executed_at, created_at
FROM trading.executions
WHERE user_id = :user_id AND id = :execution_id;

-- name: listExecutions :many
-- A page of an order's fills.
-- param: after_id Execution.ID
SELECT user_id, id, trade_id, provider_id, quantity, price, commission, executed_at, created_at
FROM trading.executions
WHERE user_id = :user_id AND trade_id = :trade_id AND id > :after_id
ORDER BY id
LIMIT :row_limit;
