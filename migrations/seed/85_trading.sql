-- done when: SELECT EXISTS (SELECT FROM trading.strategies WHERE id = pg_temp.entry('strategy', 'crossing'))
-- tara trades on paper: a strategy with a backtest that was really run over the simulated bars, orders at every
-- stage, and congress filings that were followed. Positions are the roll-up of the executions.

INSERT INTO trading.strategies (
    user_id, id, name, kind, definition, version, status, revision, created_at, updated_at)
SELECT pg_temp.person('tara'), pg_temp.entry('strategy', code), name, kind::trading.strategy_kind, definition::jsonb,
    version,
    status::trading.strategy_status, version, pg_temp.as_of() - 500, pg_temp.as_of() - 60
FROM (VALUES
    ('crossing', 'Crossing', 'moving_average_cross', '{"symbols": ["WLDX"], "fast": 20, "slow": 100}', 2, 'active'),
    ('returning', 'Back to the middle', 'mean_reversion', '{"symbols": ["UGOV"], "window": 30}', 1, 'paused'),
    ('idea', 'An idea', 'custom', '{}', 1, 'draft')
) AS s (code, name, kind, definition, version, status) ORDER BY code;

-- The run: a signal at a close fills at the next open, in whole shares, with a dollar of commission.
CREATE TEMP TABLE bar ON COMMIT DROP AS
SELECT b.day, b.open, b.close, lead(b.day) OVER w AS next_day, lead(b.open) OVER w AS next_open,
    avg(b.close) OVER (w ROWS 19 PRECEDING) > avg(b.close) OVER (w ROWS 99 PRECEDING) AS is_up,
    row_number() OVER w AS n
FROM market.price_bars AS b
WHERE b.instrument_id = pg_temp.instrument('WLDX') AND b.day BETWEEN pg_temp.as_of() - 1300 AND pg_temp.as_of() - 60
WINDOW w AS (ORDER BY b.day);
INSERT INTO trading.backtests (
    user_id, id, strategy_id, strategy_version, definition, from_day, until_day, initial_cash, currency, parameters,
    data_hash, code_version, seed, status, metrics, error, started_at, finished_at, created_at, updated_at)
SELECT pg_temp.person('tara'), pg_temp.entry('backtest', b.code), pg_temp.entry('strategy', b.strategy), 2,
    '{"symbols": ["WLDX"], "fast": 20, "slow": 100}', pg_temp.as_of() - 1300, pg_temp.as_of() - 60, 10000, 'USD',
    '{"commission": "1.00", "slippage": "0"}',
    CASE b.status WHEN 'succeeded' THEN (
        SELECT sha256(convert_to(string_agg(day || '|' || open || '|' || close, E'\n' ORDER BY day), 'UTF8'))
            FROM bar) END,
    CASE b.status WHEN 'succeeded' THEN 'seed-1' END, 1, b.status::trading.backtest_status,
    CASE b.status WHEN 'succeeded' THEN '{}'::jsonb END, CASE b.status WHEN 'failed'
        THEN 'UGOV has no bar before 2016.' END,
    CASE WHEN b.status <> 'queued' THEN pg_temp.as_of() - interval '58 days' END,
    CASE WHEN b.status <> 'queued' THEN pg_temp.as_of() - interval '58 days' + interval '2 seconds' END,
        pg_temp.as_of() - 58,
    pg_temp.as_of() - 58
FROM (VALUES ('crossing', 'crossing', 'succeeded'), ('too-early', 'returning', 'failed'),
    ('again', 'crossing', 'queued'))
    AS b (code, strategy, status) ORDER BY b.code;
DO $$
DECLARE
    tara uuid := pg_temp.person('tara');
    test uuid := pg_temp.entry('backtest', 'crossing');
    b record;
    cash numeric := 10000;
    units numeric := 0;
    paid numeric := 0;
    equity numeric := 10000;
    highest numeric := 10000;
    deepest numeric := 0;
    fills int := 0;
