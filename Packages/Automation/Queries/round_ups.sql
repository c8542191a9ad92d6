-- name: insertRoundUpRule :one
-- A new rule.
INSERT INTO automation.round_up_rules (
    user_id, id, portfolio_id, basket_id, instrument_id, currency, multiplier, threshold, whole_dollar,
    monthly_cap, status, revision, created_at, updated_at)
VALUES (
    :user_id, :round_up_rule_id, :portfolio_id, :basket_id, :instrument_id, :currency, :multiplier, :threshold,
    :whole_dollar, :monthly_cap, 'active', 1, :now, :now)
RETURNING user_id, id, portfolio_id, basket_id, instrument_id, currency, multiplier, threshold, whole_dollar,
    monthly_cap, status, revision, created_at, updated_at;

-- name: findRoundUpRule :optional
-- A rule by its id.
SELECT user_id, id, portfolio_id, basket_id, instrument_id, currency, multiplier, threshold, whole_dollar,
    monthly_cap, status, revision, created_at, updated_at
FROM automation.round_up_rules
WHERE user_id = :user_id AND id = :round_up_rule_id;

-- name: lockRoundUpRule :optional
-- The same, held until the transaction ends: one writer a pool.
SELECT user_id, id, portfolio_id, basket_id, instrument_id, currency, multiplier, threshold, whole_dollar,
    monthly_cap, status, revision, created_at, updated_at
FROM automation.round_up_rules
WHERE user_id = :user_id AND id = :round_up_rule_id
FOR NO KEY UPDATE;

-- name: listRoundUpRules :many
-- A page of a user's rules.
-- param: after_id RoundUpRule.ID
SELECT user_id, id, portfolio_id, basket_id, instrument_id, currency, multiplier, threshold, whole_dollar,
    monthly_cap, status, revision, created_at, updated_at
FROM automation.round_up_rules
WHERE user_id = :user_id AND id > :after_id
    /*? AND status = :status */
ORDER BY id
LIMIT :row_limit;

-- name: updateRoundUpRule :optional
-- Another target, multiplier or threshold, if the revision is still the one that was read.
UPDATE automation.round_up_rules
SET portfolio_id = :portfolio_id, basket_id = :basket_id, instrument_id = :instrument_id,
    multiplier = :multiplier, threshold = :threshold, whole_dollar = :whole_dollar, monthly_cap = :monthly_cap,
    status = :status, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :round_up_rule_id AND revision = :revision
RETURNING user_id, id, portfolio_id, basket_id, instrument_id, currency, multiplier, threshold, whole_dollar,
    monthly_cap, status, revision, created_at, updated_at;

-- name: deleteRoundUpRule :count
-- Removes a rule with its pools and change; what it bought stays.
DELETE FROM automation.round_up_rules
WHERE user_id = :user_id AND id = :round_up_rule_id;

-- name: insertRoundUpEntry :optional
-- The change of a purchase, or nothing where it counted.
INSERT INTO automation.round_up_entries (
    user_id, rule_id, purchase_id, amount, status, pool_id, created_at, updated_at)
VALUES (
    :user_id, :rule_id, :purchase_id, :amount, :status, :pool_id, :now, :now)
ON CONFLICT ON CONSTRAINT round_up_entries_pkey DO NOTHING
RETURNING user_id, rule_id, purchase_id, amount, status, pool_id, reversed_at, created_at, updated_at;

-- name: findRoundUpEntry :optional
-- The change of a purchase under a rule.
SELECT user_id, rule_id, purchase_id, amount, status, pool_id, reversed_at, created_at, updated_at
FROM automation.round_up_entries
WHERE user_id = :user_id AND rule_id = :rule_id AND purchase_id = :purchase_id;

-- name: listEntriesOfPurchase :many
-- The change of a purchase under every rule, for its refund.
SELECT user_id, rule_id, purchase_id, amount, status, pool_id, reversed_at, created_at, updated_at
FROM automation.round_up_entries
WHERE user_id = :user_id AND purchase_id = :purchase_id
ORDER BY rule_id;

-- name: listEntriesOfPool :many
-- What lies in a pool.
-- param: after_id Purchase.ID
SELECT user_id, rule_id, purchase_id, amount, status, pool_id, reversed_at, created_at, updated_at
FROM automation.round_up_entries
WHERE user_id = :user_id AND rule_id = :rule_id AND pool_id = :pool_id AND purchase_id > :after_id
ORDER BY purchase_id
LIMIT :row_limit;

