-- Eighteen decimals, and twenty digits before the point: two holdings of eight billion dong are beyond numeric(18,8),
-- coins are quoted at 0.0000000074 and counted in trillions, and a token has eighteen decimals.
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE loans.collateral_events
    ALTER COLUMN outstanding TYPE numeric(38,18),
    ALTER COLUMN collateral_value TYPE numeric(38,18),
    ALTER COLUMN sale_amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE loans.loan_accruals
    ALTER COLUMN outstanding TYPE numeric(38,18),
    ALTER COLUMN interest TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE loans.loan_applications
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE loans.loan_instalments
    ALTER COLUMN principal TYPE numeric(38,18),
    ALTER COLUMN interest TYPE numeric(38,18),
    ALTER COLUMN fees TYPE numeric(38,18),
    ALTER COLUMN principal_paid TYPE numeric(38,18),
    ALTER COLUMN interest_paid TYPE numeric(38,18),
    ALTER COLUMN fees_paid TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE loans.loan_payments
    ALTER COLUMN amount TYPE numeric(38,18),
    ALTER COLUMN principal TYPE numeric(38,18),
    ALTER COLUMN interest TYPE numeric(38,18),
    ALTER COLUMN fees TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE loans.loan_products
    ALTER COLUMN minimum_amount TYPE numeric(38,18),
    ALTER COLUMN maximum_amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE loans.loans
    ALTER COLUMN principal TYPE numeric(38,18),
    ALTER COLUMN outstanding TYPE numeric(38,18),
    ALTER COLUMN accrued_interest TYPE numeric(38,18);
