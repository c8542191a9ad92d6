-- What each service may do with the tables that all of them share: it appends its own events, moves its own consumers,
-- and reads the payloads that its consumers handle. A role's name says its context, so that a later context needs nothing
-- here; which event types are whose stands in grants.sql, which calls the functions that begin with let_.

-- An event stands where its transaction does. At another's place it would take that from it, since a place is unique. That
-- the epoch exists is what events_epoch_fkey is for: an event of a later one would carry every cursor past all that follows.
CREATE POLICY events_place ON platform.events AS RESTRICTIVE FOR INSERT TO PUBLIC
    WITH CHECK (transaction_number = pg_current_xact_id()::text::bigint);
COMMENT ON CONSTRAINT events_epoch_fkey ON platform.events IS
    'Every writer locks the one row of its epoch: some 3 µs of 60. It keeps out an epoch to come.';

-- Every service sees how far the others are; a context's service moves what bears its name.
ALTER TABLE platform.consumers ENABLE ROW LEVEL SECURITY;
CREATE POLICY consumers_readers ON platform.consumers FOR SELECT TO PUBLIC USING (true);
CREATE POLICY consumers_context ON platform.consumers TO PUBLIC
    USING (split_part(name, '.', 1) || '_service' = current_user)
    WITH CHECK (split_part(name, '.', 1) || '_service' = current_user);
ALTER TABLE platform.consumer_cursors ENABLE ROW LEVEL SECURITY;
CREATE POLICY consumer_cursors_readers ON platform.consumer_cursors FOR SELECT TO PUBLIC USING (true);
CREATE POLICY consumer_cursors_context ON platform.consumer_cursors TO PUBLIC
    USING (split_part(consumer, '.', 1) || '_service' = current_user)
    WITH CHECK (split_part(consumer, '.', 1) || '_service' = current_user);
CREATE POLICY parked_events_insert ON platform.parked_events AS RESTRICTIVE FOR INSERT TO PUBLIC
    WITH CHECK (split_part(consumer, '.', 1) || '_service' = current_user);
CREATE POLICY parked_events_update ON platform.parked_events AS RESTRICTIVE FOR UPDATE TO PUBLIC
    USING (split_part(consumer, '.', 1) || '_service' = current_user)
    WITH CHECK (split_part(consumer, '.', 1) || '_service' = current_user);
CREATE POLICY parked_events_delete ON platform.parked_events AS RESTRICTIVE FOR DELETE TO PUBLIC
    USING (split_part(consumer, '.', 1) || '_service' = current_user);
CREATE POLICY jobs_insert ON platform.jobs AS RESTRICTIVE FOR INSERT TO PUBLIC
    WITH CHECK (split_part(type, '.', 1) || '_service' = current_user);
CREATE POLICY jobs_update ON platform.jobs AS RESTRICTIVE FOR UPDATE TO PUBLIC
    USING (split_part(type, '.', 1) || '_service' = current_user)
    WITH CHECK (split_part(type, '.', 1) || '_service' = current_user);
CREATE POLICY jobs_delete ON platform.jobs AS RESTRICTIVE FOR DELETE TO PUBLIC
    USING (split_part(type, '.', 1) || '_service' = current_user);

