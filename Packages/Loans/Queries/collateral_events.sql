-- name: insertCollateralEvent :one
-- A loan went over a level. A second episode that is open violates `collateral_events_open_key`.
INSERT INTO loans.collateral_events (
    user_id, loan_id, level, episode, ltv, outstanding, collateral_value, priced_at, cure_by, sale_amount,
    created_at, updated_at)
VALUES (
    :user_id, :loan_id, :level, :episode, :ltv, :outstanding, :collateral_value, :priced_at, :cure_by,
    :sale_amount, :now, :now)
RETURNING user_id, loan_id, level, episode, ltv, outstanding, collateral_value, priced_at, cure_by, cured_at,
    sale_amount, sold_at, created_at, updated_at;

-- name: findCollateralEvent :optional
-- An episode.
SELECT user_id, loan_id, level, episode, ltv, outstanding, collateral_value, priced_at, cure_by, cured_at,
    sale_amount, sold_at, created_at, updated_at
FROM loans.collateral_events
WHERE user_id = :user_id AND loan_id = :loan_id AND level = :level AND episode = :episode;

-- name: findLatestEpisode :optional
-- The last episode of a level.
-- explain: sort because a loan has few episodes, and an enum cannot lead an index under a policy
SELECT user_id, loan_id, level, episode, ltv, outstanding, collateral_value, priced_at, cure_by, cured_at,
    sale_amount, sold_at, created_at, updated_at
FROM loans.collateral_events
WHERE user_id = :user_id AND loan_id = :loan_id AND level = :level
ORDER BY episode DESC
LIMIT 1;

-- name: listCollateralEvents :many
-- What happened to the collateral of a loan.
SELECT user_id, loan_id, level, episode, ltv, outstanding, collateral_value, priced_at, cure_by, cured_at,
    sale_amount, sold_at, created_at, updated_at
FROM loans.collateral_events
WHERE user_id = :user_id AND loan_id = :loan_id
ORDER BY level, episode;

-- name: cureCollateralEvent :count
-- The loan is well below the level again.
UPDATE loans.collateral_events
SET cured_at = :now, updated_at = :now
WHERE user_id = :user_id AND loan_id = :loan_id AND level = :level AND episode = :episode AND cured_at IS NULL;

-- name: markCollateralSold :count
-- The sale is settled.
UPDATE loans.collateral_events
SET sold_at = :now, updated_at = :now
WHERE user_id = :user_id AND loan_id = :loan_id AND level = :level AND episode = :episode AND sold_at IS NULL;

-- name: listExpiredCalls :many
-- Calls whose time to cure is over.
-- role: worker
SELECT user_id, loan_id, level, episode, cure_by
FROM loans.collateral_events
WHERE cure_by <= :now AND cured_at IS NULL
ORDER BY cure_by, user_id, loan_id
LIMIT :row_limit;
