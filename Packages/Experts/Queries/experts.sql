-- name: insertExpert :one
-- A new expert. A code that is taken violates `ai_experts_code_key`.
INSERT INTO experts.ai_experts (
    id, code, name, specialty, persona, risk_profile, provider, active, revision, created_at, updated_at)
VALUES (
    :ai_expert_id, :code, :name, :specialty, :persona, :risk_profile, :provider, :active, 1, :now, :now)
RETURNING id, code, name, specialty, persona, risk_profile, provider, active, revision, created_at, updated_at;

-- name: findExpert :optional
-- An expert.
SELECT id, code, name, specialty, persona, risk_profile, provider, active, revision, created_at, updated_at
FROM experts.ai_experts
WHERE id = :ai_expert_id;

-- name: findExpertByCode :optional
-- An expert by the code.
SELECT id, code, name, specialty, persona, risk_profile, provider, active, revision, created_at, updated_at
FROM experts.ai_experts
WHERE code = :code;

-- name: listExperts :many
-- A page of the experts.
-- param: after_id AiExpert.ID
SELECT id, code, name, specialty, persona, risk_profile, provider, active, revision, created_at, updated_at
FROM experts.ai_experts
WHERE id > :after_id AND (active OR :include_inactive)
ORDER BY id
LIMIT :row_limit;

-- name: updateExpert :optional
-- Another name or manner, if the revision is still the one that was read.
UPDATE experts.ai_experts
SET name = :name, specialty = :specialty, persona = :persona, risk_profile = :risk_profile,
    provider = :provider, active = :active, revision = revision + 1, updated_at = :now
WHERE id = :ai_expert_id AND revision = :revision
RETURNING id, code, name, specialty, persona, risk_profile, provider, active, revision, created_at, updated_at;

-- name: deleteExpert :count
-- Removes an expert who has said nothing. One who has violates `ai_tips_expert_fkey`.
DELETE FROM experts.ai_experts
WHERE id = :ai_expert_id;

-- name: countScore :exec
-- A score in the expert's public record, in the transaction that writes it.
INSERT INTO experts.expert_records AS r (
    expert_id, kind, horizon_days, right_count, wrong_count, unclear_count, created_at, updated_at)
VALUES (
    :expert_id, :kind, :horizon_days, :right_count, :wrong_count, :unclear_count, :now, :now)
ON CONFLICT ON CONSTRAINT expert_records_pkey DO UPDATE
SET right_count = r.right_count + excluded.right_count, wrong_count = r.wrong_count + excluded.wrong_count,
    unclear_count = r.unclear_count + excluded.unclear_count, updated_at = excluded.updated_at;

-- name: findExpertRecord :optional
-- A line of an expert's record.
SELECT expert_id, kind, horizon_days, right_count, wrong_count, unclear_count, created_at, updated_at
FROM experts.expert_records
WHERE expert_id = :expert_id AND kind = :kind AND horizon_days = :horizon_days;

-- name: listExpertRecord :many
-- The public record of an expert.
SELECT expert_id, kind, horizon_days, right_count, wrong_count, unclear_count, created_at, updated_at
FROM experts.expert_records
WHERE expert_id = :expert_id
ORDER BY kind, horizon_days;
