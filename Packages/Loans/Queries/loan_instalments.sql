-- name: insertInstalments :exec
-- A schedule.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewInstalment
INSERT INTO loans.loan_instalments (
    user_id, loan_id, schedule_version, number, due_on, principal, interest, fees, principal_paid, interest_paid,
    fees_paid, paid_at, created_at, updated_at)
SELECT :user_id, :loan_id, :schedule_version, i.number, i.due_on, i.principal, i.interest, i.fees, i.principal_paid,
    i.interest_paid, i.fees_paid, CASE WHEN i.is_paid THEN :now::timestamptz END, :now, :now
FROM (
    SELECT *, (principal, interest, fees) = (principal_paid, interest_paid, fees_paid) AS is_paid
    FROM unnest(
        :numbers::int[], :due_on::date[], :principals::numeric[], :interests::numeric[], :fees::numeric[],
        :principals_paid::numeric[], :interests_paid::numeric[], :fees_paid::numeric[]
    ) AS row (number, due_on, principal, interest, fees, principal_paid, interest_paid, fees_paid)
) AS i
RETURNING 1;

-- name: findInstalment :optional
-- An instalment.
SELECT user_id, loan_id, schedule_version, number, due_on, principal, interest, fees, principal_paid,
    interest_paid, fees_paid, paid_at, superseded_at, created_at, updated_at
FROM loans.loan_instalments
WHERE user_id = :user_id AND loan_id = :loan_id AND schedule_version = :schedule_version AND number = :number;

-- name: listInstalments :many
-- A schedule of a loan.
SELECT user_id, loan_id, schedule_version, number, due_on, principal, interest, fees, principal_paid,
    interest_paid, fees_paid, paid_at, superseded_at, created_at, updated_at
FROM loans.loan_instalments
WHERE user_id = :user_id AND loan_id = :loan_id AND schedule_version = :schedule_version
ORDER BY number;

-- name: payInstalment :count
-- What was paid of an instalment.
UPDATE loans.loan_instalments
SET principal_paid = :principal_paid, interest_paid = :interest_paid, fees_paid = :fees_paid,
    paid_at = :paid_at, updated_at = :now
WHERE user_id = :user_id AND loan_id = :loan_id AND schedule_version = :schedule_version AND number = :number;

-- name: supersedeInstalments :count
-- A later version of the schedule holds.
UPDATE loans.loan_instalments
SET superseded_at = :now, updated_at = :now
WHERE user_id = :user_id AND loan_id = :loan_id AND schedule_version < :schedule_version AND superseded_at IS NULL;

-- name: listDueInstalments :many
-- A page of what is due up to a day and not paid.
-- role: worker
-- param: after_user_id User.ID
-- param: after_loan_id Loan.ID
SELECT user_id, loan_id, schedule_version, number, due_on
FROM loans.loan_instalments
WHERE paid_at IS NULL AND superseded_at IS NULL AND due_on <= :day
    AND (due_on, user_id, loan_id) > (:after_day, :after_user_id, :after_loan_id)
ORDER BY due_on, user_id, loan_id
LIMIT :row_limit;
