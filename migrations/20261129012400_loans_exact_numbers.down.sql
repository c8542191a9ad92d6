-- Loses the decimals after the eighth, and stops at a value of 10^10 or more.
ALTER TABLE loans.collateral_events
    ALTER COLUMN outstanding TYPE numeric(18,8),
    ALTER COLUMN collateral_value TYPE numeric(18,8),
    ALTER COLUMN sale_amount TYPE numeric(18,8);
ALTER TABLE loans.loan_accruals
    ALTER COLUMN outstanding TYPE numeric(18,8),
    ALTER COLUMN interest TYPE numeric(18,8);
ALTER TABLE loans.loan_applications
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE loans.loan_instalments
    ALTER COLUMN principal TYPE numeric(18,8),
    ALTER COLUMN interest TYPE numeric(18,8),
    ALTER COLUMN fees TYPE numeric(18,8),
    ALTER COLUMN principal_paid TYPE numeric(18,8),
    ALTER COLUMN interest_paid TYPE numeric(18,8),
    ALTER COLUMN fees_paid TYPE numeric(18,8);
ALTER TABLE loans.loan_payments
    ALTER COLUMN amount TYPE numeric(18,8),
    ALTER COLUMN principal TYPE numeric(18,8),
    ALTER COLUMN interest TYPE numeric(18,8),
    ALTER COLUMN fees TYPE numeric(18,8);
ALTER TABLE loans.loan_products
    ALTER COLUMN minimum_amount TYPE numeric(18,8),
    ALTER COLUMN maximum_amount TYPE numeric(18,8);
ALTER TABLE loans.loans
    ALTER COLUMN principal TYPE numeric(18,8),
    ALTER COLUMN outstanding TYPE numeric(18,8),
    ALTER COLUMN accrued_interest TYPE numeric(18,8);
