-- name: hasMigration :one
-- Whether a migration ran in this database.
SELECT coalesce(platform.has_migration(:version), false) AS is_applied;
