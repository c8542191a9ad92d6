-- name: insertLoanApplication :one
-- A draft.
INSERT INTO loans.loan_applications (
    user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, revision, created_at, updated_at)
VALUES (
    :user_id, :loan_application_id, :product_id, :amount, :currency, :term_months, :purpose,
    :collateral_portfolio_id, :collateral_portfolio_id, 'draft', 1, :now, :now)
RETURNING user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at;

-- name: findLoanApplication :optional
-- An application by its id.
SELECT user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at
FROM loans.loan_applications
WHERE user_id = :user_id AND id = :loan_application_id;

-- name: lockLoanApplication :optional
-- The same, held until the transaction ends.
SELECT user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at
FROM loans.loan_applications
WHERE user_id = :user_id AND id = :loan_application_id
FOR NO KEY UPDATE;

-- name: listLoanApplications :many
-- A page of a user's applications, the latest first.
-- param: before_id LoanApplication.ID
SELECT user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at
FROM loans.loan_applications
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listSubmittedApplications :many
-- A page of what waits for a decision, the longest waiting first.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id LoanApplication.ID
SELECT user_id, id, product_id, amount, currency, term_months, submitted_at
FROM loans.loan_applications
WHERE status = 'submitted' AND (submitted_at, user_id, id) > (:after_submitted_at, :after_user_id, :after_id)
ORDER BY submitted_at, user_id, id
LIMIT :row_limit;

-- name: updateLoanApplication :optional
-- Another wish, while it is a draft and the revision is the one that was read.
UPDATE loans.loan_applications
SET product_id = :product_id, amount = :amount, currency = :currency, term_months = :term_months,
    purpose = :purpose, collateral_portfolio_id = :collateral_portfolio_id,
    open_collateral_id = :collateral_portfolio_id, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :loan_application_id AND status = 'draft' AND revision = :revision
RETURNING user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at;

-- name: submitLoanApplication :optional
-- It waits for a decision.
UPDATE loans.loan_applications
SET status = 'submitted', submitted_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :loan_application_id AND status = 'draft'
RETURNING user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at;

-- name: decideLoanApplication :optional
-- Somebody else has decided. Deciding on one's own violates `loan_applications_decided_by_check`.
UPDATE loans.loan_applications
SET status = :status, open_collateral_id = NULL, decided_at = :now, decided_by = :decided_by!, reason = :reason,
    revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :loan_application_id AND status = 'submitted'
RETURNING user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at;

-- name: endLoanApplication :optional
-- Withdrawn, or expired.
UPDATE loans.loan_applications
SET status = :status, open_collateral_id = NULL, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :loan_application_id AND status IN ('draft', 'submitted')
RETURNING user_id, id, product_id, amount, currency, term_months, purpose, collateral_portfolio_id,
    open_collateral_id, status, submitted_at, decided_at, decided_by, reason, revision, created_at, updated_at;

-- name: deleteLoanApplication :count
-- Throws a draft away.
DELETE FROM loans.loan_applications
WHERE user_id = :user_id AND id = :loan_application_id AND status = 'draft';
