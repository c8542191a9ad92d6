-- name: registerConsumer :exec
-- Makes a consumer, or leaves it as it is.
INSERT INTO platform.consumers (
    name, partitions, created_at, updated_at)
VALUES (
    :name, :partitions, :now, :now)
ON CONFLICT ON CONSTRAINT consumers_pkey DO NOTHING;

-- name: findConsumer :optional
-- A consumer, paused or not.
SELECT name, partitions, paused_at, created_at, updated_at
FROM platform.consumers
WHERE name = :name;

-- name: mayMoveConsumer :one
-- Whether a consumer is of the context that asks.
SELECT coalesce(split_part(:name, '.', 1) || '_service' = current_user, false) AS may_move;

-- name: listConsumers :many
-- A page of the consumers.
SELECT name, partitions, paused_at, created_at, updated_at
FROM platform.consumers
WHERE name > :after_name
ORDER BY name
LIMIT :row_limit;

-- name: pauseConsumer :optional
-- Holds a consumer, or with no moment lets it go on.
UPDATE platform.consumers
SET paused_at = :paused_at, updated_at = :now
WHERE name = :name
RETURNING name, partitions, paused_at, created_at, updated_at;

-- name: insertCursor :exec
-- The beginning of a partition, or nothing where it has one.
INSERT INTO platform.consumer_cursors (
    consumer, partition, epoch, transaction_number, position, handled, created_at, updated_at)
VALUES (
    :consumer, :partition, :epoch, :transaction_number, :position, 0, :now, :now)
ON CONFLICT ON CONSTRAINT consumer_cursors_pkey DO NOTHING;

-- name: claimCursor :optional
-- The place of a partition, held until the transaction ends; nothing where another process holds it.
SELECT consumer, partition, epoch, transaction_number, position, handled, created_at, updated_at
FROM platform.consumer_cursors
WHERE consumer = :consumer AND partition = :partition
FOR NO KEY UPDATE SKIP LOCKED;

-- name: listCursors :many
-- The places of a consumer's partitions.
SELECT consumer, partition, epoch, transaction_number, position, handled, created_at, updated_at
FROM platform.consumer_cursors
WHERE consumer = :consumer
ORDER BY partition;

-- name: moveCursor :exec
-- Moves a partition on, in the transaction of the effects.
UPDATE platform.consumer_cursors
SET epoch = :epoch, transaction_number = :transaction_number, position = :position,
    handled = handled + :handled, updated_at = :now
WHERE consumer = :consumer AND partition = :partition;

-- name: listConsumerStates :many
-- How far each consumer is: the events after its slowest cursor, and for how many seconds the oldest of them waits.
-- role: worker
-- explain: scan because it shows all consumers, and there are few
-- explain: sort because a consumer has few partitions
SELECT consumer.name, consumer.partitions, consumer.paused_at, waiting.behind, waiting.lag_seconds,
    (SELECT count(*)
        FROM platform.parked_events AS parked
        WHERE parked.consumer = consumer.name AND parked.status IN ('retrying', 'parked', 'held')) AS put_aside
FROM platform.consumers AS consumer
CROSS JOIN LATERAL (
    SELECT count(*) AS behind,
        coalesce(greatest(extract(epoch FROM :now::timestamptz - min(event.created_at)), 0), 0)::float8 AS lag_seconds
    FROM platform.events AS event
    WHERE (event.epoch, event.transaction_number, event.position) > (
        SELECT place.epoch, place.transaction_number, place.position
        FROM platform.consumer_cursors AS place
        WHERE place.consumer = consumer.name
        ORDER BY place.epoch, place.transaction_number, place.position
        LIMIT 1)) AS waiting
ORDER BY consumer.name;

-- name: findConsumerLag :one
-- How far a consumer is, for its metrics: events after its slowest cursor, of which no more than a hundred thousand are
-- counted, for how many seconds the first of them waits, and what it has put aside.
-- role: worker
-- explain: sort because a consumer has few partitions
WITH waiting AS (
    SELECT event.created_at
    FROM platform.events AS event
    WHERE (event.epoch, event.transaction_number, event.position) > (
        SELECT place.epoch, place.transaction_number, place.position
        FROM platform.consumer_cursors AS place
        WHERE place.consumer = :consumer
        ORDER BY place.epoch, place.transaction_number, place.position
        LIMIT 1)
    ORDER BY event.epoch, event.transaction_number, event.position
    LIMIT 100000)
SELECT (SELECT count(*) FROM waiting) AS behind,
    coalesce(greatest(extract(epoch FROM :now::timestamptz - (SELECT min(created_at) FROM waiting)), 0), 0)::float8
        AS lag_seconds,
    (SELECT count(*)
        FROM platform.parked_events AS parked
        WHERE parked.consumer = :consumer AND parked.status IN ('retrying', 'parked', 'held')) AS put_aside;
