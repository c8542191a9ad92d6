-- name: insertQuest :one
-- A new quest. A code that is taken violates `quests_code_key`.
INSERT INTO gamification.quests (
    id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at)
VALUES (
    :quest_id, :code, :title, :description, :kind, :category, :criteria, :target, :experience_reward,
    :starts_at, :ends_at, :status, 1, :now, :now)
RETURNING id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at;

-- name: findQuest :optional
-- A quest.
SELECT id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at
FROM gamification.quests
WHERE id = :quest_id;

-- name: listQuests :many
-- A page of all quests, for operators.
-- param: after_id Quest.ID
SELECT id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at
FROM gamification.quests
WHERE id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: listActiveQuests :many
-- The quests that are open at a moment.
-- param: after_id Quest.ID
SELECT id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at
FROM gamification.quests
WHERE status = 'active' AND id > :after_id AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
ORDER BY id
LIMIT :row_limit;

-- name: updateQuest :optional
-- Another wording or reward, if the revision is still the one that was read.
UPDATE gamification.quests
SET title = :title, description = :description, category = :category, criteria = :criteria, target = :target,
    experience_reward = :experience_reward, starts_at = :starts_at, ends_at = :ends_at, status = :status,
    revision = revision + 1, updated_at = :now
WHERE id = :quest_id AND revision = :revision
RETURNING id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at;

-- name: deleteQuest :count
-- Removes a draft. One that somebody has begun violates `user_quests_quest_fkey`.
DELETE FROM gamification.quests
WHERE id = :quest_id AND status = 'draft';
