-- name: insertLoan :one
-- A loan that was approved; its collateral is bound from now on. A second one of an application violates
-- `loans_application_key`.
INSERT INTO loans.loans (
    user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, schedule_version, collateral_portfolio_id, open_collateral_id, revision,
    created_at, updated_at)
VALUES (
    :user_id, :loan_id, :application_id, :product_id, :principal, :currency, :annual_rate, :term_months,
    :day_count, 'approved', 0, 0, 1, :collateral_portfolio_id, :collateral_portfolio_id, 1, :now, :now)
RETURNING user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at;

-- name: findLoan :optional
-- A loan by its id.
SELECT user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at
FROM loans.loans
WHERE user_id = :user_id AND id = :loan_id;

-- name: lockLoan :optional
-- The same, held until the transaction ends: whoever moves a loan does it alone.
SELECT user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at
FROM loans.loans
WHERE user_id = :user_id AND id = :loan_id
FOR NO KEY UPDATE;

-- name: listLoans :many
-- A page of a user's loans, the latest first.
-- param: before_id Loan.ID
SELECT user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at
FROM loans.loans
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listLoansOfCollateral :many
-- The open loans that a portfolio secures.
SELECT user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at
FROM loans.loans
WHERE user_id = :user_id AND open_collateral_id = :portfolio_id
ORDER BY id;

-- name: listLoansToAccrue :many
-- A page of the loans that lack interest up to a day.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id Loan.ID
SELECT user_id, id, accrued_until
FROM loans.loans
WHERE status IN ('active', 'in_arrears') AND accrued_until < :day
    AND (accrued_until, user_id, id) > (:after_day, :after_user_id, :after_id)
ORDER BY accrued_until, user_id, id
LIMIT :row_limit;

-- name: disburseLoan :optional
-- The money is paid out.
UPDATE loans.loans
SET status = 'active', outstanding = principal, disbursed_at = :now, accrued_until = :day!,
    matures_on = :matures_on!, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :loan_id AND status = 'approved'
RETURNING user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at;

-- name: updateLoanBalance :optional
-- After accrual, payment or replay.
UPDATE loans.loans
SET status = :status, outstanding = :outstanding, accrued_interest = :accrued_interest,
    accrued_until = :accrued_until!, schedule_version = :schedule_version, revision = revision + 1,
    updated_at = :now
WHERE user_id = :user_id AND id = :loan_id AND status IN ('active', 'in_arrears')
RETURNING user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at;

-- name: closeLoan :optional
-- Paid off, liquidated, written off or cancelled: the collateral is free.
UPDATE loans.loans
SET status = :status, outstanding = :outstanding, accrued_interest = :accrued_interest,
    open_collateral_id = NULL, closed_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :loan_id AND status IN ('approved', 'active', 'in_arrears')
RETURNING user_id, id, application_id, product_id, principal, currency, annual_rate, term_months, day_count, status,
    outstanding, accrued_interest, accrued_until, schedule_version, collateral_portfolio_id, open_collateral_id,
    open_borrower_id, disbursed_at, matures_on, closed_at, revision, created_at, updated_at;
