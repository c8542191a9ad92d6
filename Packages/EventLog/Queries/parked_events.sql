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

-- name: listHeldBackUsers :many
-- Which of these users have an event put aside for a consumer, so that later ones wait behind it.
-- role: worker
-- param: owner_ids [User.ID]
SELECT DISTINCT owner_id
FROM platform.parked_events
WHERE consumer = :consumer AND owner_id = ANY (:owner_ids::uuid[]) AND status IN ('retrying', 'parked', 'held');

-- name: listDueParkedEvents :many
-- What a partition may try again, in the order of its events: retries whose time has come, and what was held behind
-- an event that is resolved.
-- role: worker
SELECT event_id, owner_id, attempts
FROM platform.parked_events AS parked
WHERE consumer = :consumer
    AND (owner_id IS NULL AND :partition = 0
        OR abs(hashtextextended(owner_id::text, 0) % :partitions) = :partition)
    AND (status = 'retrying' AND next_attempt_at <= :now
        OR status = 'held' AND NOT EXISTS (
            SELECT FROM platform.parked_events AS earlier
            WHERE earlier.consumer = parked.consumer AND earlier.owner_id = parked.owner_id
                AND earlier.status IN ('retrying', 'parked', 'held')
                AND (earlier.epoch, earlier.transaction_number, earlier.position)
                    < (parked.epoch, parked.transaction_number, parked.position)))
ORDER BY epoch, transaction_number, position
LIMIT :row_limit;

-- name: listDuePartitions :many
-- The partitions of a consumer that have something to try again.
-- role: worker
SELECT DISTINCT coalesce(abs(hashtextextended(owner_id::text, 0) % :partitions), 0)::int AS partition
FROM platform.parked_events AS parked
WHERE consumer = :consumer
    AND (status = 'retrying' AND next_attempt_at <= :now
        OR status = 'held' AND NOT EXISTS (
            SELECT FROM platform.parked_events AS earlier
            WHERE earlier.consumer = parked.consumer AND earlier.owner_id = parked.owner_id
                AND earlier.status IN ('retrying', 'parked', 'held')
                AND (earlier.epoch, earlier.transaction_number, earlier.position)
                    < (parked.epoch, parked.transaction_number, parked.position)));

-- name: listParkedEvents :many
-- A page of what waits for a consumer, in the order of its events.
-- role: worker
SELECT parked.event_id, parked.owner_id, parked.epoch, parked.transaction_number, parked.position, parked.status,
    parked.attempts, parked.error, parked.next_attempt_at, parked.created_at, event.type, event.version, event.key,
    event.occurred_at, event.request_id
FROM platform.parked_events AS parked
JOIN platform.events AS event ON event.id = parked.event_id
WHERE parked.consumer = :consumer AND parked.status IN ('retrying', 'parked', 'held')
    AND (parked.epoch, parked.transaction_number, parked.position)
        > (:after_epoch, :after_transaction_number, :after_position)
ORDER BY parked.epoch, parked.transaction_number, parked.position
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

-- name: findParkedEventOwner :optional
-- row: ParkedEventOwner
-- Whose an event is that was put aside, for an operator to act as them.
-- role: worker
SELECT owner_id
FROM platform.parked_events
WHERE consumer = :consumer AND event_id = :event_id;

-- name: replayParkedEvent :count
-- An operator has it tried again at once.
UPDATE platform.parked_events
SET status = 'retrying', next_attempt_at = :now, updated_at = :now
WHERE consumer = :consumer AND event_id = :event_id AND status IN ('retrying', 'parked');

-- name: skipParkedEvent :count
-- An operator gives it up, and says why.
UPDATE platform.parked_events
SET status = 'skipped', next_attempt_at = NULL, resolved_at = :now, resolved_by = :resolved_by!,
    resolution = :resolution!, updated_at = :now
WHERE consumer = :consumer AND event_id = :event_id AND status IN ('retrying', 'parked', 'held');

-- name: resolveParkedEvent :count
-- It had its effect.
UPDATE platform.parked_events
SET status = 'done', next_attempt_at = NULL, resolved_at = :now, updated_at = :now
WHERE consumer = :consumer AND event_id = :event_id;

-- name: listResolvedEvents :many
-- What retention may remove, of the consumers of the context that looks: others remove their own.
-- role: worker
SELECT consumer, event_id, owner_id, resolved_at
FROM platform.parked_events
WHERE resolved_at < :before AND split_part(consumer, '.', 1) || '_worker' = current_user
ORDER BY resolved_at
LIMIT :row_limit;

-- name: deleteResolvedEvent :count
-- Removes one that was resolved.
DELETE FROM platform.parked_events
WHERE consumer = :consumer AND event_id = :event_id AND resolved_at IS NOT NULL;

-- name: countParkedEvents :many
-- How many events each consumer has put aside.
-- role: worker
-- explain: scan because it counts all that is put aside, which is to be little
SELECT consumer, status, count(*) AS count
FROM platform.parked_events
WHERE status IN ('retrying', 'parked', 'held')
GROUP BY consumer, status;
