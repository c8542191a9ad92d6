-- name: insertFeedGaps :exec
-- Days that a feed should have had and has not; those that are known stay as they are.
INSERT INTO market.feed_gaps (feed_id, day, attempts, attempt_at, created_at, updated_at)
SELECT :feed_id, gap.day, 1, :attempt_at, :now, :now
FROM unnest(:days::date[]) AS gap (day)
ON CONFLICT ON CONSTRAINT feed_gaps_pkey DO NOTHING;

-- name: listDueFeedGaps :many
-- The days for which the provider is asked again, the oldest first.
SELECT day, attempts
FROM market.feed_gaps
WHERE feed_id = :feed_id AND attempt_at <= :now AND attempts < :maximum_attempts
ORDER BY day
LIMIT :row_limit;

-- name: deleteFeedGaps :count
-- Days that are filled.
DELETE FROM market.feed_gaps
WHERE feed_id = :feed_id AND day = ANY (:days::date[]);

-- name: postponeFeedGap :exec
-- A day that the provider was asked for again in vain.
UPDATE market.feed_gaps
SET attempts = attempts + 1, attempt_at = :attempt_at, updated_at = :now
WHERE feed_id = :feed_id AND day = :day;

-- name: listFeedGaps :many
-- A page of the days that are missing of a feed.
SELECT day, attempts, attempt_at, created_at, updated_at
FROM market.feed_gaps
WHERE feed_id = :feed_id AND day > :after_day
ORDER BY day
LIMIT :row_limit;
