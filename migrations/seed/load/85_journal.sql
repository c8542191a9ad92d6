-- Every third user keeps an options journal: puts that are sold and expire, one after the other.
CREATE TEMP TABLE writer ON COMMIT DROP AS
SELECT p.*, pg_temp.id(p.at, 'journal ' || p.n) AS account_id FROM person AS p WHERE p.n % 3 = 1;
INSERT INTO journal.accounts (
    user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, revision, created_at, updated_at)
SELECT id, account_id, 'Options', 'Demo broker', 'USD', 'income', 'cash', at::date, 1, at, at FROM writer ORDER BY n;
INSERT INTO journal.journal_entries (
    user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount, fees,
    multiplier, chain, external_id, tags, deleted_at, revision, created_at, updated_at)
SELECT w.id, pg_temp.id(m.at + part * interval '5 days', 'entry ' || w.n || ' ' || k || part), w.account_id,
    m.at + part * interval '5 days', (CASE part WHEN 0 THEN 'sell_to_open' ELSE 'expiration'
        END)::journal.journal_entry_type,
    m.underlying || ' ' || to_char(m.at + interval '5 days', 'YYMMDD') || 'P' || m.strike, m.underlying,
    (m.at + interval '5 days')::date, m.strike, 'put', 1, CASE part WHEN 0 THEN m.price ELSE 0 END,
    CASE part WHEN 0 THEN m.price * 100 ELSE 0 END, CASE part WHEN 0 THEN 0.65 ELSE 0 END, 100,
    CASE WHEN k % 5 = 0 THEN pg_temp.id(m.at, 'chain ' || w.n || ' ' || k) END, 'load-' || k || '-' || part, '{load}',
    CASE WHEN k % 50 = 49 THEN m.at + interval '6 days' END, 1, m.at, m.at + interval '6 days'
FROM writer AS w
CROSS JOIN LATERAL generate_series(0, least(w.size / 6, 30000)) AS k
CROSS JOIN LATERAL (
    SELECT w.at + k * (pg_temp.as_of() - w.at - interval '7 days') / (1 + w.size / 6) AS at,
        (ARRAY['HARB', 'ORCA', 'WLDX'])[1 + k % 3] AS underlying, 50 + k % 40 AS strike,
        (50 + pg_temp.pick('premium ' || w.n || ' ' || k, 400)) / 100.0 AS price) AS m
CROSS JOIN generate_series(0, 1) AS part
ORDER BY w.n, k, part;