BEGIN
    FOR b IN SELECT * FROM bar ORDER BY day LOOP
        equity := cash + units * b.close;
        highest := greatest(highest, equity);
        deepest := greatest(deepest, 100 * (highest - equity) / highest);
        INSERT INTO trading.equity_points (user_id, backtest_id, day, equity, cash, drawdown)
        VALUES (tara, test, b.day, equity, cash, pg_temp.half_even(100 * (highest - equity) / highest, 4));
        CONTINUE WHEN b.n < 100 OR b.next_day IS NULL OR b.is_up = (units > 0);
        fills := fills + 1;
        IF b.is_up THEN
            units := floor((cash - 1) / b.next_open);
            paid := units * b.next_open + 1;
            cash := cash - paid;
            INSERT INTO trading.backtest_trades (
                user_id, backtest_id, number, symbol, side, reason, quantity, price, commission, signalled_on,
                    filled_on)
            VALUES (tara, test, fills, 'WLDX', 'buy', 'signal', units, b.next_open, 1, b.day, b.next_day);
        ELSE
            cash := cash + units * b.next_open - 1;
            INSERT INTO trading.backtest_trades (
                user_id, backtest_id, number, symbol, side, reason, quantity, price, commission, realized_gain,
                    signalled_on,
                filled_on)
            VALUES (tara, test, fills, 'WLDX', 'sell', 'signal', units, b.next_open, 1, units
                * b.next_open - 1 - paid, b.day,
                b.next_day);
            units := 0;
        END IF;
    END LOOP;
    UPDATE trading.backtests AS t
    SET metrics = jsonb_build_object('final_equity', round(equity, 2)::text, 'fills', fills::text,
        'total_return', pg_temp.half_even(equity / 10000 - 1, 4)::text, 'max_drawdown',
            pg_temp.half_even(deepest, 4)::text)
    WHERE t.user_id = tara AND t.id = test;
END
$$;

INSERT INTO trading.broker_accounts (
    user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap, symbol_cap,
    currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at)
VALUES (pg_temp.person('tara'), pg_temp.entry('broker', 'paper'), 'alpaca', 'paper', 'Paper', pg_temp.no_secret(),
    true, 1000, 5000,
        2000, 'USD', NULL, NULL, 1, pg_temp.as_of() - 400, pg_temp.as_of() - 400),
    (pg_temp.person('tara'), pg_temp.entry('broker', 'live'), 'alpaca', 'live', 'Live, one day', pg_temp.no_secret(),
        false, 100, 200,
        100, 'USD', pg_temp.as_of() - interval '100 days', 'Not before the paper account has a year behind it.', 2,
        pg_temp.as_of() - 120, pg_temp.as_of() - 100);

-- Every purchase filing of a known instrument in the last hundred days was followed at the next open; the feed's own
-- rows give the hash. Then orders of the strategy and by hand, one at each stage.
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT 'congress-' || row_number() OVER (ORDER BY c.filed_on, c.id) AS code, 'congress' AS source, NULL AS strategy,
    c.source_hash, c.ticker AS symbol, 'buy' AS side, NULL::numeric AS quantity, 1000.00 AS notional, 'market'
        AS kind,
    NULL::numeric AS limit_price, CASE WHEN c.filed_on < pg_temp.as_of() - 10 THEN 'settled' ELSE 'filled' END
        AS status,
    o.opens_at AS at, o.open AS price, NULL AS reason
FROM market.congress_trades AS c
CROSS JOIN LATERAL (
    SELECT d.opens_at, b.open FROM market.trading_days AS d
    JOIN market.price_bars AS b ON b.day = d.day AND b.instrument_id = pg_temp.instrument(c.ticker)
    WHERE d.exchange = 'XDEM' AND d.day > c.filed_on ORDER BY d.day LIMIT 1) AS o
WHERE c.source = 'DEMO' AND c.transaction = 'purchase' AND c.ticker IS NOT NULL
    AND c.filed_on > pg_temp.as_of() - 100;
INSERT INTO placed
SELECT h.code, h.source, h.strategy, NULL, h.symbol, h.side, h.quantity, h.notional, h.kind, h.limit_price, h.status,
    pg_temp.as_of() - h.days + interval '15 hours', pg_temp.close(pg_temp.instrument(h.symbol),
        pg_temp.as_of() - h.days), h.reason
FROM (VALUES
    ('cross-in', 'strategy', 'crossing', 'WLDX', 'buy', 40, NULL::numeric, 'market', NULL::numeric, 'settled', 55,
        NULL),
    ('cross-out', 'strategy', 'crossing', 'WLDX', 'sell', 40, NULL, 'market', NULL, 'settled', 20, NULL),
    ('hand-in', 'manual', NULL, 'ORCA', 'buy', 12, NULL, 'market', NULL, 'settled', 40, NULL),
    ('hand-limit', 'manual', NULL, 'HARB', 'buy', 5, NULL, 'limit', 60.00, 'accepted', 2, NULL),
    ('hand-part', 'manual', NULL, 'AURM', 'buy', 10, NULL, 'market', NULL, 'partially_filled', 1, NULL),
    ('hand-gone', 'manual', NULL, 'BLUM', 'buy', 1, NULL, 'limit', 10.00, 'expired', 30, NULL),
    ('hand-back', 'manual', NULL, 'BLUM', 'buy', 1, NULL, 'limit', 20.00, 'cancelled', 29, NULL),
    ('hand-no', 'manual', NULL, 'EURX', 'buy', NULL, 50.00, 'market', NULL, 'rejected', 28,
        '422: the asset takes no notional orders'),
    ('hand-lost', 'manual', NULL, 'RHEI', 'buy', 3, NULL, 'market', NULL, 'failed', 27,
        'The broker could not be reached.'),
    ('sent', 'manual', NULL, 'UGOV', 'buy', 2, NULL, 'market', NULL, 'submitted', 0, NULL),
    ('intent', 'strategy', 'crossing', 'WLDX', 'buy', 41, NULL, 'market', NULL, 'pending', 0, NULL)
) AS h (code, source, strategy, symbol, side, quantity, notional, kind, limit_price, status, days, reason);
ALTER TABLE placed ADD filled numeric;
UPDATE placed SET filled = CASE WHEN status IN ('filled', 'settled')
    THEN coalesce(quantity, trunc(notional / price, 6))
    WHEN status = 'partially_filled' THEN 4 ELSE 0 END;

