-- What the servers of `bench http` read and write, in Grove's own schema: a thousand users, each with a portfolio that
-- holds ten instruments in five lots each, and an empty portfolio for every contender's purchases.
INSERT INTO platform.event_epochs (epoch, reason, began_at) VALUES (1, 'The database was made.', now());

CREATE FUNCTION pg_temp.id(kind int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('00000000-0000-7000-' || (8000 + kind) || '-' || lpad(to_hex(number), 12, '0'))::uuid
$$;

INSERT INTO users.users (id, email, password_hash, status, email_verified_at, created_at, updated_at)
SELECT pg_temp.id(0, n), 'user' || n || '@example.com', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g', 'active',
    now(), now(), now()
FROM generate_series(0, 999) AS n;

INSERT INTO market.instruments (id, source, exchange, symbol, name, class, currency, revision, created_at, updated_at)
SELECT pg_temp.id(1, i), 'MANUAL', '', 'SHARE' || i, 'Share number ' || i, 'equity', 'USD', 1, now(), now()
FROM generate_series(0, 9) AS i;

-- A year of closes, the last of today, by which portfolios are valued.
INSERT INTO market.price_bars (
    instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at, updated_at)
SELECT pg_temp.id(1, i), (now() AT TIME ZONE 'UTC')::date - d, 101.5, 103.25, 99.75, 100 + d % 3 + 0.25, 1000, 'bench', 'raw',
    (now() AT TIME ZONE 'UTC')::date, now(), now()
FROM generate_series(0, 9) AS i, generate_series(0, 365) AS d;

-- Kind 100 is read, and from 101 on each contender has one of its own to write to.
INSERT INTO portfolios.portfolios (
    user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, revision, created_at, updated_at)
SELECT pg_temp.id(0, n), pg_temp.id(kind, n), 'Portfolio ' || kind, 'brokerage', 'USD', 'fifo', false, 1,
    '2025-01-01Z', '2025-01-01Z'
FROM generate_series(0, 999) AS n, generate_series(100, 109) AS kind;

INSERT INTO portfolios.transactions (
    user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency, executed_at,
    created_at, updated_at)
SELECT pg_temp.id(0, n), pg_temp.id(200 + t, n), pg_temp.id(100, n), 'buy', 'completed', pg_temp.id(1, t % 10),
    10.5, 100.25, 1052.625, 'USD', '2025-01-02Z'::timestamptz + t * interval '1 hour', now(), now()
FROM generate_series(0, 999) AS n, generate_series(0, 49) AS t;

INSERT INTO portfolios.portfolio_holdings (
    user_id, portfolio_id, instrument_id, quantity, currency, cost_basis, basis_fees, average_cost, realized_gain, income,
    fees, created_at, updated_at)
SELECT pg_temp.id(0, n), pg_temp.id(100, n), pg_temp.id(1, i), 52.5, 'USD', 5263.125, 0, 100.25, 0, 0, 0, now(), now()
FROM generate_series(0, 999) AS n, generate_series(0, 9) AS i;

INSERT INTO portfolios.lots (
    user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost, remaining_cost,
    fees, remaining_fees, created_at, updated_at)
SELECT user_id, id, portfolio_id, instrument_id, id, executed_at, quantity, quantity, currency, gross_amount,
    gross_amount, 0, 0, now(), now()
FROM portfolios.transactions;
