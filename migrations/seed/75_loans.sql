-- done when: SELECT EXISTS (SELECT FROM loans.loan_products WHERE code = 'portfolio_credit')
-- Two products, and loans at every stage: a schedule whose principal sums to the loan to the cent, accruals by the
-- day, payments that were split into interest and principal, an episode of collateral that was cured.

INSERT INTO loans.loan_products (
    id, code, name, currency, minimum_amount, maximum_amount, minimum_rate, maximum_rate, minimum_term_months,
    maximum_term_months, day_count, max_ltv, warn_ltv, call_ltv, liquidation_ltv, target_ltv, cure_days, status,
    revision, created_at, updated_at)
SELECT pg_temp.entry('product', code), code, name, currency, low, high, rate_low, rate_high, term_low, term_high,
    day_count::loans.day_count, max_ltv, warn, call, sell, target, 3, status::loans.loan_product_status, 1,
    pg_temp.as_of() - 2000, pg_temp.as_of() - 2000
FROM (VALUES
    ('portfolio_credit', 'Portfolio credit', 'USD', 100, 50000, 4.5, 12, 3, 60, 'act_365f', 40, 50, 60, 75, 40,
        'active'),
    ('lombard_chf', 'Lombard loan', 'CHF', 500, 100000, 2, 9, 6, 120, 'thirty_360', 45, 55, 65, 80, 45, 'active'),
    ('euro_credit', 'Euro credit', 'EUR', 100, 50000, 3.5, 11, 3, 60, 'act_360', 40, 50, 60, 75, 40, 'active')
) AS p (code, name, currency, low, high, rate_low, rate_high, term_low, term_high, day_count, max_ltv, warn, call,
    sell,
    target, status)
ORDER BY code;

CREATE TEMP TABLE wish (
    code text, name text, depot text, product text, amount numeric, currency text, months int, purpose text,
    status text, at timestamptz, reason text
) ON COMMIT DROP;
INSERT INTO wish
SELECT w.code, w.name, w.depot, w.product, w.amount, w.currency, w.months, w.purpose, w.status,
    date_trunc('month', pg_temp.as_of()) - w.ago * interval '1 month' + interval '12 days 10 hours', w.reason
FROM (VALUES
    ('kitchen', 'cleo', 'welt', 'lombard_chf', 12000.00, 'CHF', 36, 'A kitchen', 'approved', 14, NULL),
    ('bicycle', 'ada', 'long_run', 'portfolio_credit', 900.00, 'USD', 6, 'A bicycle', 'approved', 20, NULL),
    ('machine', 'tara', 'active', 'portfolio_credit', 4000.00, 'USD', 12, 'A faster machine', 'approved', 6, NULL),
    ('car', 'ben', 'depot', 'euro_credit', 15000.00, 'EUR', 48, 'A car', 'declined', 9,
        'It is more than forty percent of the portfolio.'),
    ('roof', 'ben', 'depot', 'euro_credit', 3000.00, 'EUR', 24, 'A roof', 'submitted', 0, NULL),
    ('sofa', 'ada', 'long_run', 'portfolio_credit', 700.00, 'USD', 12, 'A sofa', 'draft', 0, NULL),
    ('trip', 'cleo', 'welt', 'lombard_chf', 2000.00, 'CHF', 12, 'A trip', 'withdrawn', 5, NULL)
) AS w (code, name, depot, product, amount, currency, months, purpose, status, ago, reason);
INSERT INTO loans.loan_applications (
    user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id, open_collateral_id,
        status,
    submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at)
SELECT pg_temp.person(name), pg_temp.entry('application', code), pg_temp.entry('product', product), amount, currency,
    months,
    purpose, pg_temp.portfolio(depot), CASE WHEN status IN ('draft', 'submitted') THEN pg_temp.portfolio(depot) END,
    status::loans.loan_application_status, CASE WHEN status <> 'draft' THEN w.at END,
    CASE WHEN status IN ('approved', 'declined') THEN w.at + interval '1 day' END,
    CASE WHEN status IN ('approved', 'declined') THEN pg_temp.person('olivia')::text END, reason, 2,
        w.at - interval '1 hour',
    w.at + interval '1 day'
FROM wish AS w ORDER BY code;

