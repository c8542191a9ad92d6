-- done when: SELECT EXISTS (SELECT FROM portfolios.basket_subscriptions WHERE id = pg_temp.entry('subscription', 'welt'))
-- cleo's portfolio follows a basket: a run that was cancelled, the one that went on with it, and the next plan. And
-- what the portfolios were worth, at the first of each month and on each of the last thirty trading days.

INSERT INTO portfolios.basket_subscriptions (
    user_id, id, portfolio_id, basket_id, drift_absolute, drift_relative, calendar, minimum_order, currency,
        cooldown_days,
    paused_at, last_rebalanced_at, revision, created_at, updated_at)
SELECT pg_temp.person('cleo'), pg_temp.entry('subscription', 'welt'), pg_temp.portfolio('welt'),
    pg_temp.entry('basket', 'swiss-home'), 5, 25, 'quarterly', 20, 'CHF', 14, NULL, max(executed_at), 2,
    pg_temp.as_of() - 1200, max(executed_at)
FROM portfolios.transactions WHERE portfolio_id = pg_temp.portfolio('welt') AND note = 'rebalance';

CREATE TEMP TABLE run ON COMMIT DROP AS
SELECT r.*, pg_temp.entry('rebalance', r.code) AS id, t.at + r.after AS at
FROM (VALUES
    ('stopped', 'drift', 'cancelled', interval '-2 days', NULL),
        ('resumed', 'drift', 'completed', interval '-1 minute', 'stopped'),
    ('next', 'calendar', 'planned', interval '290 days', NULL)
) AS r (code, trigger, status, after, resumes)
CROSS JOIN (
    SELECT min(executed_at) AS at FROM portfolios.transactions
    WHERE portfolio_id = pg_temp.portfolio('welt') AND note = 'rebalance') AS t;
INSERT INTO portfolios.rebalance_runs (
    user_id, id, portfolio_id, basket_id, basket_version, trigger, status, plan, resumes, started_at, ended_at,
        revision,
    created_at, updated_at)
SELECT pg_temp.person('cleo'), id, pg_temp.portfolio('welt'), pg_temp.entry('basket', 'swiss-home'), 1,
    trigger::portfolios.rebalance_trigger, status::portfolios.rebalance_status,
    jsonb_build_object('currency', 'CHF', 'orders', jsonb_build_array(
        jsonb_build_object('symbol', 'SWSX', 'side', 'sell', 'amount', '320.00'),
        jsonb_build_object('symbol', 'CGOV', 'side', 'buy', 'amount', '310.00'),
        jsonb_build_object('symbol', 'ALPN', 'side', 'buy', 'amount', '8.40'))),
    CASE WHEN resumes IS NOT NULL THEN pg_temp.entry('rebalance', resumes) END,
    CASE WHEN status <> 'planned' THEN run.at END, CASE WHEN status <> 'planned' THEN run.at + interval '2 minutes'
        END, 2, run.at,
    run.at + interval '2 minutes'
FROM run ORDER BY run.at;
INSERT INTO portfolios.rebalance_orders (
    user_id, id, portfolio_id, run_id, instrument_id, side, amount, currency, status, skip_reason, transaction_id,
    created_at, updated_at)
SELECT pg_temp.person('cleo'), pg_temp.entry('order', r.code || o.symbol), pg_temp.portfolio('welt'), r.id,
    pg_temp.instrument(o.symbol), o.side::portfolios.order_side, coalesce(t.gross_amount, o.amount), 'CHF', (CASE
        WHEN o.symbol = 'ALPN' THEN 'skipped' WHEN r.code = 'stopped' THEN 'cancelled'
        WHEN r.code = 'resumed' THEN 'completed' ELSE 'planned' END)::portfolios.rebalance_order_status,
    CASE o.symbol WHEN 'ALPN' THEN 'below_minimum' END::portfolios.rebalance_skip_reason,
    t.id, r.at, r.at
FROM run AS r
CROSS JOIN (VALUES ('SWSX', 'sell', 320.00), ('CGOV', 'buy', 310.00), ('ALPN', 'buy', 8.40))
    AS o (symbol, side, amount)
LEFT JOIN portfolios.transactions AS t
    ON t.portfolio_id = pg_temp.portfolio('welt') AND t.note = 'rebalance' AND r.code = 'resumed'
        AND t.instrument_id = pg_temp.instrument(o.symbol)
