-- Every twentieth user has a loan against the main portfolio: twelve equal parts of principal, interest of the month
-- on what is left, five instalments paid, and the interest of every day since the payout.
CREATE TEMP TABLE loan ON COMMIT DROP AS
SELECT p.n, p.id AS user_id, d.id AS portfolio_id, p.currency, product.id AS product_id,
    pg_temp.id(payout.at, 'loan ' || p.n) AS id, payout.at, payout.at::date AS day, 1200 * (1 + p.n % 7)
        AS principal, 6.0000 AS rate
FROM person AS p
JOIN depot AS d ON d.user_id = p.id AND d.k = 1
JOIN loans.loan_products AS product
    ON product.code = CASE p.currency WHEN 'USD' THEN 'portfolio_credit' WHEN 'CHF' THEN 'lombard_chf'
        ELSE 'euro_credit' END
CROSS JOIN LATERAL (SELECT pg_temp.as_of() - interval '170 days' + interval '10 hours' AS at) AS payout
WHERE p.n % 20 = 4 OR p.n = 1;
INSERT INTO loans.loan_applications (
    user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id, status, submitted_at,
    decided_at, decided_by, revision, created_at, updated_at)
SELECT user_id, pg_temp.sibling(id, '9'), product_id, principal, currency, 12, 'A bicycle', portfolio_id, 'approved',
    at - interval '2 days', at - interval '1 day', 'operator', 3, at - interval '2 days', at - interval '1 day'
FROM loan ORDER BY n;
INSERT INTO loans.loans (
    user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    disbursed_at, matures_on, revision, created_at, updated_at)
SELECT user_id, id, pg_temp.sibling(id, '9'), product_id, principal, currency, rate, 12, 'thirty_360', 'active',
    principal / 12 * 7, a.interest, pg_temp.as_of() - 1, 1, portfolio_id, portfolio_id, at,
    (day + interval '12 months')::date, 6, at, pg_temp.as_of()
FROM loan
CROSS JOIN LATERAL (
    SELECT (pg_temp.as_of() - 1 - (day + interval '5 months')::date)
        * pg_temp.half_even(principal / 12 * 7 * rate / 36000, 8) AS interest) AS a
ORDER BY n;
INSERT INTO loans.loan_instalments (
    user_id, loan_id, schedule_version, number, due_on, principal, interest, fees, principal_paid, interest_paid,
    fees_paid, paid_at, created_at, updated_at)
SELECT l.user_id, l.id, 1, k, due, l.principal / 12, i.interest, 0, CASE WHEN k <= 5 THEN l.principal / 12 ELSE 0 END,
    CASE WHEN k <= 5 THEN i.interest ELSE 0 END, 0, CASE WHEN k <= 5 THEN due + time '08:00' END, l.at, l.at
FROM loan AS l
CROSS JOIN generate_series(1, 12) AS k
CROSS JOIN LATERAL (SELECT (l.day + k * interval '1 month')::date AS due) AS d
CROSS JOIN LATERAL (
    SELECT pg_temp.half_even(l.principal / 12 * (13 - k) * l.rate / 1200, 2) AS interest) AS i
ORDER BY l.n, k;
INSERT INTO loans.loan_payments (
    user_id, id, loan_id, source, request_key, value_date, amount, principal, interest, fees, created_at, updated_at)
SELECT i.user_id, pg_temp.id(i.paid_at, 'payment ' || l.n || ' ' || i.number), i.loan_id, 'automatic',
    'instalment:' || i.number, i.due_on, i.principal + i.interest, i.principal, i.interest, 0, i.paid_at, i.paid_at
FROM loan AS l JOIN loans.loan_instalments AS i ON i.user_id = l.user_id AND i.loan_id = l.id AND i.number <= 5
ORDER BY l.n, i.number;
INSERT INTO loans.loan_accruals (user_id, loan_id, day, outstanding, annual_rate, interest, created_at, updated_at)
SELECT l.user_id, l.id, d.at::date, o.outstanding, l.rate, pg_temp.half_even(o.outstanding * l.rate / 36000, 8),
    d.at, d.at
FROM loan AS l
CROSS JOIN LATERAL generate_series(
    l.day + interval '1 day', pg_temp.as_of() - interval '1 day', interval '1 day') AS d (at)
CROSS JOIN LATERAL (
    -- What was owed on the day before: an instalment counts from the day after it was due.
    SELECT l.principal / 12 * (12 - least(5, (extract(year FROM passed) * 12 + extract(month FROM passed))::int))
        AS outstanding
    FROM age(d.at - interval '1 day', l.day::timestamptz) AS passed) AS o
ORDER BY l.n, d.at;
