-- name: insertPayment :one
-- Money that came in. The same request a second time violates `loan_payments_request_key`.
INSERT INTO loans.loan_payments (
    user_id, id, loan_id, source, request_key, value_date, amount, principal, interest, fees, created_at,
    updated_at)
VALUES (
    :user_id, :loan_payment_id, :loan_id, :source, :request_key, :value_date, :amount, :principal, :interest,
    :fees, :now, :now)
RETURNING user_id, id, loan_id, source, request_key, value_date, amount, principal, interest, fees, reversed_at,
    created_at, updated_at;

-- name: findPayment :optional
-- A payment by its id.
SELECT user_id, id, loan_id, source, request_key, value_date, amount, principal, interest, fees, reversed_at,
    created_at, updated_at
FROM loans.loan_payments
WHERE user_id = :user_id AND id = :loan_payment_id;

-- name: listPayments :many
-- A page of a loan's payments in the order of their days.
-- param: after_id LoanPayment.ID
SELECT user_id, id, loan_id, source, request_key, value_date, amount, principal, interest, fees, reversed_at,
    created_at, updated_at
FROM loans.loan_payments
WHERE user_id = :user_id AND loan_id = :loan_id AND (value_date, id) > (:after_day, :after_id)
ORDER BY value_date, id
LIMIT :row_limit;

-- name: updatePaymentParts :count
-- A replay allots a payment anew.
UPDATE loans.loan_payments
SET principal = :principal, interest = :interest, fees = :fees, updated_at = :now
WHERE user_id = :user_id AND id = :loan_payment_id;

-- name: reversePayment :optional
-- It bounced.
UPDATE loans.loan_payments
SET reversed_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :loan_payment_id AND reversed_at IS NULL
RETURNING user_id, id, loan_id, source, request_key, value_date, amount, principal, interest, fees, reversed_at,
    created_at, updated_at;

-- name: insertAccrual :count
-- The interest of a day, or nothing where the day has it.
INSERT INTO loans.loan_accruals (
    user_id, loan_id, day, outstanding, annual_rate, interest, created_at, updated_at)
VALUES (
    :user_id, :loan_id, :day, :outstanding, :annual_rate, :interest, :now, :now)
ON CONFLICT ON CONSTRAINT loan_accruals_pkey DO NOTHING;

-- name: findAccrual :optional
-- The interest of a day.
SELECT user_id, loan_id, day, outstanding, annual_rate, interest, created_at, updated_at
FROM loans.loan_accruals
WHERE user_id = :user_id AND loan_id = :loan_id AND day = :day;

-- name: listAccruals :many
-- The interest of a loan from a day on.
SELECT user_id, loan_id, day, outstanding, annual_rate, interest, created_at, updated_at
FROM loans.loan_accruals
WHERE user_id = :user_id AND loan_id = :loan_id AND day >= :from_day
ORDER BY day
LIMIT :row_limit;

-- name: deleteAccrualsFrom :count
-- A replay writes the days from one on anew.
DELETE FROM loans.loan_accruals
WHERE user_id = :user_id AND loan_id = :loan_id AND day >= :day;
