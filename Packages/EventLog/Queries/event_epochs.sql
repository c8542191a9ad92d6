-- name: beginEpoch :one
-- After a restore: new events are of a new epoch.
-- row: EventEpochRow
INSERT INTO platform.event_epochs (epoch, reason, began_at)
SELECT max(epoch) + 1, :reason, :began_at FROM platform.event_epochs
RETURNING epoch, reason, began_at;

-- name: findCurrentEpoch :one
-- The epoch of new events.
SELECT epoch FROM platform.event_epochs ORDER BY epoch DESC LIMIT 1;