CREATE TABLE platform.payload_readers (
    role text NOT NULL,
    type text NOT NULL,
    CONSTRAINT payload_readers_pkey PRIMARY KEY (role, type),
    CONSTRAINT payload_readers_role_check CHECK (role ~ '^[a-z][a-z0-9_]*_worker$'),
    CONSTRAINT payload_readers_type_check CHECK (
        type ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$' AND char_length(type) <= 80)
);
COMMENT ON TABLE platform.payload_readers IS
    'Which role reads the payloads of which events: those that a consumer of its context handles. grants.sql fills it.';

-- In plpgsql, whose plans are kept for the session. The session's user is who logged in; the current one is the owner.
CREATE FUNCTION platform.read_payloads(event_ids uuid[]) RETURNS TABLE (event_id uuid, payload jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT e.id, CASE WHEN r.role IS NOT NULL THEN e.payload END
    FROM platform.events AS e
    LEFT JOIN platform.payload_readers AS r ON r.role = session_user AND r.type = e.type
    WHERE e.id = ANY (read_payloads.event_ids);
END $$;
COMMENT ON FUNCTION platform.read_payloads IS
    'The payloads of some events; NULL where no consumer of the context that asks handles the type.';
REVOKE ALL ON FUNCTION platform.read_payloads FROM PUBLIC;

-- Whatever the caller asks for, no event goes that a consumer has still to read, that one has put aside, or that is
-- younger than a day by the database's clock.
CREATE FUNCTION platform.remove_old_events(before timestamptz, row_limit int) RETURNS int
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    WITH passed AS MATERIALIZED (
        SELECT c.epoch, c.transaction_number, c.position
        FROM platform.consumer_cursors AS c
        WHERE NOT EXISTS (
            SELECT FROM platform.consumers AS k
            WHERE k.partitions > (
                SELECT count(*) FROM platform.consumer_cursors AS p WHERE p.consumer = k.name))
        ORDER BY c.epoch, c.transaction_number, c.position
        LIMIT 1
    ), old AS (
        SELECT e.id
        FROM platform.events AS e
        WHERE e.created_at < least(remove_old_events.before, now() - interval '1 day')
            AND (e.epoch, e.transaction_number, e.position)
                <= (SELECT p.epoch, p.transaction_number, p.position FROM passed AS p)
            AND NOT EXISTS (
                SELECT FROM platform.parked_events AS p
                WHERE p.event_id = e.id AND p.status IN ('retrying', 'parked', 'held'))
        ORDER BY e.created_at
        LIMIT least(remove_old_events.row_limit, 1000)
        FOR UPDATE OF e SKIP LOCKED
    ), removed AS (
        DELETE FROM platform.events AS e USING old AS o WHERE e.id = o.id RETURNING e.id
    )
    SELECT count(*)::int FROM removed
$$;
COMMENT ON FUNCTION platform.remove_old_events IS
    'Removes some events that were written before a moment, of all users, the oldest first; gives how many.';
REVOKE ALL ON FUNCTION platform.remove_old_events FROM PUBLIC;

-- The rest is the owner's: grants.sql calls it, as often as one likes, and nothing is locked where nothing changes. While
-- grove.grants is 'add', as `schema migrate up --keep-grants` has it for a rollout, nothing is taken away.

CREATE FUNCTION platform.let_append(role text, types text[]) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    policy text := 'granted_append_' || role;
    present text[];
    wanted text[];
BEGIN
    SELECT coalesce(substring(p.with_check FROM '''(\{.*\})''::text\[\]')::text[], '{}') INTO present
    FROM pg_catalog.pg_policies AS p
    WHERE p.schemaname = 'platform' AND p.tablename = 'events' AND p.policyname = policy;
    SELECT coalesce(array_agg(DISTINCT t.type COLLATE "C" ORDER BY t.type COLLATE "C"), '{}') INTO wanted
    FROM unnest(
        types || CASE WHEN current_setting('grove.grants', true) = 'add' THEN present ELSE '{}' END) AS t (type);
    IF present IS NOT DISTINCT FROM wanted THEN
        RETURN;
    END IF;
    IF present IS NOT NULL THEN
        EXECUTE format('DROP POLICY %I ON platform.events', policy);
    END IF;
    EXECUTE format(
        'CREATE POLICY %I ON platform.events AS RESTRICTIVE FOR INSERT TO %I WITH CHECK (type = ANY (%L::text[]))',
        policy, role, wanted);
END $$;
COMMENT ON FUNCTION platform.let_append IS 'Makes these the types of events that a role may append.';
REVOKE ALL ON FUNCTION platform.let_append FROM PUBLIC;

CREATE FUNCTION platform.let_read(role text, types text[]) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    DELETE FROM platform.payload_readers AS r
    WHERE r.role = let_read.role AND r.type <> ALL (types)
        AND current_setting('grove.grants', true) IS DISTINCT FROM 'add';
    INSERT INTO platform.payload_readers (role, type)
    SELECT let_read.role, t.type FROM unnest(types) AS t (type)
    ON CONFLICT ON CONSTRAINT payload_readers_pkey DO NOTHING;
END $$;
COMMENT ON FUNCTION platform.let_read IS 'Makes these the types of events whose payloads a role reads.';
REVOKE ALL ON FUNCTION platform.let_read FROM PUBLIC;

CREATE FUNCTION platform.let_find_work(roles text[]) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    policy record;
    wanted text := (SELECT string_agg(quote_ident(r.role), ', ' ORDER BY r.role) FROM unnest(roles) AS r (role));
BEGIN
    FOR policy IN
        SELECT p.tablename, p.policyname
        FROM pg_catalog.pg_policies AS p
        WHERE p.schemaname = 'platform' AND p.policyname = p.tablename || '_worker'
            AND wanted <> (SELECT string_agg(quote_ident(r.role), ', ' ORDER BY r.role)
                FROM unnest(p.roles) AS r (role))
    LOOP
        EXECUTE format('ALTER POLICY %I ON platform.%I TO %s', policy.policyname, policy.tablename, wanted);
    END LOOP;
END $$;
COMMENT ON FUNCTION platform.let_find_work IS
    'Makes these the roles that find events, what was put aside, and jobs, of all users.';
REVOKE ALL ON FUNCTION platform.let_find_work FROM PUBLIC;
