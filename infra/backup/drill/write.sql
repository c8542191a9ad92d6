-- The live database: pgbench runs this over and over, with -D users=N. A deposit, its posting, and the balance.
-- mark.sql takes the same lock alone, so that what it counts is what the log holds at its restore point.
\set user random(1, :users)
\set units random(1, 100000000000)
BEGIN;
SELECT pg_advisory_xact_lock_shared(20261121);
WITH deposit AS (
    INSERT INTO portfolios.transactions (
        user_id, id, portfolio_id, type, status, gross_amount, currency, executed_at, note, created_at, updated_at)
    VALUES (
        md5('user ' || :user)::uuid, gen_random_uuid(), md5('portfolio ' || :user)::uuid, 'deposit', 'completed',
        :units * 0.00000001, 'USD', now(), 'written during the drill', now(), now())
    RETURNING user_id, id, portfolio_id, gross_amount, currency
), posting AS (
    INSERT INTO portfolios.postings (
        user_id, id, portfolio_id, transaction_id, from_account, to_account, currency, amount, created_at)
    SELECT user_id, gen_random_uuid(), portfolio_id, id, 'external', 'cash', currency, gross_amount, now()
    FROM deposit
)
UPDATE portfolios.cash_balances AS c
SET balance = c.balance + d.gross_amount, updated_at = now()
FROM deposit AS d
WHERE c.user_id = d.user_id AND c.portfolio_id = d.portfolio_id AND c.currency = d.currency;
COMMIT;
