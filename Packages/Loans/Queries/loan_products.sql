-- name: insertLoanProduct :one
-- A new product. A code that is taken violates `loan_products_code_key`.
INSERT INTO loans.loan_products (
    id, code, name, currency, minimum_amount, maximum_amount, minimum_rate, maximum_rate, minimum_term_months,
    maximum_term_months, day_count, max_ltv, warn_ltv, call_ltv, liquidation_ltv, target_ltv, cure_days, status,
    revision, created_at, updated_at)
VALUES (
    :loan_product_id, :code, :name, :currency, :minimum_amount, :maximum_amount, :minimum_rate, :maximum_rate,
    :minimum_term_months, :maximum_term_months, :day_count, :max_ltv, :warn_ltv, :call_ltv, :liquidation_ltv,
    :target_ltv, :cure_days, :status, 1, :now, :now)
RETURNING id, code, name, currency, minimum_amount, maximum_amount, minimum_rate, maximum_rate, minimum_term_months,
    maximum_term_months, day_count, max_ltv, warn_ltv, call_ltv, liquidation_ltv, target_ltv, cure_days, status,
    revision, created_at, updated_at;

-- name: findLoanProduct :optional
-- A product.
SELECT id, code, name, currency, minimum_amount, maximum_amount, minimum_rate, maximum_rate, minimum_term_months,
    maximum_term_months, day_count, max_ltv, warn_ltv, call_ltv, liquidation_ltv, target_ltv, cure_days, status,
    revision, created_at, updated_at
FROM loans.loan_products
WHERE id = :loan_product_id;

-- name: listLoanProducts :many
-- A page of the products.
-- param: after_id LoanProduct.ID
SELECT id, code, name, currency, minimum_amount, maximum_amount, minimum_rate, maximum_rate, minimum_term_months,
    maximum_term_months, day_count, max_ltv, warn_ltv, call_ltv, liquidation_ltv, target_ltv, cure_days, status,
    revision, created_at, updated_at
FROM loans.loan_products
WHERE id > :after_id /*? AND status = :status */
ORDER BY id
LIMIT :row_limit;

-- name: updateLoanProduct :optional
-- Other terms for new loans, if the revision is still the one that was read.
UPDATE loans.loan_products
SET name = :name, minimum_amount = :minimum_amount, maximum_amount = :maximum_amount,
    minimum_rate = :minimum_rate, maximum_rate = :maximum_rate, minimum_term_months = :minimum_term_months,
    maximum_term_months = :maximum_term_months, day_count = :day_count, max_ltv = :max_ltv,
    warn_ltv = :warn_ltv, call_ltv = :call_ltv, liquidation_ltv = :liquidation_ltv, target_ltv = :target_ltv,
    cure_days = :cure_days, status = :status, revision = revision + 1, updated_at = :now
WHERE id = :loan_product_id AND revision = :revision
RETURNING id, code, name, currency, minimum_amount, maximum_amount, minimum_rate, maximum_rate, minimum_term_months,
    maximum_term_months, day_count, max_ltv, warn_ltv, call_ltv, liquidation_ltv, target_ltv, cure_days, status,
    revision, created_at, updated_at;

-- name: deleteLoanProduct :count
-- Removes a draft. One that was applied for violates `loan_applications_product_fkey`.
DELETE FROM loans.loan_products
WHERE id = :loan_product_id AND status = 'draft';