INSERT INTO trading.trades (
    user_id, id, strategy_id, venue, mode, source, source_hash, client_order_id, alpaca_order_id, symbol, side,
        quantity,
    notional, order_type, time_in_force, limit_price, currency, status, filled_quantity, average_price, commission,
        reason,
    submitted_at, accepted_at, filled_at, settled_at, ended_at, revision, created_at, updated_at)
SELECT pg_temp.person('tara'), pg_temp.id(p.at, 'trade ' || code),
    CASE WHEN strategy IS NOT NULL THEN pg_temp.entry('strategy', strategy) END, 'alpaca', 'paper',
        source::trading.trade_source,
    source_hash, 'grove-seed-' || code, CASE WHEN status NOT IN ('pending', 'submitted', 'failed', 'rejected')
        THEN 'seed-' || code END,
    symbol, side::trading.trade_side, quantity, notional, kind::trading.order_type, 'day', limit_price, 'USD',
    status::trading.trade_status, filled, CASE WHEN filled > 0 THEN price END, 0, reason,
    CASE WHEN status NOT IN ('pending', 'failed') THEN p.at + interval '1 second' END,
    CASE WHEN status NOT IN ('pending', 'submitted', 'failed', 'rejected') THEN p.at + interval '2 seconds' END,
    CASE WHEN status IN ('filled', 'settled') THEN p.at + interval '5 seconds' END,
    CASE status WHEN 'settled' THEN p.at + interval '1 day' END,
    CASE WHEN status IN ('cancelled', 'rejected', 'expired', 'failed') THEN p.at + interval '5 hours' END, 3, p.at,
    p.at + interval '5 hours'
FROM placed AS p ORDER BY p.at, code;
-- Two executions an order where the quantity allows, else one.
INSERT INTO trading.executions (
    user_id, id, trade_id, provider_id, quantity, price, commission, executed_at, created_at)
SELECT pg_temp.person('tara'), pg_temp.id(p.at + part * interval '2 seconds', 'execution ' || code || part),
    pg_temp.id(p.at, 'trade ' || code), 'alpaca:seed-' || code || '-' || part,
    CASE WHEN quantity IS NULL THEN filled ELSE filled / 2 END, price, 0, p.at + (2 + part) * interval '1 second',
    p.at + (2 + part) * interval '1 second'
FROM placed AS p CROSS JOIN generate_series(1, 2) AS part
WHERE filled > 0 AND (part = 1 OR quantity IS NOT NULL) ORDER BY p.at, code, part;
-- What was sold here was sold after all of it was bought, so the average of the purchases is its cost.
INSERT INTO trading.positions (
    user_id, id, venue, mode, strategy_id, symbol, side, quantity, average_price, realized_gain, currency, revision,
    created_at, updated_at)
SELECT pg_temp.person('tara'), pg_temp.entry('position', coalesce(strategy, '') || symbol), 'alpaca', 'paper',
    CASE WHEN strategy IS NOT NULL THEN pg_temp.entry('strategy', strategy) END, symbol, 'long', s.bought - s.sold,
    CASE WHEN s.bought > s.sold THEN pg_temp.quotient(s.paid, s.bought) ELSE 0 END,
    s.received - pg_temp.quotient(s.paid * s.sold, s.bought), 'USD', 3, s.first_at, s.last_at
FROM (
    SELECT strategy, symbol, min(at) AS first_at, max(at) AS last_at,
        sum(CASE side WHEN 'buy' THEN filled ELSE 0 END) AS bought, sum(CASE side WHEN 'sell' THEN filled ELSE 0 END)
            AS sold,
        sum(CASE side WHEN 'buy' THEN filled * price ELSE 0 END) AS paid,
        sum(CASE side WHEN 'sell' THEN filled * price ELSE 0 END) AS received
    FROM placed WHERE filled > 0 GROUP BY strategy, symbol
) AS s ORDER BY 2;
