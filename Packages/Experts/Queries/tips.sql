-- name: insertTip :optional
-- A tip, or nothing where the expert has spoken to this before.
INSERT INTO experts.ai_tips (
    user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence,
    falsified_if, status, valid_from, expires_at, revision, created_at, updated_at)
VALUES (
    :user_id, :ai_tip_id, :expert_id, :portfolio_id, :kind, :trigger_key, :title, :body, :confidence, :impact,
    :evidence, :falsified_if, 'active', :valid_from, :expires_at, 1, :now, :now)
ON CONFLICT ON CONSTRAINT ai_tips_trigger_key DO NOTHING
RETURNING user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence,
    falsified_if, status, valid_from, expires_at, resolved_at, revision, created_at, updated_at;

-- name: findTip :optional
-- A tip by its id.
SELECT user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence,
    falsified_if, status, valid_from, expires_at, resolved_at, revision, created_at, updated_at
FROM experts.ai_tips
WHERE user_id = :user_id AND id = :ai_tip_id;

-- name: listActiveTips :many
-- A page of the tips that hold, the latest first.
-- param: before_id AiTip.ID
SELECT user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence,
    falsified_if, status, valid_from, expires_at, resolved_at, revision, created_at, updated_at
FROM experts.ai_tips
WHERE user_id = :user_id AND status = 'active' AND id < :before_id AND expires_at > :now
ORDER BY id DESC
LIMIT :row_limit;

-- name: listTips :many
-- A page of all tips of a user, the latest first.
-- param: before_id AiTip.ID
SELECT user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence,
    falsified_if, status, valid_from, expires_at, resolved_at, revision, created_at, updated_at
FROM experts.ai_tips
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listTipsOfPortfolio :many
-- The tips about a portfolio.
-- param: before_id AiTip.ID
SELECT user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence,
    falsified_if, status, valid_from, expires_at, resolved_at, revision, created_at, updated_at
FROM experts.ai_tips
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: resolveTip :optional
-- Dismissed, acted on, or expired.
UPDATE experts.ai_tips
SET status = :status, resolved_at = :now, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :ai_tip_id AND status = 'active'
RETURNING user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence,
    falsified_if, status, valid_from, expires_at, resolved_at, revision, created_at, updated_at;

-- name: listExpiredTips :many
-- Tips whose time is over.
-- role: worker
SELECT user_id, id, expires_at
FROM experts.ai_tips
WHERE status = 'active' AND expires_at <= :now
ORDER BY expires_at, user_id, id
LIMIT :row_limit;

-- name: deleteTip :count
-- Removes a tip with its scores and what was said to it.
DELETE FROM experts.ai_tips
WHERE user_id = :user_id AND id = :ai_tip_id;

-- name: insertTipScore :count
-- What became of a tip, once for a horizon.
INSERT INTO experts.tip_scores (
    user_id, tip_id, horizon_days, outcome, evidence, scored_at, created_at)
VALUES (
    :user_id, :tip_id, :horizon_days, :outcome, :evidence, :scored_at, :now)
ON CONFLICT ON CONSTRAINT tip_scores_pkey DO NOTHING;

-- name: listTipScores :many
-- The scores of a tip.
SELECT user_id, tip_id, horizon_days, outcome, evidence, scored_at, created_at
FROM experts.tip_scores
WHERE user_id = :user_id AND tip_id = :tip_id
ORDER BY horizon_days;