-- What part of a year lies between two days: 30/360, actual/365 fixed, actual/360.
CREATE OR REPLACE FUNCTION pg_temp.year_part(count loans.day_count, from_ date, until date) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE count
        WHEN 'thirty_360' THEN ((extract(year FROM until) - extract(year FROM from_)) * 360
            + (extract(month FROM until) - extract(month FROM from_)) * 30
            + least(extract(day FROM until), 30) - least(extract(day FROM from_), 30))::numeric(20, 10) / 360
        WHEN 'act_360' THEN (until - from_)::numeric(20, 10) / 360
        ELSE (until - from_)::numeric(20, 10) / 365 END
$$;

-- The payout is two days after the application. ada's is paid off, cleo pays, and tara has missed the last two.
CREATE TEMP TABLE loan ON COMMIT DROP AS
SELECT w.code, pg_temp.person(w.name) AS user_id, pg_temp.entry('loan', w.code) AS id, pg_temp.portfolio(w.depot)
    AS depot_id,
    p.id AS product_id, w.amount AS principal, w.currency, w.months, p.day_count, w.at + interval '2 days' AS at,
    (w.at + interval '2 days')::date AS day,
    CASE w.code WHEN 'kitchen' THEN 4.5 WHEN 'bicycle' THEN 7.25 ELSE 9.9 END AS rate,
    (SELECT count(*)::int FROM generate_series(1, w.months) AS k
        WHERE w.at + interval '2 days' + k * interval '1 month' < pg_temp.as_of())
        - CASE w.code WHEN 'machine' THEN 2 ELSE 0 END AS paid,
    CASE w.code WHEN 'kitchen' THEN 'active' WHEN 'bicycle' THEN 'paid_off' ELSE 'in_arrears' END AS status
FROM wish AS w JOIN loans.loan_products AS p ON p.code = w.product WHERE w.status = 'approved';

-- Equal instalments: interest of the period on what is left, the rest is principal, and the last takes what remains.
CREATE TEMP TABLE instalment ON COMMIT DROP AS
WITH RECURSIVE step AS (
    SELECT l.id, 0 AS number, l.day AS due, l.principal AS left_, 0::numeric AS principal, 0::numeric AS interest,
        pg_temp.half_even(
            l.principal * (l.rate / 1200) / (1 - 1 / power(1 + l.rate / 1200, l.months)), 2) AS annuity
    FROM loan AS l
    UNION ALL
    SELECT s.id, s.number + 1, d.due, s.left_ - p.principal, p.principal, i.interest, s.annuity
    FROM step AS s
    JOIN loan AS l ON l.id = s.id AND s.number < l.months
    CROSS JOIN LATERAL (SELECT (l.day + (s.number + 1) * interval '1 month')::date AS due) AS d
    CROSS JOIN LATERAL (
        SELECT pg_temp.half_even(s.left_ * l.rate / 100 * pg_temp.year_part(l.day_count, s.due, d.due), 2)
            AS interest) AS i
    CROSS JOIN LATERAL (
        SELECT CASE WHEN s.number + 1 = l.months THEN s.left_ ELSE s.annuity - i.interest END AS principal) AS p
)
SELECT * FROM step WHERE number > 0;

INSERT INTO loans.loans (
    user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    disbursed_at, matures_on, closed_at, revision, created_at, updated_at)
SELECT l.user_id, l.id, pg_temp.entry('application', l.code), l.product_id, l.principal, l.currency, l.rate, l.months,
    l.day_count, l.status::loans.loan_status,
    (SELECT i.left_ FROM instalment AS i WHERE i.id = l.id AND i.number = l.paid), 0,
    CASE l.status WHEN 'paid_off' THEN (SELECT max(due) FROM instalment AS i WHERE i.id = l.id) ELSE pg_temp.as_of()
        END, 1,
    l.depot_id, CASE WHEN l.status <> 'paid_off' THEN l.depot_id END, l.at,
    (SELECT max(due) FROM instalment AS i WHERE i.id = l.id),
    CASE l.status WHEN 'paid_off' THEN (SELECT max(due) FROM instalment AS i WHERE i.id = l.id) + time '08:00' END,
        9, l.at,
    pg_temp.as_of()
FROM loan AS l ORDER BY l.code;
INSERT INTO loans.loan_instalments (
    user_id, loan_id, schedule_version, number, due_on, principal, interest, fees, principal_paid, interest_paid,
    fees_paid, paid_at, created_at, updated_at)
