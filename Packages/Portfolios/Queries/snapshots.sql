-- name: upsertSnapshot :exec
-- What a portfolio was worth on a day, written anew where it is known.
INSERT INTO portfolios.portfolio_snapshots (
    user_id, portfolio_id, day, currency, value, net_invested, cash, has_stale_prices, created_at, updated_at)
VALUES (
    :user_id, :portfolio_id, :day, :currency, :value, :net_invested, :cash, :has_stale_prices, :now, :now)
ON CONFLICT ON CONSTRAINT portfolio_snapshots_pkey DO UPDATE
SET currency = excluded.currency, value = excluded.value, net_invested = excluded.net_invested, cash = excluded.cash,
    has_stale_prices = excluded.has_stale_prices, updated_at = excluded.updated_at;

-- name: findSnapshot :optional
-- The last snapshot on or before a day.
SELECT user_id, portfolio_id, day, currency, value, net_invested, cash, has_stale_prices, created_at, updated_at
FROM portfolios.portfolio_snapshots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND day <= :day
ORDER BY day DESC
LIMIT 1;

-- name: listSnapshots :many
-- The snapshots of a portfolio between two days.
SELECT user_id, portfolio_id, day, currency, value, net_invested, cash, has_stale_prices, created_at, updated_at
FROM portfolios.portfolio_snapshots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND day BETWEEN :from_day AND :until_day
ORDER BY day;

-- name: deleteSnapshotsFrom :count
-- A transaction of an earlier day makes them anew from there on.
DELETE FROM portfolios.portfolio_snapshots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND day >= :day;

-- name: listPortfoliosToValue :many
-- A page of every user's portfolios that are not archived.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id Portfolio.ID
SELECT user_id, id, base_currency
FROM portfolios.portfolios
WHERE archived_at IS NULL AND (user_id, id) > (:after_user_id, :after_id)
ORDER BY user_id, id
LIMIT :row_limit;
