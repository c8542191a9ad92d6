-- Rows for the drill, by psql with -v rows=N -v users=N: N transactions and what hangs on them, as grove_owner.
-- Ids come from MD5 of a number, so that every statement and the writer know them without a join. The program's own
-- are UUIDv7; nothing here depends on the difference.
\set ON_ERROR_STOP on
BEGIN;

INSERT INTO users.users (id, email, password_hash, status, email_verified_at, created_at, updated_at)
SELECT md5('user ' || n)::uuid, 'person' || n || '@example.com', '$argon2id$drill', 'active', now(), now(), now()
FROM generate_series(1, :users) AS n;

INSERT INTO users.user_profiles (user_id, display_name, time_zone, revision, created_at, updated_at)
SELECT md5('user ' || n)::uuid, 'Person ' || n, 'Europe/Zurich', 1, now(), now()
FROM generate_series(1, :users) AS n;

INSERT INTO users.sessions (user_id, id, user_agent, address, last_used_at, expires_at, created_at, updated_at)
SELECT md5('user ' || n)::uuid, md5('session ' || n)::uuid, 'drill', '', now(), now() + INTERVAL '90 days', now(), now()
FROM generate_series(1, :users) AS n;

INSERT INTO market.instruments (id, source, symbol, name, class, currency, revision, created_at, updated_at)
SELECT md5('instrument ' || n)::uuid, 'MANUAL', 'DRILL' || n, 'Drill ' || n, 'equity', 'USD', 1, now(), now()
FROM generate_series(1, 20) AS n;

INSERT INTO market.price_bars (
    instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at, updated_at)
SELECT md5('instrument ' || n)::uuid, DATE '2024-01-01' + d, 100.5 + n, 102.25 + n + d * 0.0001, 99 + n,
    101.00000001 + n, 1000 * n + d, 'MANUAL', 'raw', DATE '2024-01-01' + d, now(), now()
FROM generate_series(1, 20) AS n, generate_series(0, 499) AS d;

INSERT INTO portfolios.portfolios (
    user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, created_at, updated_at, revision)
SELECT md5('user ' || n)::uuid, md5('portfolio ' || n)::uuid, 'Main', 'brokerage', 'USD', 'fifo', true, now(), now(), 1
FROM generate_series(1, :users) AS n;

-- Each user's transactions are in turn a deposit of at least 1,000 and a purchase of less, so cash is never below 0.
CREATE TEMPORARY TABLE plan AS
SELECT n, md5('user ' || n % :users + 1)::uuid AS user_id, md5('portfolio ' || n % :users + 1)::uuid AS portfolio_id,
    md5('transaction ' || n)::uuid AS id, n / :users % 2 = 1 AS is_buy,
    md5('instrument ' || n % 20 + 1)::uuid AS instrument_id,
    (n % 97 + 1) * 0.01234567::numeric AS quantity, 10.12345678 + n % 500 AS unit_price
FROM generate_series(0, :rows - 1) AS n;

INSERT INTO portfolios.transactions (
    user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency,
    executed_at, created_at, updated_at)
SELECT user_id, id, portfolio_id, (CASE WHEN is_buy THEN 'buy' ELSE 'deposit' END)::portfolios.transaction_type,
    'completed', CASE WHEN is_buy THEN instrument_id END, CASE WHEN is_buy THEN quantity END,
    CASE WHEN is_buy THEN unit_price END,
    CASE WHEN is_buy THEN round(quantity * unit_price, 8) ELSE 1000 + n % 1000 + n * 0.00000001 END, 'USD',
    TIMESTAMPTZ '2024-01-01 00:00:00Z' + n * INTERVAL '1 minute', now(), now()
FROM plan;

INSERT INTO portfolios.portfolio_holdings (
    user_id, portfolio_id, instrument_id, quantity, currency, cost_basis, basis_fees, average_cost, realized_gain,
    income, fees, created_at, updated_at)
SELECT user_id, portfolio_id, instrument_id, sum(quantity), 'USD', sum(gross_amount), 0,
    round(sum(gross_amount) / sum(quantity), 8), 0, 0, 0, now(), now()
FROM portfolios.transactions WHERE type = 'buy' GROUP BY user_id, portfolio_id, instrument_id;

INSERT INTO portfolios.postings (
    user_id, id, portfolio_id, transaction_id, from_account, to_account, currency, instrument_id, amount, created_at)
SELECT user_id, md5('cash ' || id)::uuid, portfolio_id, id,
    (CASE type WHEN 'buy' THEN 'cash' ELSE 'external' END)::portfolios.posting_account,
    (CASE type WHEN 'buy' THEN 'external' ELSE 'cash' END)::portfolios.posting_account,
    'USD', NULL::uuid, gross_amount, now()
FROM portfolios.transactions
UNION ALL
SELECT user_id, md5('asset ' || id)::uuid, portfolio_id, id, 'external', 'asset', NULL, instrument_id, quantity, now()
FROM portfolios.transactions WHERE type = 'buy';

INSERT INTO portfolios.lots (
    user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis, created_at, updated_at)
SELECT user_id, md5('lot ' || id)::uuid, portfolio_id, instrument_id, id, executed_at, quantity, quantity, 'USD',
    gross_amount, gross_amount, 0, 0, round(gross_amount / quantity, 18), now(), now()
FROM portfolios.transactions WHERE type = 'buy';

INSERT INTO portfolios.cash_balances (user_id, portfolio_id, currency, balance, created_at, updated_at)
SELECT user_id, portfolio_id, 'USD',
    sum(CASE type WHEN 'buy' THEN -gross_amount ELSE gross_amount END), now(), now()
FROM portfolios.transactions GROUP BY user_id, portfolio_id;

COMMIT;
