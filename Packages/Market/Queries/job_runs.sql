-- name: insertJobRun :optional
-- The run of a trading day, or nothing where it has one.
INSERT INTO market.job_runs (
    id, type, trading_date_et, status, attempt, stats, created_at, updated_at)
VALUES (
    :job_run_id, :type, :trading_date_et, 'pending', 0, '{}', :now, :now)
ON CONFLICT ON CONSTRAINT job_runs_day_key DO NOTHING
RETURNING id, type, trading_date_et, status, attempt, started_at, finished_at, stats, error, created_at, updated_at;

-- name: findJobRun :optional
-- A run by its id.
SELECT id, type, trading_date_et, status, attempt, started_at, finished_at, stats, error, created_at, updated_at
FROM market.job_runs
WHERE id = :job_run_id;

-- name: findJobRunOfDay :optional
-- The run of a type and trading day.
SELECT id, type, trading_date_et, status, attempt, started_at, finished_at, stats, error, created_at, updated_at
FROM market.job_runs
WHERE type = :type AND trading_date_et = :trading_date_et;

-- name: listJobRuns :many
-- A page of the runs, the latest day first.
-- param: before_id JobRun.ID
SELECT id, type, trading_date_et, status, attempt, started_at, finished_at, stats, error, created_at, updated_at
FROM market.job_runs
WHERE (trading_date_et, id) < (:before_date, :before_id)
ORDER BY trading_date_et DESC, id DESC
LIMIT :row_limit;

-- name: startJobRun :optional
-- Takes a run that waits, or failed; nothing where somebody was faster.
UPDATE market.job_runs
SET status = 'running', attempt = attempt + 1, started_at = :now, finished_at = NULL, error = NULL,
    updated_at = :now
WHERE id = :job_run_id AND status IN ('pending', 'failed')
RETURNING id, type, trading_date_et, status, attempt, started_at, finished_at, stats, error, created_at, updated_at;

-- name: finishJobRun :count
-- How a run ended.
UPDATE market.job_runs
SET status = :status, finished_at = :now, stats = :stats, error = :error, updated_at = :now
WHERE id = :job_run_id AND status = 'running';

-- name: skipJobRun :count
-- A day that is no trading day, or one too late to begin with.
UPDATE market.job_runs
SET status = 'skipped', finished_at = :now, error = :error, updated_at = :now
WHERE id = :job_run_id AND status = 'pending';
