-- name: insertStrategy :one
-- A new strategy. A name that is taken violates `strategies_name_key`.
INSERT INTO trading.strategies (
    user_id, id, name, kind, definition, version, status, revision, created_at, updated_at)
VALUES (
    :user_id, :strategy_id, :name, :kind, :definition, 1, 'draft', 1, :now, :now)
RETURNING user_id, id, name, kind, definition, version, status, revision, created_at, updated_at;

-- name: findStrategy :optional
-- A strategy by its id.
SELECT user_id, id, name, kind, definition, version, status, revision, created_at, updated_at
FROM trading.strategies
WHERE user_id = :user_id AND id = :strategy_id;

-- name: lockStrategy :optional
-- The same, held until the transaction ends.
SELECT user_id, id, name, kind, definition, version, status, revision, created_at, updated_at
FROM trading.strategies
WHERE user_id = :user_id AND id = :strategy_id
FOR NO KEY UPDATE;

-- name: listStrategies :many
-- A page of a user's strategies.
-- param: after_id Strategy.ID
SELECT user_id, id, name, kind, definition, version, status, revision, created_at, updated_at
FROM trading.strategies
WHERE user_id = :user_id AND id > :after_id
    /*? AND status = :status */
ORDER BY id
LIMIT :row_limit;

-- name: listActiveStrategies :many
-- A page of every user's active strategies, to be evaluated.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id Strategy.ID
SELECT user_id, id, kind
FROM trading.strategies
WHERE status = 'active' AND (user_id, id) > (:after_user_id, :after_id)
ORDER BY user_id, id
LIMIT :row_limit;

-- name: updateStrategy :optional
-- Another name or definition, if the revision is still the one that was read.
-- param: kind StrategyKind
-- param: definition String
UPDATE trading.strategies
SET name = :name, kind = :kind, definition = :definition,
    version = CASE WHEN (kind, definition) IS DISTINCT FROM (:kind, :definition) THEN version + 1 ELSE version END,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :strategy_id AND revision = :revision
RETURNING user_id, id, name, kind, definition, version, status, revision, created_at, updated_at;

-- name: setStrategyStatus :optional
-- Active, paused or archived.
UPDATE trading.strategies
SET status = :status, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :strategy_id
RETURNING user_id, id, name, kind, definition, version, status, revision, created_at, updated_at;

-- name: deleteStrategy :count
-- Removes a strategy with its backtests. One that has traded violates `trades_strategy_fkey` or
-- `positions_strategy_fkey`.
DELETE FROM trading.strategies
WHERE user_id = :user_id AND id = :strategy_id;
