-- name: insertAccount :one
-- A new account. A name that is taken violates `accounts_name_key`.
INSERT INTO journal.accounts (
    user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, revision, created_at,
    updated_at)
VALUES (
    :user_id, :account_id, :name, :broker, :currency, :premium_policy, :month_policy, :opened_on, 1, :now, :now)
RETURNING user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, archived_at, revision,
    created_at, updated_at;

-- name: findAccount :optional
-- An account by its id.
SELECT user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, archived_at, revision,
    created_at, updated_at
FROM journal.accounts
WHERE user_id = :user_id AND id = :account_id;

-- name: lockAccount :optional
-- The same, held until the transaction ends: an import writes alone.
SELECT user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, archived_at, revision,
    created_at, updated_at
FROM journal.accounts
WHERE user_id = :user_id AND id = :account_id
FOR NO KEY UPDATE;

-- name: listAccounts :many
-- A page of a user's accounts.
-- param: after_id Account.ID
SELECT user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, archived_at, revision,
    created_at, updated_at
FROM journal.accounts
WHERE user_id = :user_id AND id > :after_id AND (archived_at IS NULL OR :include_archived)
ORDER BY id
LIMIT :row_limit;

-- name: updateAccount :optional
-- Another name, or other policies, if the revision is still the one that was read.
UPDATE journal.accounts
SET name = :name, broker = :broker, premium_policy = :premium_policy, month_policy = :month_policy,
    archived_at = :archived_at, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :account_id AND revision = :revision
RETURNING user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, archived_at, revision,
    created_at, updated_at;

-- name: deleteAccount :count
-- Removes an account with its journal and imports.
DELETE FROM journal.accounts
WHERE user_id = :user_id AND id = :account_id;
