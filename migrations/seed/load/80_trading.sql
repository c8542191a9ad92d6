-- Every fifth user trades on paper: a strategy with a backtest, orders with their executions, and the positions that
-- follow from them.
CREATE TEMP TABLE trader ON COMMIT DROP AS
SELECT p.*, pg_temp.id(p.at, 'strategy ' || p.n) AS strategy_id,
    pg_temp.id(pg_temp.as_of() - interval '400 days', 'backtest ' || p.n) AS backtest_id
FROM person AS p WHERE p.n % 5 = 1;
INSERT INTO trading.strategies (
    user_id, id, name, kind, definition, version, status, revision, created_at, updated_at)
SELECT id, strategy_id, 'Crossing', 'moving_average_cross', '{"fast": 20, "slow": 100, "symbols": ["WLDX"]}', 1,
    'active',
    1, at, at
FROM trader ORDER BY n;
INSERT INTO trading.backtests (
    user_id, id, strategy_id, strategy_version, definition, from_day, until_day, initial_cash, currency, parameters,
    data_hash, code_version, seed, status, metrics, started_at, finished_at, created_at, updated_at)
SELECT id, backtest_id, strategy_id, 1, '{"fast": 20, "slow": 100, "symbols": ["WLDX"]}', pg_temp.as_of() - 400,
    pg_temp.as_of() - 50, 10000, 'USD', '{"commission": "1.00"}', sha256(convert_to('bars ' || n, 'UTF8')), 'seed', n,
    'succeeded', '{"total_return": "0.0000", "max_drawdown": "0.0000"}', pg_temp.as_of() - interval '40 days',
    pg_temp.as_of() - interval '40 days' + interval '2 seconds', pg_temp.as_of() - interval '40 days',
    pg_temp.as_of() - interval '40 days' + interval '2 seconds'
FROM trader ORDER BY n;
INSERT INTO trading.equity_points (user_id, backtest_id, day, equity, cash, drawdown)
SELECT t.id, t.backtest_id, d.day, 10000, 10000, 0
FROM trader AS t
CROSS JOIN (
    SELECT day FROM market.trading_days
    WHERE exchange = 'XDEM' AND day BETWEEN pg_temp.as_of() - 400 AND pg_temp.as_of() - 50) AS d
WHERE t.size > 150 ORDER BY t.n, d.day;
INSERT INTO trading.backtest_trades (
    user_id, backtest_id, number, symbol, side, reason, quantity, price, commission, realized_gain, signalled_on,
        filled_on)
SELECT id, backtest_id, k, 'WLDX', (CASE k % 2 WHEN 1 THEN 'buy' ELSE 'sell' END)::trading.trade_side, 'signal', 10,
    100, 1,
    CASE k % 2 WHEN 0 THEN -2 END, pg_temp.as_of() - 400 + k * 10, pg_temp.as_of() - 399 + k * 10
FROM trader CROSS JOIN generate_series(1, 20) AS k WHERE size > 150 ORDER BY n, k;
INSERT INTO trading.broker_accounts (
    user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap, currency,
    revision, created_at, updated_at)
SELECT id, pg_temp.id(at, 'broker ' || n), 'alpaca', 'paper', 'Paper', pg_temp.no_secret(),
    n % 2 = 0, 1000, 5000, 'USD', 1, at, at
FROM trader ORDER BY n;

CREATE TEMP TABLE trade ON COMMIT DROP AS
SELECT t.n, k, t.id AS user_id, t.strategy_id, moment.at, pg_temp.id(moment.at, 'trade ' || t.n || ' ' || k) AS id,
    (ARRAY['HARB', 'ORCA', 'WLDX'])[1 + k % 3] AS symbol, 1 + pg_temp.pick('trade ' || t.n || ' ' || k, 20)
        AS quantity,
    20 + pg_temp.pick('price ' || t.n || ' ' || k, 8000) / 100.0 AS price, k % 9 = 8 AS is_open
FROM trader AS t
CROSS JOIN LATERAL generate_series(0, least(t.size / 4, 50000)) AS k
CROSS JOIN LATERAL (SELECT t.at + (k + 1) * (pg_temp.as_of() - t.at) / (2 + t.size / 4) AS at) AS moment;
INSERT INTO trading.trades (
    user_id, id, strategy_id, venue, mode, source, client_order_id, alpaca_order_id, symbol, side, quantity,
        order_type,
    time_in_force, currency, status, filled_quantity, average_price, commission, submitted_at, accepted_at, filled_at,
    revision, created_at, updated_at)
SELECT user_id, id, strategy_id, 'alpaca', 'paper', 'strategy', 'grove-' || id, 'alp-' || n || '-' || k, symbol,
    'buy', quantity,
    'market', 'day', 'USD', (CASE WHEN is_open THEN 'accepted' ELSE 'filled' END)::trading.trade_status,
    CASE WHEN is_open THEN 0 ELSE quantity END, CASE WHEN NOT is_open THEN price END, 0, at + interval '1 second',
    at + interval '2 seconds', CASE WHEN NOT is_open THEN at + interval '3 seconds' END, 3, at,
        at + interval '3 seconds'
FROM trade ORDER BY n, k;
INSERT INTO trading.executions (
    user_id, id, trade_id, provider_id, quantity, price, commission, executed_at, created_at)
SELECT user_id, pg_temp.sibling(id, '9'), id, 'alpaca:' || n || '-' || k, quantity, price, 0,
    at + interval '3 seconds',
    at + interval '3 seconds'
FROM trade WHERE NOT is_open ORDER BY n, k;
INSERT INTO trading.positions (
    user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency, revision,
    created_at, updated_at)
SELECT user_id, pg_temp.id(min(at), 'position ' || n || symbol), 'alpaca', 'paper', strategy_id, symbol, 'long',
    sum(quantity),
    pg_temp.quotient(sum(quantity * price), sum(quantity)), 0, 'USD', count(*)::int, min(at), max(at)
FROM trade WHERE NOT is_open GROUP BY n, user_id, strategy_id, symbol ORDER BY n, symbol;
