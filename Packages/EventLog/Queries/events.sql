-- name: appendEvents :exec
-- Appends events of one type in the writer's transaction, behind those that it has appended already: the position is
-- counted in a setting of the transaction, which a savepoint's rollback takes back with the events. The same type and
-- key of a user a second time violates `events_natural_key`.
-- param: event_ids [Event.ID]
WITH counted AS MATERIALIZED (
    SELECT last,
        set_config('grove.event_position', (last + cardinality(:event_ids::uuid[]))::text, true) AS new_last
    FROM (
        SELECT coalesce(nullif(current_setting('grove.event_position', true), '')::int, -1) AS last
        OFFSET 0) AS setting
)
INSERT INTO platform.events (
    id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at, created_at)
SELECT event.id, :owner_id, (SELECT max(epoch) FROM platform.event_epochs), pg_current_xact_id()::text::bigint,
    counted.last + event.number, :type, :version, event.key, event.payload::jsonb, :request_id, event.occurred_at, :now
FROM counted,
    unnest(:event_ids::uuid[], :keys::text[], :payloads::text[], :occurred_at::timestamptz[]) WITH ORDINALITY
        AS event (id, key, payload, occurred_at, number);

-- name: findEvent :optional
-- An event by its id: of the acting user, or of nobody.
SELECT id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at,
    created_at
FROM platform.events
WHERE id = :event_id;

-- name: findReadableEnd :optional
-- The last event that may be read: none that is still to be committed can come before it.
-- role: worker
-- explain: scan because there is an epoch for each restore
SELECT epoch, transaction_number, position, created_at
FROM platform.events
WHERE epoch < (SELECT max(epoch) FROM platform.event_epochs)
    OR transaction_number < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY epoch DESC, transaction_number DESC, position DESC
LIMIT 1;

-- name: readEvents :many
-- The next events of a partition after a place and up to an end, in their order. With several partitions, those of
-- its users; what concerns nobody is read by partition 0.
-- role: worker
SELECT id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at,
    created_at
FROM platform.events
WHERE (epoch, transaction_number, position) > (:epoch, :transaction_number, :position)
    AND (epoch, transaction_number, position) <= (:end_epoch, :end_transaction_number, :end_position)
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
-- Removes events of one user, or of nobody, that no consumer holds open. What is open is read once, statistics or not.
-- param: event_ids [Event.ID]
DELETE FROM platform.events e
WHERE e.id = ANY (:event_ids::uuid[]) AND (e.owner_id = :owner_id? OR e.owner_id IS NULL)
    AND e.id NOT IN (
        SELECT p.event_id
        FROM platform.parked_events p
        WHERE p.event_id = ANY (:event_ids::uuid[]) AND p.status IN ('retrying', 'parked', 'held'));

-- name: notifyConsumers :exec
-- Wakes whoever listens, when the transaction commits. Polling is the truth.
SELECT pg_notify('grove_events', '');

-- name: actAsNobody :exec
-- For an event that concerns nobody, after one that concerned somebody.
SELECT set_config('app.user_id', '', true);
