-- name: appendEvents :exec
-- Appends events of one type in the writer's transaction, behind those that it has appended already: the position is
-- counted in a setting of the transaction, which a savepoint's rollback takes back with the events. The same type and
-- key of a user a second time violates `events_natural_key`.
-- rows: NewEvent
WITH counted AS MATERIALIZED (
    SELECT last,
        set_config('grove.event_position', (last + cardinality(:event_ids::uuid[]))::text, true) AS new_last
    FROM (
        SELECT coalesce(substring(current_setting('grove.event_position', true) FROM '[0-9]+')::int, -1) AS last
        OFFSET 0) AS setting
)
INSERT INTO platform.events (
    id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at, created_at)
SELECT event.id, :owner_id, (SELECT max(epoch) FROM platform.event_epochs), pg_current_xact_id()::text::bigint,
    counted.last + event.number, :type, :version, event.key, event.payload, :request_id, event.occurred_at, :now
FROM counted,
    unnest(:event_ids::uuid[], :keys::text[], :payloads::jsonb[], :occurred_at::timestamptz[]) WITH ORDINALITY
        AS event (id, key, payload, occurred_at, number);

-- name: findEvent :optional
-- An event by its id, but for its payload: of the acting user, or of no user.
-- row: LoggedEvent
SELECT id, owner_id, epoch, transaction_number, position, type, version, key, request_id, occurred_at, created_at
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
-- row: LoggedEvent
SELECT id, owner_id, epoch, transaction_number, position, type, version, key, request_id, occurred_at, created_at
FROM platform.events
WHERE (epoch, transaction_number, position) > (:epoch, :transaction_number, :position)
    AND (epoch, transaction_number, position) <= (:end_epoch, :end_transaction_number, :end_position)
    AND (owner_id IS NULL AND :partition = 0
        OR abs(hashtextextended(owner_id::text, 0) % :partitions) = :partition)
ORDER BY epoch, transaction_number, position
LIMIT :row_limit;

-- name: readPayloads :many
-- The payloads of some events; nothing in the place of one whose type no consumer of this context handles.
-- role: worker
-- param: event_ids [Event.ID]
-- column: event_id Event.ID
SELECT event_id AS "event_id!", payload
FROM platform.read_payloads(:event_ids::uuid[]);

-- name: removeOldEvents :one
-- What retention removes: the oldest events, written before a moment, which every consumer has passed and none holds open.
-- role: worker
SELECT coalesce(platform.remove_old_events(:before, :row_limit), 0) AS removed;

-- name: notifyConsumers :exec
-- Wakes whoever listens, when the transaction commits. Polling is the truth.
SELECT pg_notify('grove_events', '');

-- name: actAsNobody :exec
-- For an event that concerns nobody, after one that concerned somebody.
SELECT set_config('app.user_id', '', true);
