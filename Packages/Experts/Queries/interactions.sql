-- name: insertInteraction :one
-- What a user did, or asked.
INSERT INTO experts.user_ai_interactions (
    user_id, id, expert_id, tip_id, kind, rating, message, tokens, created_at, updated_at)
VALUES (
    :user_id, :user_ai_interaction_id, :expert_id, :tip_id, :kind, :rating, :message, :tokens, :now, :now)
RETURNING user_id, id, expert_id, tip_id, kind, rating, message, answer, latency_milliseconds, tokens, created_at,
    updated_at;

-- name: findInteraction :optional
-- An interaction by its id.
SELECT user_id, id, expert_id, tip_id, kind, rating, message, answer, latency_milliseconds, tokens, created_at,
    updated_at
FROM experts.user_ai_interactions
WHERE user_id = :user_id AND id = :user_ai_interaction_id;

-- name: listInteractions :many
-- A page of a user's interactions, the latest first.
-- param: before_id UserAiInteraction.ID
SELECT user_id, id, expert_id, tip_id, kind, rating, message, answer, latency_milliseconds, tokens, created_at,
    updated_at
FROM experts.user_ai_interactions
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listInteractionsOfTip :many
-- What a user did with a tip.
SELECT user_id, id, expert_id, tip_id, kind, rating, message, answer, latency_milliseconds, tokens, created_at,
    updated_at
FROM experts.user_ai_interactions
WHERE user_id = :user_id AND tip_id = :tip_id
ORDER BY id;

-- name: answerQuestion :optional
-- The answer to a question.
UPDATE experts.user_ai_interactions
SET answer = :answer!, latency_milliseconds = :latency_milliseconds!, tokens = :tokens, updated_at = :now
WHERE user_id = :user_id AND id = :user_ai_interaction_id AND kind = 'question'
RETURNING user_id, id, expert_id, tip_id, kind, rating, message, answer, latency_milliseconds, tokens, created_at,
    updated_at;

-- name: rateInteraction :count
-- A rating from 1 to 5.
UPDATE experts.user_ai_interactions
SET rating = :rating!, updated_at = :now
WHERE user_id = :user_id AND id = :user_ai_interaction_id;

-- name: deleteInteraction :count
-- Removes what was said.
DELETE FROM experts.user_ai_interactions
WHERE user_id = :user_id AND id = :user_ai_interaction_id;
