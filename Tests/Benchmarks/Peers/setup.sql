-- What every contender reads and writes; the functions of the acting user come from the first migration.
CREATE SCHEMA bench;

CREATE TABLE bench.accounts (
    id int4 PRIMARY KEY,
    group_id int4 NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    balance int8 NOT NULL,
    updated_at timestamptz NOT NULL
);
INSERT INTO bench.accounts
SELECT n, n / 10, ('00000000-0000-7000-8000-' || lpad(to_hex(n % 1000), 12, '0'))::uuid,
    'Account ' || n, n * 100, '2026-01-01Z'
FROM generate_series(0, 99999) AS n;
CREATE INDEX accounts_group_id_idx ON bench.accounts (group_id);

-- The same rows behind a policy, as every table of a user has it.
CREATE TABLE bench.guarded_accounts (LIKE bench.accounts INCLUDING ALL);
INSERT INTO bench.guarded_accounts SELECT * FROM bench.accounts;
ALTER TABLE bench.guarded_accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON bench.guarded_accounts USING (user_id = app.current_user_id());

CREATE TABLE bench.entries (account_id int4 NOT NULL, amount int8 NOT NULL, note text NOT NULL);

CREATE ROLE bench_service LOGIN;
GRANT USAGE ON SCHEMA bench, app TO bench_service;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA bench TO bench_service;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO bench_service;
VACUUM ANALYZE bench.accounts, bench.guarded_accounts;
