-- name: countTradingDays :one
-- How many days of an exchange come from a source.
-- explain: scan because an exchange's days are a large part of all
SELECT count(*) FROM market.trading_days WHERE exchange = :exchange AND source = :source;

-- name: lockTradingDays :exec
-- One process at a time writes an exchange's days.
SELECT pg_advisory_xact_lock(hashtextextended('market.trading_days ' || :exchange, 0));

-- name: writeTradingDays :exec
-- The trading days of an exchange, and their new hours or source.
-- rows: NewTradingDay
INSERT INTO market.trading_days AS known (exchange, day, opens_at, closes_at, source, created_at, updated_at)
SELECT :exchange, incoming.day, incoming.opens_at, incoming.closes_at, :source, :now, :now
FROM unnest(:days::date[], :opens_at::timestamptz[], :closes_at::timestamptz[])
    AS incoming (day, opens_at, closes_at)
ON CONFLICT ON CONSTRAINT trading_days_pkey DO UPDATE
SET opens_at = excluded.opens_at, closes_at = excluded.closes_at, source = excluded.source,
    updated_at = excluded.updated_at
WHERE (known.opens_at, known.closes_at, known.source) IS DISTINCT FROM
    (excluded.opens_at, excluded.closes_at, excluded.source);

-- name: deleteOlderTradingDays :count
-- What another source, or an older version of it, took for a trading day.
-- explain: scan because an exchange's days are a large part of all
DELETE FROM market.trading_days WHERE exchange = :exchange AND source <> :source;

-- name: listTradingDays :many
-- The trading days of an exchange from a day to a day, both included.
SELECT exchange, day, opens_at, closes_at, source, created_at, updated_at
FROM market.trading_days
WHERE exchange = :exchange AND day BETWEEN :from_day AND :to_day
ORDER BY day
LIMIT :row_limit;

-- name: hasTradingDays :one
-- Whether an exchange is known.
-- explain: scan because an exchange's days are a large part of all
SELECT EXISTS (SELECT FROM market.trading_days WHERE exchange = :exchange) AS has_days;