SELECT l.user_id, l.id, 1, i.number, i.due, i.principal, i.interest, 0, CASE WHEN i.number <= l.paid THEN i.principal
    ELSE 0 END,
    CASE WHEN i.number <= l.paid THEN i.interest ELSE 0 END, 0, CASE WHEN i.number <= l.paid
        THEN i.due + time '08:00' END,
    l.at, l.at
FROM loan AS l JOIN instalment AS i USING (id) ORDER BY l.code, i.number;
INSERT INTO loans.loan_payments (
    user_id, id, loan_id, source, request_key, value_date, amount, principal, interest, fees, reversed_at, created_at,
    updated_at)
SELECT l.user_id, pg_temp.id(i.due + time '08:00', 'payment ' || l.code || i.number), l.id,
    (CASE WHEN i.number % 5 = 3 THEN 'manual' ELSE 'automatic' END)::loans.payment_source, 'instalment:' || i.number,
        i.due,
    i.principal + i.interest, i.principal, i.interest, 0, NULL, i.due + time '08:00', i.due + time '08:00'
FROM loan AS l JOIN instalment AS i ON i.id = l.id AND i.number <= l.paid
UNION ALL
-- tara's bank took one back.
SELECT l.user_id, pg_temp.id(i.due + time '08:00', 'payment ' || l.code || i.number), l.id, 'automatic',
    'instalment:' || i.number, i.due, i.principal + i.interest, i.principal, i.interest, 0, i.due + time '16:00',
    i.due + time '08:00', i.due + time '16:00'
FROM loan AS l JOIN instalment AS i ON i.id = l.id AND i.number = l.paid + 1 WHERE l.code = 'machine'
ORDER BY 6, 2;
-- The interest of each day, on what was owed in the morning.
INSERT INTO loans.loan_accruals (user_id, loan_id, day, outstanding, annual_rate, interest, created_at, updated_at)
SELECT l.user_id, l.id, d.at::date, o.left_, l.rate,
    pg_temp.half_even(o.left_ * l.rate / 100 * pg_temp.year_part(l.day_count, d.at::date - 1, d.at::date), 8), d.at,
        d.at
FROM loan AS l
JOIN loans.loans AS k ON k.user_id = l.user_id AND k.id = l.id
CROSS JOIN LATERAL generate_series(l.day + interval '1 day', k.accrued_until::timestamptz, interval '1 day') AS d (at)
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT i.left_ FROM instalment AS i WHERE i.id = l.id AND i.number <= l.paid
        AND i.due < d.at::date
        ORDER BY i.number DESC LIMIT 1), l.principal) AS left_) AS o
ORDER BY l.code, d.at;
-- What has accrued since the last instalment that was paid.
UPDATE loans.loans AS k
SET accrued_interest = a.interest
FROM (
    SELECT l.user_id, l.id, sum(c.interest) AS interest
    FROM loan AS l
    JOIN loans.loan_accruals AS c ON c.user_id = l.user_id AND c.loan_id = l.id
    JOIN instalment AS i ON i.id = l.id AND i.number = l.paid AND c.day > i.due
    GROUP BY l.user_id, l.id
) AS a
WHERE k.user_id = a.user_id AND k.id = a.id;

-- tara's collateral fell in the spring: a warning, then a call that she met in time. The warning is back.
INSERT INTO loans.collateral_events (
    user_id, loan_id, level, episode, ltv, outstanding, collateral_value, priced_at, cure_by, cured_at, created_at,
        updated_at)
SELECT l.user_id, l.id, e.level::loans.collateral_level, e.episode, pg_temp.half_even(100 * e.owed / e.worth, 4),
    e.owed, e.worth,
    e.at, CASE e.level WHEN 'call' THEN e.at + interval '3 days' END, e.cured, e.at, coalesce(e.cured, e.at)
FROM loan AS l
CROSS JOIN LATERAL (VALUES
    ('warn', 1, 3712.40, 7210.00, l.at + interval '40 days', l.at + interval '44 days'),
    ('call', 1, 3712.40, 6050.00, l.at + interval '41 days', l.at + interval '43 days'),
    ('warn', 2, 2806.10, 5480.00, pg_temp.as_of() - interval '3 days', NULL)
) AS e (level, episode, owed, worth, at, cured)
WHERE l.code = 'machine' ORDER BY e.at;
