-- name: createPortfolio :one
-- A new portfolio. A second one of the name violates `portfolios_name_key`.
INSERT INTO portfolios.portfolios (
    user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, revision, created_at, updated_at)
VALUES (
    :user_id, :portfolio_id, :name, :kind, :base_currency, :cost_basis_method, :tracks_cash, 1, :now, :now)
RETURNING user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, books_revision,
    revision, created_at, updated_at;

-- name: findPortfolio :optional
-- A user's portfolio by its id.
SELECT user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, books_revision,
    revision, created_at, updated_at
FROM portfolios.portfolios
WHERE user_id = :user_id AND id = :portfolio_id;

-- name: lockPortfolio :optional
-- The same, held until the transaction ends: whoever edits a portfolio does it alone. Foreign keys that point to the
-- portfolio do not wait for it.
SELECT user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, books_revision,
    revision, created_at, updated_at
FROM portfolios.portfolios
WHERE user_id = :user_id AND id = :portfolio_id
FOR NO KEY UPDATE;

-- name: openBooks :optional
-- The same for whoever writes to a portfolio's books: it is held until the transaction ends, and its books count as
-- changed.
UPDATE portfolios.portfolios
SET books_revision = books_revision + 1
WHERE user_id = :user_id AND id = :portfolio_id
RETURNING user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, books_revision,
    revision, created_at, updated_at;

-- name: listPortfolios :many
-- A page of a user's portfolios, the oldest first, as their ids are made in the order of time.
-- param: after_id Portfolio.ID
SELECT user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, books_revision,
    revision, created_at, updated_at
FROM portfolios.portfolios
WHERE user_id = :user_id AND id > :after_id AND (archived_at IS NULL OR :include_archived)
ORDER BY id
LIMIT :row_limit;

-- name: renamePortfolio :one
-- Another name for a portfolio. One that is taken violates `portfolios_name_key`.
UPDATE portfolios.portfolios
SET name = :name, updated_at = :now, revision = revision + 1
WHERE user_id = :user_id AND id = :portfolio_id
RETURNING user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, books_revision,
    revision, created_at, updated_at;

-- name: archivePortfolio :one
-- Closes a portfolio for postings, or with no moment opens it again.
UPDATE portfolios.portfolios
SET archived_at = :archived_at, updated_at = :now, revision = revision + 1
WHERE user_id = :user_id AND id = :portfolio_id
RETURNING user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, books_revision,
    revision, created_at, updated_at;
