-- name: appendEvent :one
-- Appends an event in the writer's transaction. The same type and key of a user a second time violates
-- `events_natural_key`.
INSERT INTO platform.events (
    id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at, created_at)
SELECT :event_id, :owner_id, max(epoch), pg_current_xact_id()::text::bigint, :position, :type, :version, :key,
    :payload, :request_id, :occurred_at, :now
FROM platform.event_epochs
RETURNING transaction_number;

-- name: findEvent :optional
-- An event by its id: of the acting user, or of nobody.
SELECT id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at,
    created_at
FROM platform.events
WHERE id = :event_id;

-- name: readEvents :many
-- The next events after a place, in their order, below every transaction that may still commit. With several
-- partitions, the users of one of them; what concerns nobody is read by partition 0.
-- role: worker
SELECT id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at,
    created_at
FROM platform.events
WHERE (epoch, transaction_number, position) > (:epoch, :transaction_number, :position)
    AND (epoch < :current_epoch OR transaction_number < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    AND (owner_id IS NULL AND :partition = 0
        OR abs(hashtextextended(owner_id::text, 0) % :partitions) = :partition)
ORDER BY epoch, transaction_number, position
LIMIT :row_limit;

-- name: listOldEvents :many
-- What retention may remove: the oldest events, written before a moment, that lie before the place which every
-- consumer has passed and that none holds open.
-- role: worker
SELECT e.id, e.owner_id, e.created_at
FROM platform.events e
WHERE e.created_at < :before AND (e.epoch, e.transaction_number, e.position) <= (:epoch, :transaction_number, :position)
    AND NOT EXISTS (
        SELECT FROM platform.parked_events p
        WHERE p.event_id = e.id AND p.status IN ('retrying', 'parked', 'held'))
ORDER BY e.created_at
LIMIT :row_limit;

-- name: deleteEvents :count
-- Removes events of one user, or of nobody, that no consumer holds open.
-- param: event_ids [Event.ID]
DELETE FROM platform.events e
WHERE e.id = ANY (:event_ids::uuid[]) AND (e.owner_id = :owner_id OR e.owner_id IS NULL)
    AND NOT EXISTS (
        SELECT FROM platform.parked_events p
        WHERE p.event_id = e.id AND p.status IN ('retrying', 'parked', 'held'));

-- name: findLastPlace :optional
-- The last event that may be read, for the lag of consumers.
-- role: worker
SELECT epoch, transaction_number, position, created_at
FROM platform.events
ORDER BY epoch DESC, transaction_number DESC, position DESC
LIMIT 1;

-- name: notifyConsumers :exec
-- Wakes whoever listens, when the transaction commits. Polling is the truth.
SELECT pg_notify('events', :type);
