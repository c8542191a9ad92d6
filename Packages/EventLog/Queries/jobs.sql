-- name: scheduleJob :count
-- A job at a time. The same type and key a second time is nothing. Its time stays in the payload, since that of the row
-- moves when an attempt fails.
INSERT INTO platform.jobs (
    id, owner_id, type, key, payload, status, run_at, attempts, maximum_attempts, created_at, updated_at)
VALUES (
    :job_id, :owner_id, :type, :key,
    :payload::jsonb || jsonb_build_object('nominal_run_at', :run_at::timestamptz), 'scheduled', :run_at, 0,
    :maximum_attempts, :now, :now)
ON CONFLICT ON CONSTRAINT jobs_natural_key DO NOTHING;

-- name: findJob :optional
-- A job by its id.
SELECT id, owner_id, type, key, payload, status, run_at, attempts, maximum_attempts, locked_by, locked_until,
    finished_at, error, created_at, updated_at
FROM platform.jobs
WHERE id = :job_id;

-- name: listDueJobs :many
-- Jobs of these types whose time has come, the longest waiting first.
-- role: worker
SELECT id, owner_id, type, run_at
FROM platform.jobs
WHERE status = 'scheduled' AND run_at <= :now AND type = ANY (:types::text[])
ORDER BY run_at, id
LIMIT :row_limit;

-- name: listStalledJobs :many
-- Jobs of these types whose process is taken for dead.
-- role: worker
SELECT id, owner_id, type, locked_until
FROM platform.jobs
WHERE status = 'running' AND locked_until <= :now AND type = ANY (:types::text[])
ORDER BY locked_until, id
LIMIT :row_limit;

-- name: claimJob :optional
-- row: ClaimedJob
-- Takes a job that is due or stalled; nothing where somebody was faster, or is at it and only slow.
UPDATE platform.jobs
SET status = 'running', attempts = attempts + 1, locked_by = :locked_by!, locked_until = :locked_until!,
    updated_at = :now
WHERE id = (
    SELECT id
    FROM platform.jobs
    WHERE id = :job_id AND attempts < maximum_attempts
        AND (status = 'scheduled' AND run_at <= :now OR status = 'running' AND locked_until <= :now)
    FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id, owner_id, type, key, payload - 'nominal_run_at' AS payload,
    coalesce((payload ->> 'nominal_run_at')::timestamptz, run_at) AS nominal_run_at, attempts, maximum_attempts;

-- name: failStalledJob :count
-- Whoever ran it died at the last attempt that it had.
UPDATE platform.jobs
SET status = 'failed', locked_by = NULL, locked_until = NULL, finished_at = :now, error = :error!, updated_at = :now
WHERE id = (
    SELECT id
    FROM platform.jobs
    WHERE id = :job_id AND status = 'running' AND locked_until <= :now AND attempts >= maximum_attempts
    FOR NO KEY UPDATE SKIP LOCKED);

-- name: holdJob :optional
-- row: HeldJob
-- Keeps a claimed job until the transaction of its effect ends; nothing where another took it over meanwhile.
SELECT id
FROM platform.jobs
WHERE id = :job_id AND status = 'running' AND locked_by = :locked_by AND attempts = :attempts
FOR NO KEY UPDATE;

-- name: finishJob :count
-- The work is done, or failed for good.
UPDATE platform.jobs
SET status = :status, locked_by = NULL, locked_until = NULL, finished_at = :now!, error = :error, updated_at = :now
WHERE id = :job_id AND status = 'running' AND locked_by = :locked_by AND attempts = :attempts;

-- name: putOffJob :count
-- The attempt failed: it runs again later.
UPDATE platform.jobs
SET status = 'scheduled', run_at = :run_at, locked_by = NULL, locked_until = NULL, error = :error!,
    updated_at = :now
WHERE id = :job_id AND status = 'running' AND locked_by = :locked_by AND attempts = :attempts;

-- name: handBackJob :count
-- The process ends before the work is done: another takes it at once, and this was no attempt.
UPDATE platform.jobs
SET status = 'scheduled', attempts = attempts - 1, locked_by = NULL, locked_until = NULL, updated_at = :now
WHERE id = :job_id AND status = 'running' AND locked_by = :locked_by AND attempts = :attempts;

-- name: listFinishedJobs :many
-- What retention may remove, of the jobs of the context that looks: others remove their own.
-- role: worker
SELECT id, owner_id
FROM platform.jobs
WHERE finished_at < :before AND split_part(type, '.', 1) || '_worker' = current_user
ORDER BY finished_at
LIMIT :row_limit;

-- name: deleteJob :count
-- Removes a finished job.
DELETE FROM platform.jobs
WHERE id = :job_id AND finished_at IS NOT NULL;
