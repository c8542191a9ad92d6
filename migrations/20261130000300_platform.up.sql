-- Platform: the answers that are kept for repeated requests, the event log through which contexts meet, the work that waits
-- for its time, what a service is ready by, and the audit. ServiceKit and EventLog own the tables; no context does.

-- The migration runner keeps its history there, and has made it before the first migration.
CREATE SCHEMA IF NOT EXISTS platform;
COMMENT ON SCHEMA platform IS 'Tables that belong to no context.';

CREATE TYPE platform.parked_event_status AS ENUM ('retrying', 'parked', 'held', 'done', 'skipped');
COMMENT ON TYPE platform.parked_event_status IS
    'retrying waits for its next attempt, parked for an operator, held for an earlier event of the same user.';
CREATE TYPE platform.job_status AS ENUM ('scheduled', 'running', 'succeeded', 'failed', 'cancelled');

-- Insert only, so it has no updated_at: a key's answer never changes.
CREATE TABLE platform.idempotency_keys (
    user_id uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    response_status int NOT NULL,
    response_headers jsonb NOT NULL,
    response_body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, operation, key),
    CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT idempotency_keys_operation_check CHECK (char_length(operation) BETWEEN 1 AND 100),
    CONSTRAINT idempotency_keys_key_check CHECK (char_length(key) BETWEEN 1 AND 255),
    CONSTRAINT idempotency_keys_request_hash_check CHECK (octet_length(request_hash) = 32),
    CONSTRAINT idempotency_keys_response_status_check CHECK (response_status BETWEEN 200 AND 299),
    CONSTRAINT idempotency_keys_response_headers_check CHECK (jsonb_typeof(response_headers) = 'object'),
    CONSTRAINT idempotency_keys_expires_at_check CHECK (expires_at > created_at)
);
CREATE INDEX idempotency_keys_expires_at_idx ON platform.idempotency_keys (user_id, expires_at);
CREATE INDEX idempotency_keys_expiry_idx ON platform.idempotency_keys (expires_at);
COMMENT ON INDEX platform.idempotency_keys_expiry_idx IS
    'Serves the function platform.remove_expired_idempotency_keys().';
COMMENT ON TABLE platform.idempotency_keys IS
    'The answers to POSTs, committed with their effect, so that a repeated request gets the first answer.';
COMMENT ON COLUMN platform.idempotency_keys.operation IS 'The operationId of the OpenAPI document.';
COMMENT ON COLUMN platform.idempotency_keys.request_hash IS 'SHA-256 over method, target and body.';
COMMENT ON COLUMN platform.idempotency_keys.response_headers IS
    'Those that belong to the answer, as Location and ETag.';
COMMENT ON COLUMN platform.idempotency_keys.expires_at IS 'After it the key may be used again, and the row is removed.';

-- The log is in one order for everybody, so it lives in one place: none of its tables is spread over nodes.

CREATE TABLE platform.event_epochs (
    epoch int NOT NULL,
    reason text NOT NULL,
    began_at timestamptz NOT NULL,
    CONSTRAINT event_epochs_pkey PRIMARY KEY (epoch),
    CONSTRAINT event_epochs_epoch_check CHECK (epoch >= 1),
    CONSTRAINT event_epochs_reason_check CHECK (char_length(reason) BETWEEN 1 AND 200)
);
COMMENT ON TABLE platform.event_epochs IS
    'Grows when a database was restored: transaction ids then begin lower, and old and new ones must not mix.';
COMMENT ON COLUMN platform.event_epochs.epoch IS 'The highest one is that of new events.';
INSERT INTO platform.event_epochs (epoch, reason, began_at) VALUES (1, 'The database was made.', now());

