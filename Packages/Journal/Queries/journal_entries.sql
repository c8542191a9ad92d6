-- name: insertJournalEntry :one
-- A line. One that came in before violates `journal_entries_external_id_key`.
INSERT INTO journal.journal_entries (
    user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, revision, created_at, updated_at)
VALUES (
    :user_id, :journal_entry_id, :account_id, :at, :type, :symbol, :underlying, :expiration, :strike, :right,
    :quantity, :price, :amount, :fees, :multiplier, :chain, :corrects, :import_id, :external_id, :note, :tags,
    1, :now, :now)
RETURNING user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at;

-- name: findJournalEntry :optional
-- A line by its id, deleted or not.
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND id = :journal_entry_id;

-- name: lockJournalEntry :optional
-- The same, held until the transaction ends.
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND id = :journal_entry_id
FOR NO KEY UPDATE;

-- name: listJournalEntries :many
-- A page of a user's lines, the latest first.
-- param: before_id JournalEntry.ID
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND deleted_at IS NULL AND (at, id) < (:before_at, :before_id)
ORDER BY at DESC, id DESC
LIMIT :row_limit;

-- name: listJournalEntriesOfAccount :many
-- The same of one account.
-- param: before_id JournalEntry.ID
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND deleted_at IS NULL AND account_id = :account_id AND (at, id) < (:before_at, :before_id)
ORDER BY at DESC, id DESC
LIMIT :row_limit;

-- name: listJournalEntriesOfSymbol :many
-- The same of one symbol.
-- param: before_id JournalEntry.ID
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND deleted_at IS NULL AND symbol = :symbol AND (at, id) < (:before_at, :before_id)
ORDER BY at DESC, id DESC
LIMIT :row_limit;

-- name: listJournalEntriesOfType :many
-- The same of one type.
-- param: before_id JournalEntry.ID
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND deleted_at IS NULL AND type = :type AND (at, id) < (:before_at, :before_id)
ORDER BY at DESC, id DESC
LIMIT :row_limit;

-- name: summariseTypes :many
-- How many lines of each type a user has, and what they come to before and in fees.
SELECT type, count(*) AS count, sum(amount)::numeric(38,18) AS amount, sum(fees)::numeric(38,18) AS fees
FROM journal.journal_entries
WHERE user_id = :user_id AND deleted_at IS NULL
GROUP BY type
ORDER BY type;

-- name: listChain :many
-- The lines of a chain of rolls, in their order.
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND deleted_at IS NULL AND chain = :chain
ORDER BY at, id;

-- name: listCorrections :many
-- What stands in for a line.
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND account_id = :account_id AND corrects = :journal_entry_id
ORDER BY id;

-- name: replayAccount :many
-- A page of an account's lines in their order: what positions and profit are derived from.
-- param: after_id JournalEntry.ID
SELECT user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at
FROM journal.journal_entries
WHERE user_id = :user_id AND deleted_at IS NULL AND account_id = :account_id AND (at, id) > (:after_at, :after_id)
ORDER BY at, id
LIMIT :row_limit;

-- name: annotateJournalEntry :optional
-- Another note, tags or chain, if the revision is still the one that was read; figures are corrected by another
-- line.
UPDATE journal.journal_entries
SET note = :note, tags = :tags, chain = :chain, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :journal_entry_id AND revision = :revision
RETURNING user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at;

-- name: markJournalEntryDeleted :optional
-- The mark of a deletion, or with no moment it is taken back.
UPDATE journal.journal_entries
SET deleted_at = :deleted_at, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :journal_entry_id AND revision = :revision
RETURNING user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount,
    fees, multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at,
    updated_at;

-- name: insertImport :one
-- A file that came in, or failed to. One that came in before violates `imports_file_hash_key`.
INSERT INTO journal.imports (
    user_id, id, account_id, file_hash, file_name, status, rows_read, rows_imported, rows_repaired, report,
    created_at)
VALUES (
    :user_id, :import_id, :account_id, :file_hash, :file_name, :status, :rows_read, :rows_imported,
    :rows_repaired, :report, :now)
RETURNING user_id, id, account_id, file_hash, file_name, status, rows_read, rows_imported, rows_repaired, report,
    created_at;

-- name: findImport :optional
-- An import by its id.
SELECT user_id, id, account_id, file_hash, file_name, status, rows_read, rows_imported, rows_repaired, report,
    created_at
FROM journal.imports
WHERE user_id = :user_id AND id = :import_id;

-- name: findCompletedImport :optional
-- The import of a file that came in.
SELECT user_id, id, account_id, file_hash, file_name, status, rows_read, rows_imported, rows_repaired, report,
    created_at
FROM journal.imports
WHERE user_id = :user_id AND file_hash = :file_hash AND status = 'completed';

-- name: listImports :many
-- A page of a user's imports, the latest first.
-- param: before_id Import.ID
SELECT user_id, id, account_id, file_hash, file_name, status, rows_read, rows_imported, rows_repaired, report,
    created_at
FROM journal.imports
WHERE user_id = :user_id AND id < :before_id
ORDER BY id DESC
LIMIT :row_limit;

-- name: listImportedEntries :many
-- The lines of an import.
SELECT id, at, type, external_id
FROM journal.journal_entries
WHERE user_id = :user_id AND account_id = :account_id AND import_id = :import_id
ORDER BY at, id;

-- name: deleteImport :count
-- Takes an import back, with the lines that came by it.
DELETE FROM journal.imports
WHERE user_id = :user_id AND id = :import_id;
