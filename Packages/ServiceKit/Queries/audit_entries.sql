-- name: insertAuditEntry :exec
-- Writes down what was done to a user's data, in the transaction that does it.
INSERT INTO audit.entries (
    user_id, id, actor_kind, actor, service, action, entity, entity_id, before, after, request_id, created_at)
VALUES (
    :user_id, :entry_id, :actor_kind, :actor, :service, :action, :entity, :entity_id, :before, :after,
    :request_id, :now);

-- name: findAuditEntry :optional
-- An entry by its id.
SELECT user_id, id, actor_kind, actor, service, action, entity, entity_id, before, after, request_id, created_at
FROM audit.entries
WHERE user_id = :user_id AND id = :entry_id;

-- name: listAuditEntries :many
-- A page of what was done to a user's data, the latest first.
-- param: before_id Entry.ID
SELECT user_id, id, actor_kind, actor, service, action, entity, entity_id, before, after, request_id, created_at
FROM audit.entries
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listAuditEntriesOfEntity :many
-- The same of one thing, the latest first.
-- param: before_id Entry.ID
SELECT user_id, id, actor_kind, actor, service, action, entity, entity_id, before, after, request_id, created_at
FROM audit.entries
WHERE user_id = :user_id AND entity = :entity AND entity_id = :entity_id
    AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;
