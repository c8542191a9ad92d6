-- name: upsertCheckpoint :exec
-- How far a feed is read. It never goes back.
INSERT INTO market.ingest_checkpoints (
    source, cursor, watermark, created_at, updated_at)
VALUES (
    :source, :cursor, :watermark, :now, :now)
ON CONFLICT ON CONSTRAINT ingest_checkpoints_pkey DO UPDATE
SET cursor = excluded.cursor, watermark = excluded.watermark, updated_at = excluded.updated_at
WHERE ingest_checkpoints.watermark <= excluded.watermark;

-- name: findCheckpoint :optional
-- How far a feed is read.
SELECT source, cursor, watermark, created_at, updated_at
FROM market.ingest_checkpoints
WHERE source = :source;

-- name: lockCheckpoint :optional
-- The same, held until the transaction ends: one reader a feed.
SELECT source, cursor, watermark, created_at, updated_at
FROM market.ingest_checkpoints
WHERE source = :source
FOR NO KEY UPDATE;

-- name: listCheckpoints :many
-- A page of the feeds.
SELECT source, cursor, watermark, created_at, updated_at
FROM market.ingest_checkpoints
WHERE source > :after_source
ORDER BY source
LIMIT :row_limit;

-- name: deleteCheckpoint :count
-- A feed is read from its beginning again; what it gave is known by its hash.
DELETE FROM market.ingest_checkpoints
WHERE source = :source;
