-- done when: SELECT EXISTS (SELECT FROM loans.loan_products WHERE code = 'portfolio_credit')
-- Two products, and loans at every stage: a schedule whose principal sums to the loan to the cent, accruals by the day,
-- payments that were split into interest and principal, an episode of collateral that was cured.

INSERT INTO loans.loan_products (
    id, code, name, currency, minimum_amount, maximum_amount, minimum_rate, maximum_rate, minimum_term_months,
    maximum_term_months, day_count, max_ltv, warn_ltv, call_ltv, liquidation_ltv, target_ltv, cure_days, status,
    revision, created_at, updated_at)
SELECT pg_temp.entry('product', code), code, name, currency, low, high, rate_low, rate_high, term_low, term_high,
    day_count::loans.day_count, max_ltv, warn, call, sell, target, 3, status::loans.loan_product_status, 1,
    pg_temp.as_of() - 2000, pg_temp.as_of() - 2000
FROM (VALUES
    ('portfolio_credit', 'Portfolio credit', 'USD', 100, 50000, 4.5, 12, 3, 60, 'act_365f', 40, 50, 60, 75, 40, 'active'),
    ('lombard_chf', 'Lombard loan', 'CHF', 500, 100000, 2, 9, 6, 120, 'thirty_360', 45, 55, 65, 80, 45, 'active'),
    ('euro_credit', 'Euro credit', 'EUR', 100, 50000, 3.5, 11, 3, 60, 'act_360', 40, 50, 60, 75, 40, 'active')
) AS p (code, name, currency, low, high, rate_low, rate_high, term_low, term_high, day_count, max_ltv, warn, call, sell,
    target, status)
ORDER BY code;
