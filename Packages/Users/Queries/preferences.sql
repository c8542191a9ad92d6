-- name: insertPreferences :exec
-- A new account's preferences.
INSERT INTO users.user_preferences (
    user_id, base_currency, locale, theme, cost_basis_method, settings, revision, created_at, updated_at)
VALUES (:user_id, :base_currency, :locale, :theme, :cost_basis_method, :settings, 1, :now, :now);

-- name: findPreferences :optional
-- A user's preferences.
SELECT user_id, base_currency, locale, theme, cost_basis_method, settings, revision, created_at, updated_at
FROM users.user_preferences
WHERE user_id = :user_id;

-- name: lockPreferences :optional
-- The revision of a user's preferences, locked until the transaction ends.
SELECT revision
FROM users.user_preferences
WHERE user_id = :user_id
FOR NO KEY UPDATE;

-- name: replacePreferences :one
-- The preferences anew.
UPDATE users.user_preferences
SET base_currency = :base_currency, locale = :locale, theme = :theme,
    cost_basis_method = :cost_basis_method, settings = :settings, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id
RETURNING user_id, base_currency, locale, theme, cost_basis_method, settings, revision, created_at, updated_at;
