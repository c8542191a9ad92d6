-- name: insertFeed :optional
-- A feed, or nothing where the provider has one of this kind and instrument.
-- row: FeedRow
INSERT INTO market.feeds (
    id, provider, kind, instrument_id, symbol, priority, first_day, next_day, attempt_at, revision, created_at,
    updated_at)
VALUES (
    :feed_id, :provider, :kind, :instrument_id, :symbol, :priority, :first_day, :first_day, :now, 1, :now, :now)
ON CONFLICT ON CONSTRAINT feeds_subject_key DO NOTHING
RETURNING id, provider, kind, instrument_id, symbol, priority, active, first_day, next_day, window_end, page_token,
    rows_read, rows_refused, failures, error, attempt_at, succeeded_at, revision, created_at, updated_at;

-- name: findFeed :optional
-- A feed by its id.
-- row: FeedRow
SELECT id, provider, kind, instrument_id, symbol, priority, active, first_day, next_day, window_end, page_token,
    rows_read, rows_refused, failures, error, attempt_at, succeeded_at, revision, created_at, updated_at
FROM market.feeds
WHERE id = :feed_id;

-- name: findFeedOf :optional
-- A provider's feed of an instrument, or of its rates.
-- row: FeedRow
SELECT id, provider, kind, instrument_id, symbol, priority, active, first_day, next_day, window_end, page_token,
    rows_read, rows_refused, failures, error, attempt_at, succeeded_at, revision, created_at, updated_at
FROM market.feeds
WHERE provider = :provider AND kind = :kind AND instrument_id IS NOT DISTINCT FROM :instrument_id;

-- name: lockFeed :optional
-- A feed, locked until the transaction ends, so that its revision stands while it is changed.
-- row: FeedRow
SELECT id, provider, kind, instrument_id, symbol, priority, active, first_day, next_day, window_end, page_token,
    rows_read, rows_refused, failures, error, attempt_at, succeeded_at, revision, created_at, updated_at
FROM market.feeds
WHERE id = :feed_id
FOR NO KEY UPDATE;

-- name: updateFeed :one
-- Writes what an operator may change. What was under way begins anew at the next day.
-- row: FeedRow
UPDATE market.feeds
SET priority = :priority, active = :active, first_day = :first_day, next_day = :next_day,
    window_end = NULL, page_token = NULL, failures = 0, error = NULL, attempt_at = :now, revision = revision + 1,
    updated_at = :now
WHERE id = :feed_id
RETURNING id, provider, kind, instrument_id, symbol, priority, active, first_day, next_day, window_end, page_token,
    rows_read, rows_refused, failures, error, attempt_at, succeeded_at, revision, created_at, updated_at;

-- name: listFeeds :many
-- A page of the feeds, or one of them, with the instrument that each is of and the days that are missing of it.
-- param: after_id Feed.ID
-- nest: instrument
SELECT feed.id, feed.provider, feed.kind, feed.symbol, feed.priority, feed.active, feed.first_day, feed.next_day,
    feed.rows_read, feed.rows_refused, feed.failures, feed.error, feed.attempt_at, feed.succeeded_at, feed.revision,
    feed.created_at, feed.updated_at,
    instrument.id AS instrument_id, instrument.source AS instrument_source,
    instrument.exchange AS instrument_exchange, instrument.symbol AS instrument_symbol,
    (SELECT count(*) FROM market.feed_gaps AS gap WHERE gap.feed_id = feed.id) AS missing_days
FROM market.feeds AS feed
LEFT JOIN market.instruments AS instrument ON instrument.id = feed.instrument_id AND instrument.owner_id IS NULL
WHERE feed.id > :after_id
    /*? AND feed.id = :feed_id */
    /*? AND feed.provider = :provider */
ORDER BY feed.id
LIMIT :row_limit;

-- name: claimFeed :optional
-- The feed of a provider that has been due for longest, set ahead so that no other process reads it meanwhile.
-- row: FeedRow
UPDATE market.feeds
SET attempt_at = :until
WHERE id = (
    SELECT due.id FROM market.feeds AS due
    WHERE due.active AND due.provider = :provider AND due.attempt_at <= :now
    ORDER BY due.attempt_at, due.id
    LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id, provider, kind, instrument_id, symbol, priority, active, first_day, next_day, window_end, page_token,
    rows_read, rows_refused, failures, error, attempt_at, succeeded_at, revision, created_at, updated_at;

-- name: moveFeed :count
-- How far a feed is read, in the transaction that stores what was read. Nothing where it stands elsewhere than the
-- reader believes, because another one was there.
UPDATE market.feeds
SET next_day = :next_day, window_end = :window_end, page_token = :page_token, rows_read = rows_read + :rows_read,
    rows_refused = rows_refused + :rows_refused, failures = 0, error = NULL,
    attempt_at = greatest(attempt_at, :until), updated_at = :now
WHERE id = :feed_id AND next_day = :known_next_day AND page_token IS NOT DISTINCT FROM :known_page_token
    AND window_end IS NOT DISTINCT FROM :known_window_end;

-- name: restFeed :exec
-- A feed is read as far as there is anything; it is looked at again later.
UPDATE market.feeds
SET failures = 0, error = NULL, attempt_at = :attempt_at, succeeded_at = :now, updated_at = :now
WHERE id = :feed_id;

-- name: failFeed :exec
-- An attempt that came to nothing, and when the next one may be.
UPDATE market.feeds
SET failures = failures + 1, error = :error!, attempt_at = :attempt_at, updated_at = :now
WHERE id = :feed_id;

-- name: measureFeeds :many
-- How the feeds of each provider stand, for the gauges.
-- explain: scan because every feed is counted, once a minute
SELECT feed.provider, count(*) AS feeds, count(*) FILTER (WHERE feed.failures > 0) AS failing,
    coalesce(sum((SELECT count(*) FROM market.feed_gaps AS gap WHERE gap.feed_id = feed.id)), 0)::bigint
        AS missing_days,
    min(feed.next_day) AS next_day
FROM market.feeds AS feed
WHERE feed.active
GROUP BY feed.provider
ORDER BY feed.provider;

-- name: listStalePrices :many
-- Shared instruments whose newest bar is older than a day, or that have none, with the feed that should bring it.
-- param: after_id Instrument.ID
-- explain: sort because an instrument has a feed of each provider at most
SELECT instrument.id, instrument.source, instrument.exchange, instrument.symbol, newest.day AS newest_day,
    feed.id AS feed_id, feed.provider AS provider, feed.failures AS failures, feed.error AS error,
    feed.next_day AS next_day
FROM market.instruments AS instrument
LEFT JOIN LATERAL (
    SELECT bar.day FROM market.price_bars AS bar
    WHERE bar.instrument_id = instrument.id
    ORDER BY bar.day DESC
    LIMIT 1) AS newest ON true
LEFT JOIN LATERAL (
    SELECT known.id, known.provider, known.failures, known.error, known.next_day FROM market.feeds AS known
    WHERE known.instrument_id = instrument.id AND known.kind = 'bars' AND known.active
    ORDER BY known.priority, known.id
    LIMIT 1) AS feed ON true
WHERE instrument.owner_id IS NULL AND instrument.active AND instrument.class <> 'cash'
    AND (newest.day IS NULL OR newest.day < :before_day)
    AND instrument.id > :after_id
ORDER BY instrument.id
LIMIT :row_limit;

-- name: findFeedInstrument :optional
-- The shared instrument that a feed is of.
SELECT id, source, exchange, symbol, class, currency, calendar
FROM market.instruments
WHERE id = :instrument_id AND owner_id IS NULL;
