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

-- name: lockQuest :optional
-- A quest that is to be changed, locked until the transaction ends.
SELECT id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at
FROM gamification.quests
WHERE id = :quest_id
FOR NO KEY UPDATE;

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
-- A page of the quests that count: at which moments is for the rules, since events are met late.
-- param: after_id Quest.ID
SELECT id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at
FROM gamification.quests
WHERE status = 'active' AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: findQuestByCode :optional
-- The quest that an achievement asks for.
SELECT id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at
FROM gamification.quests
WHERE code = :code;

-- name: listOpenQuests :many
-- A page of the quests that are open at a moment, with how far a user is in the period of that moment.
-- nest: own
-- param: after_id Quest.ID
SELECT q.id, q.code, q.title, q.description, q.kind, q.category, q.target, q.experience_reward, q.starts_at, q.ends_at,
    u.period AS own_period, u.progress AS own_progress, u.target AS own_target, u.status AS own_status,
    u.expires_at AS own_expires_at, u.revision AS own_revision
FROM gamification.quests AS q
LEFT JOIN gamification.user_quests AS u ON u.user_id = :user_id AND u.quest_id = q.id
    AND u.period = CASE q.kind WHEN 'one_time' THEN 'once' WHEN 'daily' THEN :day WHEN 'weekly' THEN :week
        ELSE :season END
WHERE q.status = 'active' AND q.id > :after_id AND q.starts_at <= :now AND (q.ends_at IS NULL OR q.ends_at > :now)
ORDER BY q.id
LIMIT :row_limit;

-- name: updateQuest :one
-- Another wording, target, reward, time or status.
UPDATE gamification.quests
SET title = :title, description = :description, category = :category, criteria = :criteria, target = :target,
    experience_reward = :experience_reward, starts_at = :starts_at, ends_at = :ends_at, status = :status,
    revision = revision + 1, updated_at = :now
WHERE id = :quest_id
RETURNING id, code, title, description, kind, category, criteria, target, experience_reward, starts_at, ends_at,
    status, revision, created_at, updated_at;

-- name: deleteQuest :count
-- Removes a draft. One that somebody has begun violates `user_quests_quest_fkey`.
DELETE FROM gamification.quests
WHERE id = :quest_id AND status = 'draft';
