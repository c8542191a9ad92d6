-- name: insertFeedItem :one
-- A new item.
INSERT INTO experts.feed_items (
    id, kind, target, title, body, action, priority, starts_at, ends_at, status, revision, created_at,
    updated_at)
VALUES (
    :feed_item_id, :kind, :target, :title, :body, :action, :priority, :starts_at, :ends_at, :status, 1, :now,
    :now)
RETURNING id, kind, target, title, body, action, priority, starts_at, ends_at, status, revision, created_at,
    updated_at;

-- name: findFeedItem :optional
-- An item.
SELECT id, kind, target, title, body, action, priority, starts_at, ends_at, status, revision, created_at,
    updated_at
FROM experts.feed_items
WHERE id = :feed_item_id;

-- name: listFeedItems :many
-- A page of all items, for operators.
-- param: after_id FeedItem.ID
SELECT id, kind, target, title, body, action, priority, starts_at, ends_at, status, revision, created_at,
    updated_at
FROM experts.feed_items
WHERE id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: listActiveFeedItems :many
-- What the feed may show, the most important first.
-- param: before_id FeedItem.ID
SELECT id, kind, target, title, body, action, priority, starts_at, ends_at, status, revision, created_at,
    updated_at
FROM experts.feed_items
WHERE status = 'active' AND (priority, id) < (:before_priority, :before_id)
    AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
ORDER BY priority DESC, id DESC
LIMIT :row_limit;

-- name: updateFeedItem :optional
-- Other words or weight, if the revision is still the one that was read.
UPDATE experts.feed_items
SET kind = :kind, target = :target, title = :title, body = :body, action = :action, priority = :priority,
    starts_at = :starts_at, ends_at = :ends_at, status = :status, revision = revision + 1, updated_at = :now
WHERE id = :feed_item_id AND revision = :revision
RETURNING id, kind, target, title, body, action, priority, starts_at, ends_at, status, revision, created_at,
    updated_at;

-- name: deleteFeedItem :count
-- Removes an item from every feed.
DELETE FROM experts.feed_items
WHERE id = :feed_item_id;

-- name: upsertFeedInteraction :exec
-- How an item ranks for a user.
INSERT INTO experts.feed_interactions (
    user_id, feed_item_id, priority, shown_count, created_at, updated_at)
VALUES (
    :user_id, :feed_item_id, :priority, 0, :now, :now)
ON CONFLICT ON CONSTRAINT feed_interactions_pkey DO UPDATE
SET priority = excluded.priority, updated_at = excluded.updated_at;

-- name: findFeedInteraction :optional
-- What a user did with an item.
SELECT user_id, feed_item_id, priority, shown_count, shown_at, opened_at, acted_at, dismissed_at, created_at,
    updated_at
FROM experts.feed_interactions
WHERE user_id = :user_id AND feed_item_id = :feed_item_id;

-- name: listFeed :many
-- A page of a user's feed, the most important first.
-- param: before_id FeedItem.ID
SELECT f.feed_item_id, f.priority, f.shown_at, f.opened_at, i.kind, i.target, i.title, i.body, i.action
FROM experts.feed_interactions f
JOIN experts.feed_items i ON i.id = f.feed_item_id
WHERE f.user_id = :user_id AND f.acted_at IS NULL AND f.dismissed_at IS NULL
    AND (f.priority, f.feed_item_id) < (:before_priority, :before_id)
    AND i.status = 'active' AND i.starts_at <= :now AND (i.ends_at IS NULL OR i.ends_at > :now)
ORDER BY f.priority DESC, f.feed_item_id DESC
LIMIT :row_limit;

-- name: markShown :count
-- It was shown.
UPDATE experts.feed_interactions
SET shown_count = shown_count + 1, shown_at = coalesce(shown_at, :now), updated_at = :now
WHERE user_id = :user_id AND feed_item_id = :feed_item_id;

-- name: markOpened :count
-- It was opened.
UPDATE experts.feed_interactions
SET opened_at = coalesce(opened_at, :now), updated_at = :now
WHERE user_id = :user_id AND feed_item_id = :feed_item_id AND shown_at IS NOT NULL;

-- name: markActed :count
-- Its action was taken.
UPDATE experts.feed_interactions
SET opened_at = coalesce(opened_at, :now), acted_at = coalesce(acted_at, :now), updated_at = :now
WHERE user_id = :user_id AND feed_item_id = :feed_item_id AND shown_at IS NOT NULL;

-- name: dismissFeedItem :count
-- It is not wanted, or with no moment it is.
UPDATE experts.feed_interactions
SET dismissed_at = :dismissed_at, updated_at = :now
WHERE user_id = :user_id AND feed_item_id = :feed_item_id;

-- name: deleteFeedInteraction :count
-- Out of the feed.
DELETE FROM experts.feed_interactions
WHERE user_id = :user_id AND feed_item_id = :feed_item_id;
