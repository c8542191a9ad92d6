-- name: insertBattlePass :one
-- A season's pass. A season that is taken violates `battle_passes_season_key`.
INSERT INTO gamification.battle_passes (
    id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at)
VALUES (
    :battle_pass_id, :season, :name, :starts_at, :ends_at, :claim_until, :price, :currency, :status, 1, :now,
    :now)
RETURNING id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at;

-- name: findBattlePass :optional
-- A pass.
SELECT id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at
FROM gamification.battle_passes
WHERE id = :battle_pass_id;

-- name: lockBattlePass :optional
-- A pass that is to be changed, locked until the transaction ends.
SELECT id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at
FROM gamification.battle_passes
WHERE id = :battle_pass_id
FOR NO KEY UPDATE;

-- name: listBattlePasses :many
-- A page of the passes, the latest season first.
SELECT id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at
FROM gamification.battle_passes
WHERE season < :before_season
ORDER BY season DESC
LIMIT :row_limit;

-- name: findCurrentBattlePass :optional
-- The pass of the season that is under way.
SELECT id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at
FROM gamification.battle_passes
WHERE status = 'active' AND starts_at <= :now AND claim_until > :now
ORDER BY season DESC
LIMIT 1;

-- name: updateBattlePass :one
-- Another name, price or time.
UPDATE gamification.battle_passes
SET name = :name, starts_at = :starts_at, ends_at = :ends_at, claim_until = :claim_until, price = :price,
    currency = :currency, status = :status, revision = revision + 1, updated_at = :now
WHERE id = :battle_pass_id
RETURNING id, season, name, starts_at, ends_at, claim_until, price, currency, status, revision, created_at, updated_at;

-- name: deleteBattlePass :count
-- Removes a draft, with its tiers.
DELETE FROM gamification.battle_passes
WHERE id = :battle_pass_id AND status = 'draft';

-- name: insertTiers :exec
-- All tiers of a pass, in one statement. Steps that do not rise violate
-- `battle_pass_tiers_experience_required_check`.
-- rows: NewTier
INSERT INTO gamification.battle_pass_tiers (
    battle_pass_id, tier, previous_tier, previous_experience, experience_required, free_reward, premium_reward,
    created_at, updated_at)
SELECT :battle_pass_id, step.tier, CASE WHEN step.tier > 1 THEN step.tier - 1 END,
    lag(step.experience_required) OVER (ORDER BY step.tier), step.experience_required, step.free_reward,
    step.premium_reward, :now, :now
FROM unnest(:tiers::int[], :experience::bigint[], :free_rewards::jsonb[], :premium_rewards::jsonb[])
    AS step (tier, experience_required, free_reward, premium_reward);

-- name: findTier :optional
-- A tier of a pass.
SELECT battle_pass_id, tier, previous_tier, previous_experience, experience_required, free_reward, premium_reward,
    created_at, updated_at
FROM gamification.battle_pass_tiers
WHERE battle_pass_id = :battle_pass_id AND tier = :tier;

-- name: listTiers :many
-- The tiers of a pass.
SELECT battle_pass_id, tier, previous_tier, previous_experience, experience_required, free_reward, premium_reward,
    created_at, updated_at
FROM gamification.battle_pass_tiers
WHERE battle_pass_id = :battle_pass_id
ORDER BY tier;

-- name: deleteTiers :count
-- Removes the tiers of a pass that is a draft.
DELETE FROM gamification.battle_pass_tiers s
USING gamification.battle_passes p
WHERE s.battle_pass_id = :battle_pass_id AND p.id = s.battle_pass_id AND p.status = 'draft';

-- name: insertUserBattlePass :exec
-- A user takes part in a season without having earned anything yet, or does already.
INSERT INTO gamification.user_battle_passes (
    user_id, battle_pass_id, experience, revision, created_at, updated_at)
VALUES (
    :user_id, :battle_pass_id, 0, 1, :now, :now)
ON CONFLICT ON CONSTRAINT user_battle_passes_pkey DO NOTHING;

-- name: findUserBattlePass :optional
-- How far a user has come in a season.
SELECT user_id, battle_pass_id, experience, premium_since, premium_order, revision, created_at, updated_at
FROM gamification.user_battle_passes
WHERE user_id = :user_id AND battle_pass_id = :battle_pass_id;

-- name: addSeasonExperience :exec
-- Points of the season; with the first ones a user takes part.
INSERT INTO gamification.user_battle_passes (
    user_id, battle_pass_id, experience, revision, created_at, updated_at)
VALUES (
    :user_id, :battle_pass_id, :experience, 1, :now, :now)
ON CONFLICT ON CONSTRAINT user_battle_passes_pkey DO UPDATE
SET experience = user_battle_passes.experience + excluded.experience, revision = user_battle_passes.revision + 1,
    updated_at = excluded.updated_at;

-- name: subtractSeasonExperience :exec
-- Points of the season that were taken back. A season that began to count later gave fewer than the ledger.
UPDATE gamification.user_battle_passes
SET experience = greatest(experience - :experience, 0), revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND battle_pass_id = :battle_pass_id;

-- name: buyPremium :optional
-- Opens the premium track, once. An order that opened another pass of the user violates
-- `user_battle_passes_premium_order_key`.
UPDATE gamification.user_battle_passes
SET premium_since = :now, premium_order = :premium_order!, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND battle_pass_id = :battle_pass_id AND premium_since IS NULL
RETURNING user_id, battle_pass_id, experience, premium_since, premium_order, revision, created_at, updated_at;

-- name: claimTier :optional
-- Claims a tier, or nothing where it was claimed: of many at once one comes back with a row.
INSERT INTO gamification.battle_pass_claims (
    user_id, battle_pass_id, tier, track, reward, created_at)
VALUES (
    :user_id, :battle_pass_id, :tier, :track, :reward, :now)
ON CONFLICT ON CONSTRAINT battle_pass_claims_pkey DO NOTHING
RETURNING user_id, battle_pass_id, tier, track, reward, created_at;

-- name: listClaims :many
-- What a user has claimed in a season.
SELECT user_id, battle_pass_id, tier, track, reward, created_at
FROM gamification.battle_pass_claims
WHERE user_id = :user_id AND battle_pass_id = :battle_pass_id
ORDER BY tier, track;
