-- name: parkEvent :exec
-- Puts an event aside for a consumer: to be tried again, for an operator, or behind an earlier one.
INSERT INTO platform.parked_events (
    consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, next_attempt_at,
    created_at, updated_at)
VALUES (
    :consumer, :event_id, :owner_id, :epoch, :transaction_number, :position, :status, :attempts, :error,
    :next_attempt_at, :now, :now);

-- name: findParkedEvent :optional
-- An event that was put aside.
SELECT consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, next_attempt_at,
    resolved_at, resolved_by, resolution, created_at, updated_at
FROM platform.parked_events
WHERE consumer = :consumer AND event_id = :event_id;

-- name: lockParkedEvent :optional
-- The same, held until the transaction ends.
SELECT consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, next_attempt_at,
    resolved_at, resolved_by, resolution, created_at, updated_at
FROM platform.parked_events
WHERE consumer = :consumer AND event_id = :event_id
FOR NO KEY UPDATE;

-- name: isUserHeldBack :one
-- Whether an event of this user is put aside for a consumer, so that later ones wait behind it.
SELECT EXISTS (
    SELECT FROM platform.parked_events
    WHERE consumer = :consumer AND owner_id = :owner_id AND status IN ('retrying', 'parked', 'held')) AS is_held_back;

-- name: listRetries :many
-- What is due to be tried again.
-- role: worker
SELECT consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, next_attempt_at,
    resolved_at, resolved_by, resolution, created_at, updated_at
FROM platform.parked_events
WHERE status = 'retrying' AND next_attempt_at <= :now
ORDER BY next_attempt_at
LIMIT :row_limit;

-- name: listParkedEvents :many
-- A page of what waits for a consumer, in the order of its events.
-- role: worker
SELECT consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, next_attempt_at,
    resolved_at, resolved_by, resolution, created_at, updated_at
FROM platform.parked_events
WHERE consumer = :consumer AND status IN ('retrying', 'parked', 'held')
    AND (epoch, transaction_number, position) > (:after_epoch, :after_transaction_number, :after_position)
ORDER BY epoch, transaction_number, position
LIMIT :row_limit;

-- name: findNextHeldEvent :optional
-- The first event that waits behind another of this user.
SELECT consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, next_attempt_at,
    resolved_at, resolved_by, resolution, created_at, updated_at
FROM platform.parked_events
WHERE consumer = :consumer AND owner_id = :owner_id AND status IN ('retrying', 'parked', 'held')
ORDER BY epoch, transaction_number, position
LIMIT 1;

-- name: retryParkedEvent :exec
-- Another attempt failed: when comes the next, or with no moment it is an operator's now.
UPDATE platform.parked_events
SET status = :status, attempts = attempts + 1, error = :error, next_attempt_at = :next_attempt_at,
    updated_at = :now
WHERE consumer = :consumer AND event_id = :event_id;

-- name: resolveParkedEvent :count
-- It had its effect, or an operator skipped it and says why.
UPDATE platform.parked_events
SET status = :status, next_attempt_at = NULL, resolved_at = :now, resolved_by = :resolved_by,
    resolution = :resolution, updated_at = :now
WHERE consumer = :consumer AND event_id = :event_id;

-- name: listResolvedEvents :many
-- What retention may remove.
-- role: worker
SELECT consumer, event_id, owner_id, resolved_at
FROM platform.parked_events
WHERE resolved_at < :before
ORDER BY resolved_at
LIMIT :row_limit;

-- name: deleteResolvedEvent :count
-- Removes one that was resolved.
DELETE FROM platform.parked_events
WHERE consumer = :consumer AND event_id = :event_id AND resolved_at IS NOT NULL;

-- name: countParkedEvents :many
-- How many events each consumer has put aside.
-- role: worker
SELECT consumer, status, count(*) AS count
FROM platform.parked_events
WHERE status IN ('retrying', 'parked', 'held')
GROUP BY consumer, status;