CREATE TABLE platform.events (
    id uuid NOT NULL,
    owner_id uuid,
    epoch int NOT NULL,
    transaction_number bigint NOT NULL,
    position int NOT NULL,
    type text NOT NULL,
    version smallint NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    request_id text,
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT events_order_key UNIQUE (epoch, transaction_number, position),
    CONSTRAINT events_natural_key UNIQUE NULLS NOT DISTINCT (owner_id, type, key),
    CONSTRAINT events_owner_fkey FOREIGN KEY (owner_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT events_epoch_fkey FOREIGN KEY (epoch) REFERENCES platform.event_epochs (epoch) ON DELETE RESTRICT,
    CONSTRAINT events_transaction_number_check CHECK (transaction_number > 0),
    CONSTRAINT events_position_check CHECK (position >= 0),
    CONSTRAINT events_type_check CHECK (type ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$' AND char_length(type) <= 80),
    CONSTRAINT events_version_check CHECK (version >= 1),
    CONSTRAINT events_key_check CHECK (char_length(key) BETWEEN 1 AND 200),
    CONSTRAINT events_payload_check CHECK (
        jsonb_typeof(payload) = 'object' AND octet_length(payload::text) <= 65536),
    CONSTRAINT events_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100)
);
COMMENT ON TABLE platform.events IS
    'What happened, in the order of (epoch, transaction_number, position). Insert only, in the writer''s transaction.';
COMMENT ON COLUMN platform.events.owner_id IS
    'The user whom it concerns; NULL for what concerns nobody alone, as a price.';
COMMENT ON COLUMN platform.events.transaction_number IS
    'pg_current_xact_id() of the writer. Only those below pg_snapshot_xmin are read, so that no late commit is skipped.';
COMMENT ON COLUMN platform.events.position IS 'From 0 within its transaction.';
COMMENT ON COLUMN platform.events.type IS 'Past tense, as transaction.posted.';
COMMENT ON COLUMN platform.events.version IS 'Of the payload''s form.';
COMMENT ON COLUMN platform.events.key IS 'The natural key by which its effect happens once, as rule and nominal date.';
COMMENT ON COLUMN platform.events.occurred_at IS
    'When it happened in the world; created_at is when it was written down.';
COMMENT ON CONSTRAINT events_natural_key ON platform.events IS
    'An event is appended once, as long as the log keeps it; consumers keep keys of their own for longer.';
COMMENT ON CONSTRAINT events_epoch_fkey ON platform.events IS
    'Every writer locks the one row of its epoch: some 3 µs of 60. It keeps out an epoch to come.';
CREATE INDEX events_created_at_idx ON platform.events (created_at);
COMMENT ON INDEX platform.events_created_at_idx IS
    'Serves the function platform.remove_old_events: the oldest that every consumer has passed.';

CREATE TABLE platform.consumers (
    name text NOT NULL,
    partitions smallint NOT NULL,
    paused_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT consumers_pkey PRIMARY KEY (name),
    CONSTRAINT consumers_name_check CHECK (name ~ '^[a-z][a-z0-9_.]{0,79}$'),
    CONSTRAINT consumers_partitions_check CHECK (partitions BETWEEN 1 AND 64)
);
COMMENT ON TABLE platform.consumers IS 'Who reads the log.';
COMMENT ON COLUMN platform.consumers.name IS 'Context and purpose, as gamification.quests.';
COMMENT ON COLUMN platform.consumers.partitions IS
    'How many processes may share it, by a hash of the user. 1 keeps one order over all users.';
COMMENT ON COLUMN platform.consumers.paused_at IS 'Since when an operator holds it; its events wait in the log.';

CREATE TABLE platform.consumer_cursors (
    consumer text NOT NULL,
    partition smallint NOT NULL,
    epoch int NOT NULL,
    transaction_number bigint NOT NULL,
    position int NOT NULL,
    handled bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT consumer_cursors_pkey PRIMARY KEY (consumer, partition),
    CONSTRAINT consumer_cursors_consumer_fkey FOREIGN KEY (consumer)
        REFERENCES platform.consumers (name) ON DELETE CASCADE,
    CONSTRAINT consumer_cursors_partition_check CHECK (partition BETWEEN 0 AND 63),
    CONSTRAINT consumer_cursors_place_check CHECK (
        epoch >= 0 AND transaction_number >= 0 AND position >= -1),
    CONSTRAINT consumer_cursors_handled_check CHECK (handled >= 0)
);
COMMENT ON TABLE platform.consumer_cursors IS
    'How far a consumer''s partition has read. It moves in the transaction of the effect, so an effect happens once.';
COMMENT ON COLUMN platform.consumer_cursors.epoch IS
    'With transaction_number and position: the last event that was handled or parked; (0, 0, -1) before the first.';
COMMENT ON COLUMN platform.consumer_cursors.handled IS 'Events that had their effect since the beginning.';

CREATE TABLE platform.parked_events (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    owner_id uuid,
    epoch int NOT NULL,
    transaction_number bigint NOT NULL,
    position int NOT NULL,
    status platform.parked_event_status NOT NULL,
    attempts int NOT NULL,
    error text,
    next_attempt_at timestamptz,
    resolved_at timestamptz,
    resolved_by text,
    resolution text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT parked_events_pkey PRIMARY KEY (consumer, event_id),
    CONSTRAINT parked_events_owner_fkey FOREIGN KEY (owner_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT parked_events_consumer_fkey FOREIGN KEY (consumer)
        REFERENCES platform.consumers (name) ON DELETE CASCADE,
    CONSTRAINT parked_events_event_fkey FOREIGN KEY (event_id) REFERENCES platform.events (id) ON DELETE CASCADE,
    CONSTRAINT parked_events_place_check CHECK (epoch >= 1 AND transaction_number > 0 AND position >= 0),
    CONSTRAINT parked_events_attempts_check CHECK (
        attempts >= 0 AND (attempts > 0 OR status NOT IN ('retrying', 'parked'))),
    CONSTRAINT parked_events_error_check CHECK (
        char_length(error) BETWEEN 1 AND 4000 AND (error IS NOT NULL OR status NOT IN ('retrying', 'parked'))),
    CONSTRAINT parked_events_next_attempt_at_check CHECK ((status = 'retrying') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT parked_events_resolved_at_check CHECK ((status IN ('done', 'skipped')) = (resolved_at IS NOT NULL)),
    CONSTRAINT parked_events_skipped_check CHECK (
        status <> 'skipped' OR (resolved_by IS NOT NULL AND resolution IS NOT NULL)),
    CONSTRAINT parked_events_resolved_by_check CHECK (char_length(resolved_by) BETWEEN 1 AND 200),
    CONSTRAINT parked_events_resolution_check CHECK (char_length(resolution) BETWEEN 1 AND 1000)
);
COMMENT ON TABLE platform.parked_events IS
    'Events whose handler failed, and the later ones of the same user that wait behind them, for one consumer.';
COMMENT ON COLUMN platform.parked_events.epoch IS
    'With transaction_number and position: the event''s own place, for the order of a replay.';
COMMENT ON COLUMN platform.parked_events.error IS 'What the last attempt failed with, without personal data.';
COMMENT ON COLUMN platform.parked_events.resolved_by IS 'The operator, as text: a decision outlives who took it.';
COMMENT ON COLUMN platform.parked_events.resolution IS 'Why an operator skipped it.';
COMMENT ON CONSTRAINT parked_events_event_fkey ON platform.parked_events IS
    'Events go with their user, and by a retention that leaves those that are still open here.';
-- Is an event of this user to be held back? And what comes next when the one before it is done?
CREATE INDEX parked_events_open_idx
    ON platform.parked_events (consumer, owner_id, epoch, transaction_number, position)
    WHERE status IN ('retrying', 'parked', 'held');
CREATE INDEX parked_events_order_idx
    ON platform.parked_events (consumer, epoch, transaction_number, position)
    WHERE status IN ('retrying', 'parked', 'held');
CREATE INDEX parked_events_resolved_at_idx ON platform.parked_events (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX parked_events_event_idx ON platform.parked_events (event_id);
CREATE INDEX parked_events_owner_idx ON platform.parked_events (owner_id) WHERE owner_id IS NOT NULL;

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

CREATE TABLE platform.jobs (
    id uuid NOT NULL,
    owner_id uuid,
    type text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    status platform.job_status NOT NULL,
    run_at timestamptz NOT NULL,
    attempts int NOT NULL,
    maximum_attempts int NOT NULL,
    locked_by text,
    locked_until timestamptz,
    finished_at timestamptz,
    error text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT jobs_pkey PRIMARY KEY (id),
    CONSTRAINT jobs_natural_key UNIQUE NULLS NOT DISTINCT (owner_id, type, key),
    CONSTRAINT jobs_owner_fkey FOREIGN KEY (owner_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT jobs_type_check CHECK (type ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$' AND char_length(type) <= 80),
    CONSTRAINT jobs_key_check CHECK (char_length(key) BETWEEN 1 AND 200),
    CONSTRAINT jobs_payload_check CHECK (
        jsonb_typeof(payload) = 'object' AND octet_length(payload::text) <= 65536),
    CONSTRAINT jobs_attempts_check CHECK (attempts BETWEEN 0 AND maximum_attempts),
    CONSTRAINT jobs_maximum_attempts_check CHECK (maximum_attempts BETWEEN 1 AND 100),
    CONSTRAINT jobs_lock_check CHECK (
        (status = 'running') = (locked_by IS NOT NULL) AND (locked_by IS NULL) = (locked_until IS NULL)),
    CONSTRAINT jobs_locked_by_check CHECK (char_length(locked_by) BETWEEN 1 AND 200),
    CONSTRAINT jobs_finished_at_check CHECK (
        (status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT jobs_error_check CHECK (
        char_length(error) BETWEEN 1 AND 4000 AND (error IS NOT NULL OR status <> 'failed'))
);
COMMENT ON TABLE platform.jobs IS
    'Timed work that many processes may look for and one does: the end of a season, a digest, the end of quiet hours.';
COMMENT ON COLUMN platform.jobs.type IS 'Context and work, as notifications.send_digest.';
COMMENT ON COLUMN platform.jobs.key IS 'What makes it one job: a nominal date, a season. It is scheduled once.';
COMMENT ON COLUMN platform.jobs.run_at IS 'Not before; put off by the backoff of a failed attempt.';
COMMENT ON COLUMN platform.jobs.locked_until IS
    'A process that has not finished by then is taken for dead, and another may claim the job.';
CREATE INDEX jobs_due_idx ON platform.jobs (run_at, id) WHERE status = 'scheduled';
CREATE INDEX jobs_running_idx ON platform.jobs (locked_until, id) WHERE status = 'running';
CREATE INDEX jobs_finished_idx ON platform.jobs (finished_at) WHERE finished_at IS NOT NULL;

-- Who may do what with the tables that all contexts share. What concerns nobody is for everyone; the rest is for its user.
-- Workers find work across users, and write nothing. A service appends its own events, moves its own consumers and jobs: a
-- role's name says its context, so that a later context needs nothing here. Which event types are whose stands in grants.sql,
-- which calls the functions that begin with let_.

ALTER TABLE platform.idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_keys_owner ON platform.idempotency_keys TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE platform.events ENABLE ROW LEVEL SECURITY;
CREATE POLICY events_owner ON platform.events TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY events_worker ON platform.events FOR SELECT TO
    users_worker, portfolios_worker, market_worker, gamification_worker, experts_worker, automation_worker,
    loans_worker, notifications_worker, trading_worker, journal_worker
    USING (true);
-- An event stands where its transaction does. At another's place it would take that from it, since a place is unique. That
-- the epoch exists is what events_epoch_fkey is for: an event of a later one would carry every cursor past all that follows.
CREATE POLICY events_place ON platform.events AS RESTRICTIVE FOR INSERT TO PUBLIC
    WITH CHECK (transaction_number = pg_current_xact_id()::text::bigint);
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
ALTER TABLE platform.parked_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY parked_events_owner ON platform.parked_events TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY parked_events_worker ON platform.parked_events FOR SELECT TO
    users_worker, portfolios_worker, market_worker, gamification_worker, experts_worker, automation_worker,
    loans_worker, notifications_worker, trading_worker, journal_worker
    USING (true);
CREATE POLICY parked_events_insert ON platform.parked_events AS RESTRICTIVE FOR INSERT TO PUBLIC
    WITH CHECK (split_part(consumer, '.', 1) || '_service' = current_user);
CREATE POLICY parked_events_update ON platform.parked_events AS RESTRICTIVE FOR UPDATE TO PUBLIC
    USING (split_part(consumer, '.', 1) || '_service' = current_user)
    WITH CHECK (split_part(consumer, '.', 1) || '_service' = current_user);
CREATE POLICY parked_events_delete ON platform.parked_events AS RESTRICTIVE FOR DELETE TO PUBLIC
    USING (split_part(consumer, '.', 1) || '_service' = current_user);
ALTER TABLE platform.jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY jobs_owner ON platform.jobs TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY jobs_worker ON platform.jobs FOR SELECT TO
    users_worker, portfolios_worker, market_worker, gamification_worker, experts_worker, automation_worker,
    loans_worker, notifications_worker, trading_worker, journal_worker
    USING (true);
CREATE POLICY jobs_insert ON platform.jobs AS RESTRICTIVE FOR INSERT TO PUBLIC
    WITH CHECK (split_part(type, '.', 1) || '_service' = current_user);
CREATE POLICY jobs_update ON platform.jobs AS RESTRICTIVE FOR UPDATE TO PUBLIC
    USING (split_part(type, '.', 1) || '_service' = current_user)
    WITH CHECK (split_part(type, '.', 1) || '_service' = current_user);
CREATE POLICY jobs_delete ON platform.jobs AS RESTRICTIVE FOR DELETE TO PUBLIC
    USING (split_part(type, '.', 1) || '_service' = current_user);

-- Functions of the owner for what no service role may see or do.

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

-- Audit: who did what to whose data. Rows come in and stay, until their user is erased.

CREATE SCHEMA audit;

CREATE TYPE audit.actor_kind AS ENUM ('user', 'operator', 'service');

CREATE TABLE audit.entries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    actor_kind audit.actor_kind NOT NULL,
    actor text NOT NULL,
    service text NOT NULL,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id text,
    before jsonb,
    after jsonb,
    request_id text,
    created_at timestamptz NOT NULL,
    CONSTRAINT entries_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT entries_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT entries_actor_check CHECK (char_length(actor) BETWEEN 1 AND 200),
    CONSTRAINT entries_service_check CHECK (service ~ '^[a-z][a-z_]{0,39}$'),
    CONSTRAINT entries_action_check CHECK (action ~ '^[a-z][a-z0-9_.]{0,79}$'),
    CONSTRAINT entries_entity_check CHECK (entity ~ '^[a-z][a-z0-9_.]{0,79}$'),
    CONSTRAINT entries_entity_id_check CHECK (char_length(entity_id) BETWEEN 1 AND 200),
    CONSTRAINT entries_before_check CHECK (jsonb_typeof(before) = 'object'),
    CONSTRAINT entries_after_check CHECK (jsonb_typeof(after) = 'object'),
    CONSTRAINT entries_size_check CHECK (
        coalesce(octet_length(before::text), 0) + coalesce(octet_length(after::text), 0) <= 131072),
    CONSTRAINT entries_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100)
);
COMMENT ON SCHEMA audit IS 'What was done to whose data. Owned by ServiceKit.';
COMMENT ON TABLE audit.entries IS 'One thing that somebody did to a user''s data. Insert only.';
COMMENT ON COLUMN audit.entries.user_id IS 'Whose data it is about, whoever did it.';
COMMENT ON COLUMN audit.entries.actor IS
    'Who did it, as text and not as a key: an operator''s departure takes no entry away.';
COMMENT ON COLUMN audit.entries.entity IS 'The kind of thing, as portfolios.portfolio; entity_id tells which.';
COMMENT ON COLUMN audit.entries.before IS
    'The fields that changed, as they were, without secrets; NULL for what was made.';
COMMENT ON COLUMN audit.entries.after IS 'The same fields as they are now; NULL for what was deleted.';
CREATE INDEX entries_entity_idx ON audit.entries (user_id, entity, entity_id, id);

-- Two policies and none for UPDATE and DELETE: no grant could change what is written. The cascade of an erasure
-- runs as the owner, whom policies do not bind.
ALTER TABLE audit.entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY entries_owner_read ON audit.entries FOR SELECT TO PUBLIC USING (user_id = app.current_user_id());
CREATE POLICY entries_owner_append ON audit.entries FOR INSERT TO PUBLIC
    WITH CHECK (user_id = app.current_user_id());
