-- The event log, through which contexts meet; and the work that waits for its time.
-- The log is in one order for everybody, so it lives in one place: none of these tables is spread over nodes.

CREATE TYPE platform.parked_event_status AS ENUM ('retrying', 'parked', 'held', 'done', 'skipped');
COMMENT ON TYPE platform.parked_event_status IS
    'retrying waits for its next attempt, parked for an operator, held for an earlier event of the same user.';
CREATE TYPE platform.job_status AS ENUM ('scheduled', 'running', 'succeeded', 'failed', 'cancelled');

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
-- Retention takes the oldest that every consumer has passed.
CREATE INDEX events_created_at_idx ON platform.events (created_at);

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

-- What concerns nobody is for everyone; the rest is for its user. Workers find work across users, and write nothing.
ALTER TABLE platform.events ENABLE ROW LEVEL SECURITY;
CREATE POLICY events_owner ON platform.events TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY events_worker ON platform.events FOR SELECT TO
    users_worker, portfolios_worker, market_worker, gamification_worker, experts_worker, automation_worker,
    loans_worker, notifications_worker, trading_worker, journal_worker
    USING (true);
ALTER TABLE platform.parked_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY parked_events_owner ON platform.parked_events TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY parked_events_worker ON platform.parked_events FOR SELECT TO
    users_worker, portfolios_worker, market_worker, gamification_worker, experts_worker, automation_worker,
    loans_worker, notifications_worker, trading_worker, journal_worker
    USING (true);
ALTER TABLE platform.jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY jobs_owner ON platform.jobs TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY jobs_worker ON platform.jobs FOR SELECT TO
    users_worker, portfolios_worker, market_worker, gamification_worker, experts_worker, automation_worker,
    loans_worker, notifications_worker, trading_worker, journal_worker
    USING (true);
