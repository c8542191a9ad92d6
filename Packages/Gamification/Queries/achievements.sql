-- name: insertAchievement :one
-- A new achievement. A code that is taken violates `achievements_code_key`.
INSERT INTO gamification.achievements (
    id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at,
    updated_at)
VALUES (
    :achievement_id, :code, :title, :description, :tier, :criteria, :hidden, :experience_reward, :status, 1,
    :now, :now)
RETURNING id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at,
    updated_at;

-- name: findAchievement :optional
-- An achievement.
SELECT id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at,
    updated_at
FROM gamification.achievements
WHERE id = :achievement_id;

-- name: lockAchievement :optional
-- An achievement that is to be changed, locked until the transaction ends.
SELECT id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at,
    updated_at
FROM gamification.achievements
WHERE id = :achievement_id
FOR NO KEY UPDATE;

-- name: listAchievements :many
-- A page of all achievements, for operators.
-- param: after_id Achievement.ID
SELECT id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at,
    updated_at
FROM gamification.achievements
WHERE id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: listShownAchievements :many
-- A page of what a user may see: what is open to all and not hidden, and whatever they have unlocked.
-- param: after_id Achievement.ID
SELECT a.id, a.code, a.title, a.description, a.tier, a.hidden, a.experience_reward, u.unlocked_at
FROM gamification.achievements AS a
LEFT JOIN gamification.user_achievements AS u ON u.user_id = :user_id AND u.achievement_id = a.id
WHERE a.id > :after_id AND (a.status = 'active' AND NOT a.hidden OR u.unlocked_at IS NOT NULL)
ORDER BY a.id
LIMIT :row_limit;

-- name: updateAchievement :one
-- Another wording.
UPDATE gamification.achievements
SET title = :title, description = :description, tier = :tier, criteria = :criteria, hidden = :hidden,
    experience_reward = :experience_reward, status = :status, revision = revision + 1, updated_at = :now
WHERE id = :achievement_id
RETURNING id, code, title, description, tier, criteria, hidden, experience_reward, status, revision, created_at,
    updated_at;

-- name: deleteAchievement :count
-- Removes a draft.
DELETE FROM gamification.achievements
WHERE id = :achievement_id AND status = 'draft';

-- name: unlockAchievement :optional
-- Unlocks an achievement, or nothing where it is unlocked.
INSERT INTO gamification.user_achievements (
    user_id, achievement_id, unlocked_at, source_event, created_at)
VALUES (
    :user_id, :achievement_id, :unlocked_at, :source_event, :now)
ON CONFLICT ON CONSTRAINT user_achievements_pkey DO NOTHING
RETURNING user_id, achievement_id, unlocked_at, source_event, created_at;

-- name: deleteUserAchievement :count
-- Takes back what was unlocked by something that no longer stands.
DELETE FROM gamification.user_achievements
WHERE user_id = :user_id AND achievement_id = :achievement_id;
