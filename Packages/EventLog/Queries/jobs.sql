-- name: scheduleJob :exec
-- A job at a time. The same type and key a second time is nothing.
INSERT INTO platform.jobs (
    id, owner_id, type, key, payload, status, run_at, attempts, maximum_attempts, created_at, updated_at)
VALUES (
    :job_id, :owner_id, :type, :key, :payload, 'scheduled', :run_at, 0, :maximum_attempts, :now, :now)
ON CONFLICT ON CONSTRAINT jobs_natural_key DO NOTHING;

-- name: findJob :optional
-- A job by its id.
SELECT id, owner_id, type, key, payload, status, run_at, attempts, maximum_attempts, locked_by, locked_until,
    finished_at, error, created_at, updated_at
FROM platform.jobs
WHERE id = :job_id;

-- name: listDueJobs :many
-- Jobs whose time has come, the longest waiting first.
-- role: worker
SELECT id, owner_id, type, run_at
FROM platform.jobs
WHERE status = 'scheduled' AND run_at <= :now
ORDER BY run_at, id
LIMIT :row_limit;

-- name: listStalledJobs :many
-- Jobs whose process is taken for dead.
-- role: worker
SELECT id, owner_id, type, locked_until
FROM platform.jobs
WHERE status = 'running' AND locked_until <= :now
ORDER BY locked_until, id
LIMIT :row_limit;

-- name: claimJob :optional
-- Takes a job that is due or stalled; nothing where somebody was faster.
UPDATE platform.jobs
SET status = 'running', attempts = attempts + 1, locked_by = :locked_by, locked_until = :locked_until, updated_at = :now
WHERE id = :job_id AND attempts < maximum_attempts
    AND (status = 'scheduled' AND run_at <= :now OR status = 'running' AND locked_until <= :now)
RETURNING id, owner_id, type, key, payload, status, run_at, attempts, maximum_attempts, locked_by, locked_until,
    finished_at, error, created_at, updated_at;

-- name: finishJob :count
-- The work is done, failed for good, or is no longer wanted.
UPDATE platform.jobs
SET status = :status, locked_by = NULL, locked_until = NULL, finished_at = :now, error = :error,
    updated_at = :now
WHERE id = :job_id;

-- name: putOffJob :count
-- The attempt failed: it runs again later.
UPDATE platform.jobs
SET status = 'scheduled', run_at = :run_at, locked_by = NULL, locked_until = NULL, error = :error,
    updated_at = :now
WHERE id = :job_id;

-- name: listFinishedJobs :many
-- What retention may remove.
-- role: worker
SELECT id, owner_id
FROM platform.jobs
WHERE finished_at < :before
ORDER BY finished_at
LIMIT :row_limit;

-- name: deleteJob :count
-- Removes a finished job.
DELETE FROM platform.jobs
WHERE id = :job_id AND finished_at IS NOT NULL;
