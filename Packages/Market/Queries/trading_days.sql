-- name: upsertTradingDay :exec
-- A trading day, or its new hours.
INSERT INTO market.trading_days (
    exchange, day, opens_at, closes_at, source, created_at, updated_at)
VALUES (
    :exchange, :day, :opens_at, :closes_at, :source, :now, :now)
ON CONFLICT ON CONSTRAINT trading_days_pkey DO UPDATE
SET opens_at = excluded.opens_at, closes_at = excluded.closes_at, source = excluded.source,
    updated_at = excluded.updated_at;

-- name: findTradingDay :optional
-- A day of an exchange; nil where it does not trade.
SELECT exchange, day, opens_at, closes_at, source, created_at, updated_at
FROM market.trading_days
WHERE exchange = :exchange AND day = :day;

-- name: listTradingDays :many
-- The trading days of an exchange from a day on.
SELECT exchange, day, opens_at, closes_at, source, created_at, updated_at
FROM market.trading_days
WHERE exchange = :exchange AND day >= :from_day
ORDER BY day
LIMIT :row_limit;

-- name: findPrecedingTradingDay :optional
-- The last trading day on or before a day.
SELECT exchange, day, opens_at, closes_at, source, created_at, updated_at
FROM market.trading_days
WHERE exchange = :exchange AND day <= :day
ORDER BY day DESC
LIMIT 1;

-- name: deleteTradingDay :count
-- A day turned out to be a holiday.
DELETE FROM market.trading_days
WHERE exchange = :exchange AND day = :day;