ORDER BY r.at, o.symbol;

-- What is held and what cash there is on a day follow from the postings up to its end.
CREATE TEMP TABLE depot ON COMMIT DROP AS
SELECT p.user_id, p.id, p.base_currency, p.tracks_cash, d.day
FROM portfolios.portfolios AS p
CROSS JOIN (
    SELECT min(day) AS day FROM market.trading_days WHERE exchange = 'XDEM' AND day <= pg_temp.as_of()
    GROUP BY date_trunc('month', day)
    UNION
    (SELECT day FROM market.trading_days WHERE exchange = 'XDEM' AND day <= pg_temp.as_of()
        ORDER BY day DESC LIMIT 30)
) AS d
JOIN users.users AS u ON u.email LIKE '%@seed.example' AND u.email NOT LIKE 'load-%'
WHERE p.user_id = u.id AND d.day > p.created_at
    AND EXISTS (SELECT FROM portfolios.postings AS o WHERE o.user_id = p.user_id AND o.portfolio_id = p.id);

CREATE TEMP TABLE movement ON COMMIT DROP AS
SELECT p.portfolio_id, p.created_at::date AS day, p.instrument_id, coalesce(p.currency, n.currency) AS currency,
    CASE WHEN p.to_account IN ('asset', 'cash') THEN p.amount ELSE -p.amount END AS amount
FROM portfolios.postings AS p
LEFT JOIN market.instruments AS n ON n.id = p.instrument_id
WHERE p.portfolio_id IN (SELECT id FROM depot)
    AND CASE WHEN p.instrument_id IS NULL THEN 'cash' ELSE 'asset' END::portfolios.posting_account
        IN (p.from_account, p.to_account);
-- Where cash is tracked, what was paid in and out; where not, what was bought and sold; and what was transferred.
CREATE TEMP TABLE flow ON COMMIT DROP AS
SELECT t.portfolio_id, t.executed_at::date AS day,
    pg_temp.half_even(f.amount * pg_temp.rate(t.currency, p.base_currency, t.executed_at::date), 18) AS value
FROM portfolios.transactions AS t
JOIN portfolios.portfolios AS p ON p.user_id = t.user_id AND p.id = t.portfolio_id
LEFT JOIN portfolios.transaction_fees AS x ON x.user_id = t.user_id AND x.transaction_id = t.id
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.type IN ('deposit', 'transfer_in', 'adjustment') THEN t.gross_amount
        WHEN t.type = 'withdrawal' THEN -t.gross_amount
        WHEN p.tracks_cash THEN 0
        WHEN t.type = 'buy' THEN t.gross_amount + coalesce(x.amount, 0)
        WHEN t.type IN ('sell', 'dividend', 'interest') THEN coalesce(x.amount, 0) - t.gross_amount
        ELSE 0 END AS amount) AS f
WHERE t.portfolio_id IN (SELECT id FROM depot) AND t.status = 'completed' AND t.reverses IS NULL AND f.amount <> 0;
CREATE INDEX ON movement (portfolio_id);
CREATE INDEX ON flow (portfolio_id);
ANALYZE movement;
ANALYZE flow;

INSERT INTO portfolios.portfolio_snapshots (
    user_id, portfolio_id, day, currency, value, net_invested, cash, has_stale_prices, created_at, updated_at)
SELECT d.user_id, d.id, d.day, d.base_currency, m.value, coalesce(f.value, 0), coalesce(m.cash, 0), false,
    d.day + time '22:30', d.day + time '22:30'
FROM depot AS d
CROSS JOIN LATERAL (
    SELECT sum(v.value) AS value, sum(v.value) FILTER (WHERE v.instrument_id IS NULL) AS cash
    FROM (
        SELECT s.instrument_id, pg_temp.half_even(
            pg_temp.half_even(s.amount * coalesce(pg_temp.close(s.instrument_id, d.day), 1), 18)
                * pg_temp.rate(s.currency, d.base_currency, d.day), 18) AS value
        FROM (
            SELECT instrument_id, currency, sum(amount) AS amount FROM movement
            WHERE portfolio_id = d.id AND day <= d.day GROUP BY instrument_id, currency) AS s) AS v) AS m
CROSS JOIN LATERAL (SELECT sum(value) AS value FROM flow WHERE portfolio_id = d.id AND day <= d.day) AS f
WHERE m.value IS NOT NULL
ORDER BY d.user_id, d.id, d.day;
