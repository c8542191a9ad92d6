-- name: insertAutoInvestRule :one
-- A new rule.
INSERT INTO automation.auto_invest_rules (
    user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
    starts_on, ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at)
VALUES (
    :user_id, :auto_invest_rule_id, :portfolio_id, :basket_id, :instrument_id, :amount, :currency, :frequency,
    :anchor_day, :time_zone, :starts_on, :ends_on, :catch_up, :monthly_cap, 'active', :next_nominal_date, 1,
    :now, :now)
RETURNING user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
    starts_on, ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at;

-- name: findAutoInvestRule :optional
-- A rule by its id.
SELECT user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
    starts_on, ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at
FROM automation.auto_invest_rules
WHERE user_id = :user_id AND id = :auto_invest_rule_id;

-- name: lockAutoInvestRule :optional
-- The same, held until the transaction ends.
SELECT user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
    starts_on, ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at
FROM automation.auto_invest_rules
WHERE user_id = :user_id AND id = :auto_invest_rule_id
FOR NO KEY UPDATE;

-- name: listAutoInvestRules :many
-- A page of a user's rules.
-- param: after_id AutoInvestRule.ID
SELECT user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
    starts_on, ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at
FROM automation.auto_invest_rules
WHERE user_id = :user_id AND id > :after_id
    /*? AND portfolio_id = :portfolio_id */
ORDER BY id
LIMIT :row_limit;

-- name: listDueRules :many
-- A page of the rules whose date has come; the use case looks at the rule's own time zone.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id AutoInvestRule.ID
SELECT user_id, id, next_nominal_date, time_zone
FROM automation.auto_invest_rules
WHERE status = 'active' AND next_nominal_date <= :day
    AND (next_nominal_date, user_id, id) > (:after_day, :after_user_id, :after_id)
ORDER BY next_nominal_date, user_id, id
LIMIT :row_limit;

-- name: updateAutoInvestRule :optional
-- Another amount, target or rhythm, if the revision is still the one that was read.
UPDATE automation.auto_invest_rules
SET portfolio_id = :portfolio_id, basket_id = :basket_id, instrument_id = :instrument_id, amount = :amount,
    currency = :currency, frequency = :frequency, anchor_day = :anchor_day, time_zone = :time_zone,
    starts_on = :starts_on, ends_on = :ends_on, catch_up = :catch_up, monthly_cap = :monthly_cap,
    next_nominal_date = :next_nominal_date, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :auto_invest_rule_id AND revision = :revision
RETURNING user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
    starts_on, ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at;

-- name: setAutoInvestRuleStatus :optional
-- Paused, active again, or ended.
UPDATE automation.auto_invest_rules
SET status = :status, next_nominal_date = :next_nominal_date, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :auto_invest_rule_id
RETURNING user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
    starts_on, ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at;

-- name: advanceAutoInvestRule :count
-- The next date, in the transaction of the run.
UPDATE automation.auto_invest_rules
SET status = :status, next_nominal_date = :next_nominal_date, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :auto_invest_rule_id AND next_nominal_date = :nominal_date;

-- name: deleteAutoInvestRule :count
-- Removes a rule with the record of its runs; what it bought stays.
DELETE FROM automation.auto_invest_rules
WHERE user_id = :user_id AND id = :auto_invest_rule_id;

-- name: insertAutoInvestRun :optional
-- A date of a rule, or nothing where it was carried out.
INSERT INTO automation.auto_invest_runs (
    user_id, rule_id, nominal_date, status, amount, currency, reason, created_at, updated_at)
VALUES (
    :user_id, :rule_id, :nominal_date, :status, :amount, :currency, :reason, :now, :now)
ON CONFLICT ON CONSTRAINT auto_invest_runs_pkey DO NOTHING
RETURNING user_id, rule_id, nominal_date, status, amount, currency, executed_at, basket_investment_id, transaction_id,
    reason, created_at, updated_at;

-- name: findAutoInvestRun :optional
-- A date of a rule.
SELECT user_id, rule_id, nominal_date, status, amount, currency, executed_at, basket_investment_id, transaction_id,
    reason, created_at, updated_at
FROM automation.auto_invest_runs
WHERE user_id = :user_id AND rule_id = :rule_id AND nominal_date = :nominal_date;

-- name: listAutoInvestRuns :many
-- A page of a rule's dates, the latest first.
SELECT user_id, rule_id, nominal_date, status, amount, currency, executed_at, basket_investment_id, transaction_id,
    reason, created_at, updated_at
FROM automation.auto_invest_runs
WHERE user_id = :user_id AND rule_id = :rule_id AND nominal_date < :before_date
ORDER BY nominal_date DESC
LIMIT :row_limit;

-- name: completeAutoInvestRun :count
-- What came of it.
UPDATE automation.auto_invest_runs
SET status = 'completed', executed_at = :now, basket_investment_id = :basket_investment_id,
    transaction_id = :transaction_id, updated_at = :now
WHERE user_id = :user_id AND rule_id = :rule_id AND nominal_date = :nominal_date AND status = 'requested';

-- name: failAutoInvestRun :count
-- It came to nothing, and why.
UPDATE automation.auto_invest_runs
SET status = 'failed', reason = :reason!, updated_at = :now
WHERE user_id = :user_id AND rule_id = :rule_id AND nominal_date = :nominal_date AND status = 'requested';

-- name: sumAutoInvested :one
-- What a rule has asked for between two nominal dates, for its cap.
SELECT coalesce(sum(amount), 0)::numeric(38,18) AS amount
FROM automation.auto_invest_runs
WHERE user_id = :user_id AND rule_id = :rule_id AND nominal_date BETWEEN :from_date AND :until_date
    AND status IN ('requested', 'completed');
