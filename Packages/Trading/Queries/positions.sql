-- name: insertPosition :exec
-- A position begins, or is there.
INSERT INTO trading.positions (
    user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency,
    revision, created_at, updated_at)
VALUES (
    :user_id, :position_id, :venue, :mode, :strategy_id, :symbol, :side, :quantity, :average_price,
    :realized_gain, :currency, 1, :now, :now)
ON CONFLICT ON CONSTRAINT positions_symbol_key DO NOTHING;

-- name: lockPosition :optional
-- The position that a fill moves, held until the transaction ends.
SELECT user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency,
    revision, created_at, updated_at
FROM trading.positions
WHERE user_id = :user_id AND venue = :venue AND mode = :mode AND strategy_id IS NOT DISTINCT FROM :strategy_id AND symbol = :symbol
FOR NO KEY UPDATE;

-- name: findPosition :optional
-- A position by its id.
SELECT user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency,
    revision, created_at, updated_at
FROM trading.positions
WHERE user_id = :user_id AND id = :position_id;

-- name: listPositions :many
-- A page of a user's positions.
-- param: after_id Position.ID
SELECT user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency,
    revision, created_at, updated_at
FROM trading.positions
WHERE user_id = :user_id AND id > :after_id AND (quantity > 0 OR :include_closed)
    /*? AND mode = :mode */
ORDER BY id
LIMIT :row_limit;

-- name: updatePosition :optional
-- After a fill, or when they are derived anew.
UPDATE trading.positions
SET side = :side, quantity = :quantity, average_price = :average_price, realized_gain = :realized_gain,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :position_id
RETURNING user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency,
    revision, created_at, updated_at;

-- name: listPositionsOfStrategy :many
-- What a strategy holds.
SELECT user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency,
    revision, created_at, updated_at
FROM trading.positions
WHERE user_id = :user_id AND strategy_id = :strategy_id
ORDER BY symbol, id;

-- name: deletePositions :count
-- Before they are derived anew from the executions.
DELETE FROM trading.positions
WHERE user_id = :user_id;