-- name: sumRoundedUp :one
-- What a rule has rounded up between two moments, for its cap.
SELECT coalesce(sum(amount), 0)::numeric(38,18) AS amount
FROM automation.round_up_entries
WHERE user_id = :user_id AND rule_id = :rule_id AND created_at >= :from_at AND created_at < :until_at
    AND status <> 'reversed';

-- name: poolEntry :count
-- Its purchase was posted: it goes into a pool.
UPDATE automation.round_up_entries
SET status = 'pooled', pool_id = :pool_id!, updated_at = :now
WHERE user_id = :user_id AND rule_id = :rule_id AND purchase_id = :purchase_id AND status = 'pending';

-- name: reverseEntry :count
-- Its purchase was refunded.
UPDATE automation.round_up_entries
SET status = 'reversed', reversed_at = :now, updated_at = :now
WHERE user_id = :user_id AND rule_id = :rule_id AND purchase_id = :purchase_id AND status <> 'reversed';

-- name: deletePendingEntry :count
-- Takes back change that is not pooled.
DELETE FROM automation.round_up_entries
WHERE user_id = :user_id AND rule_id = :rule_id AND purchase_id = :purchase_id AND status = 'pending';

-- name: openPool :optional
-- The next pool of a rule, or nothing where one is open. Under the rule's lock.
-- row: RoundUpPoolRow
INSERT INTO automation.round_up_pools (
    user_id, id, rule_id, number, total, status, created_at, updated_at)
SELECT :user_id, :round_up_pool_id, :rule_id, coalesce(max(number), 0) + 1, 0, 'open', :now, :now
FROM automation.round_up_pools
WHERE user_id = :user_id AND rule_id = :rule_id
HAVING count(*) FILTER (WHERE status = 'open') = 0
RETURNING user_id, id, rule_id, number, total, status, requested_at, completed_at, basket_investment_id,
    transaction_id, reason, created_at, updated_at;

-- name: findPool :optional
-- A pool by its id.
SELECT user_id, id, rule_id, number, total, status, requested_at, completed_at, basket_investment_id,
    transaction_id, reason, created_at, updated_at
FROM automation.round_up_pools
WHERE user_id = :user_id AND id = :round_up_pool_id;

-- name: findOpenPool :optional
-- The pool of a rule that is open.
SELECT user_id, id, rule_id, number, total, status, requested_at, completed_at, basket_investment_id,
    transaction_id, reason, created_at, updated_at
FROM automation.round_up_pools
WHERE user_id = :user_id AND rule_id = :rule_id AND status = 'open';

-- name: listPools :many
-- A page of a rule's pools, the latest first.
SELECT user_id, id, rule_id, number, total, status, requested_at, completed_at, basket_investment_id,
    transaction_id, reason, created_at, updated_at
FROM automation.round_up_pools
WHERE user_id = :user_id AND rule_id = :rule_id AND number < :before_number
ORDER BY number DESC
LIMIT :row_limit;

-- name: addToPool :optional
-- Change goes in, or out of it after a refund.
-- param: amount FixedDecimal
UPDATE automation.round_up_pools
SET total = total + :amount, updated_at = :now
WHERE user_id = :user_id AND id = :round_up_pool_id AND status = 'open'
RETURNING user_id, id, rule_id, number, total, status, requested_at, completed_at, basket_investment_id,
    transaction_id, reason, created_at, updated_at;

-- name: requestPool :optional
-- The whole pool moves.
UPDATE automation.round_up_pools
SET status = 'requested', requested_at = :now, updated_at = :now
WHERE user_id = :user_id AND id = :round_up_pool_id AND status = 'open'
RETURNING user_id, id, rule_id, number, total, status, requested_at, completed_at, basket_investment_id,
    transaction_id, reason, created_at, updated_at;

-- name: completePool :count
-- What came of it.
UPDATE automation.round_up_pools
SET status = 'completed', completed_at = :now, basket_investment_id = :basket_investment_id,
    transaction_id = :transaction_id, updated_at = :now
WHERE user_id = :user_id AND id = :round_up_pool_id AND status = 'requested';

-- name: failPool :count
-- It came to nothing, and why; its change goes into the next.
UPDATE automation.round_up_pools
SET status = 'failed', reason = :reason!, updated_at = :now
WHERE user_id = :user_id AND id = :round_up_pool_id AND status = 'requested';

-- name: listDailyPools :many
-- A page of the pools below their threshold that move today.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id RoundUpPool.ID
SELECT user_id, id, rule_id, total, created_at
FROM automation.round_up_pools
WHERE status = 'open' AND total > 0 AND created_at < :before
    AND (created_at, user_id, id) > (:after_created_at, :after_user_id, :after_id)
ORDER BY created_at, user_id, id
LIMIT :row_limit;
