-- Two functions of the owner for what no service role may see: which migrations ran here, and the idempotency keys of
-- users who do not come again.

CREATE FUNCTION platform.has_migration(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (SELECT FROM platform.migrations AS m WHERE m.version = has_migration.wanted)
$$;
COMMENT ON FUNCTION platform.has_migration IS
    'Whether a migration ran in this database, by its timestamp: what a service is ready by.';
REVOKE ALL ON FUNCTION platform.has_migration FROM PUBLIC;

-- The moment is the database's, so that no caller can remove what has not expired.
CREATE FUNCTION platform.remove_expired_idempotency_keys(row_limit int) RETURNS int
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    WITH expired AS (
        SELECT k.user_id, k.operation, k.key
        FROM platform.idempotency_keys AS k
        WHERE k.expires_at <= now()
        ORDER BY k.expires_at
        LIMIT least(remove_expired_idempotency_keys.row_limit, 1000)
        FOR UPDATE SKIP LOCKED
    ), removed AS (
        DELETE FROM platform.idempotency_keys AS k
        USING expired AS e
        WHERE k.user_id = e.user_id AND k.operation = e.operation AND k.key = e.key
        RETURNING k.key
    )
    SELECT count(*)::int FROM removed
$$;
COMMENT ON FUNCTION platform.remove_expired_idempotency_keys IS
    'Removes some keys that have expired, of all users, the oldest first; gives how many. Others'' locked rows stay.';
REVOKE ALL ON FUNCTION platform.remove_expired_idempotency_keys FROM PUBLIC;
