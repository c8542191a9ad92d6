-- Notifications: what a user is told, by which channels, when, and what became of it.

CREATE SCHEMA notifications;

CREATE TYPE notifications.notification_category AS ENUM (
    'security', 'portfolios', 'trading', 'automation', 'loans', 'gamification', 'experts', 'journal', 'product');
CREATE TYPE notifications.notification_channel AS ENUM ('in_app', 'email', 'push', 'webhook');
CREATE TYPE notifications.digest_frequency AS ENUM ('none', 'daily', 'weekly');
CREATE TYPE notifications.notification_priority AS ENUM ('low', 'normal', 'high', 'critical');
COMMENT ON TYPE notifications.notification_priority IS
    'critical passes by preferences, quiet hours and digests, as a margin call does.';
CREATE TYPE notifications.delivery_status AS ENUM ('pending', 'deferred', 'sent', 'failed', 'suppressed');
COMMENT ON TYPE notifications.delivery_status IS
    'deferred waits for the end of quiet hours or for a digest; suppressed was not wanted at send time.';
CREATE TYPE notifications.digest_state AS ENUM ('open', 'closed', 'sent');
COMMENT ON TYPE notifications.digest_state IS
    'open takes messages; closed is being sent, or will be again, and takes no more.';
CREATE TYPE notifications.push_platform AS ENUM ('apns', 'fcm', 'web');

CREATE TABLE notifications.recipients (
    user_id uuid NOT NULL,
    email text,
    display_name text NOT NULL,
    locale text NOT NULL,
    time_zone text NOT NULL,
    source_updated_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT recipients_pkey PRIMARY KEY (user_id),
    CONSTRAINT recipients_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT recipients_email_check CHECK (char_length(email) <= 254 AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    CONSTRAINT recipients_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 80),
    CONSTRAINT recipients_locale_check CHECK (
        char_length(locale) <= 35 AND locale ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    CONSTRAINT recipients_time_zone_check CHECK (time_zone ~ '^[A-Za-z0-9_+/-]{1,64}$')
);
COMMENT ON TABLE notifications.recipients IS
    'What sending needs to know of a user: a copy, kept by the events of Users.';
COMMENT ON COLUMN notifications.recipients.email IS 'The verified one; NULL as long as there is none.';
COMMENT ON COLUMN notifications.recipients.time_zone IS 'IANA name, for quiet hours and digests.';
COMMENT ON COLUMN notifications.recipients.source_updated_at IS
    'When Users changed it: an older event changes nothing.';

CREATE TABLE notifications.notification_preferences (
    user_id uuid NOT NULL,
    category notifications.notification_category NOT NULL,
    channel notifications.notification_channel NOT NULL,
    enabled boolean NOT NULL,
    quiet_from smallint,
    quiet_until smallint,
    digest notifications.digest_frequency NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notification_preferences_pkey PRIMARY KEY (user_id, category, channel),
    CONSTRAINT notification_preferences_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT notification_preferences_quiet_check CHECK (
        (quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <> quiet_until
        AND quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439),
    CONSTRAINT notification_preferences_digest_check CHECK (digest = 'none' OR channel IN ('email', 'push')),
    CONSTRAINT notification_preferences_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE notifications.notification_preferences IS
    'What a user wants of a category on a channel; without a row the platform''s defaults hold.';
COMMENT ON COLUMN notifications.notification_preferences.quiet_from IS
    'Minutes after midnight in the user''s time zone; with quiet_until before it, the quiet wraps midnight.';
COMMENT ON COLUMN notifications.notification_preferences.quiet_until IS
    'Minutes after midnight; at it, what was deferred goes out.';

CREATE TABLE notifications.notifications (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    category notifications.notification_category NOT NULL,
    template text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    data jsonb NOT NULL,
    dedupe_key text NOT NULL,
    request_id text,
    priority notifications.notification_priority NOT NULL,
    read_at timestamptz,
    archived_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notifications_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT notifications_dedupe_key UNIQUE (user_id, dedupe_key),
    CONSTRAINT notifications_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT notifications_template_check CHECK (template ~ '^[a-z][a-z0-9_.]{0,79}$'),
    CONSTRAINT notifications_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT notifications_body_check CHECK (char_length(body) <= 4000),
    CONSTRAINT notifications_data_check CHECK (jsonb_typeof(data) = 'object' AND octet_length(data::text) <= 16384),
    CONSTRAINT notifications_dedupe_key_check CHECK (char_length(dedupe_key) BETWEEN 1 AND 300),
    CONSTRAINT notifications_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100)
);
COMMENT ON TABLE notifications.notifications IS 'One message to one user; the in-app inbox is read from here.';
COMMENT ON COLUMN notifications.notifications.title IS 'As it was rendered in the user''s locale then.';
COMMENT ON COLUMN notifications.notifications.dedupe_key IS 'Event and template: the same event tells once.';
COMMENT ON COLUMN notifications.notifications.request_id IS
    'Of the request from which it follows, as X-Request-Id shows it; NULL where no request began it.';
CREATE INDEX notifications_inbox_idx ON notifications.notifications (user_id, id) WHERE archived_at IS NULL;
CREATE INDEX notifications_unread_idx ON notifications.notifications (user_id)
    WHERE read_at IS NULL AND archived_at IS NULL;

CREATE TABLE notifications.digests (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    channel notifications.notification_channel NOT NULL,
    frequency notifications.digest_frequency NOT NULL,
    day date NOT NULL,
    state notifications.digest_state NOT NULL DEFAULT 'open',
    leased_until timestamptz,
    sent_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT digests_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT digests_day_key UNIQUE (user_id, channel, frequency, day),
    CONSTRAINT digests_channel_key UNIQUE (user_id, channel, id),
    CONSTRAINT digests_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT digests_frequency_check CHECK (frequency <> 'none'),
    CONSTRAINT digests_channel_check CHECK (channel IN ('email', 'push')),
    CONSTRAINT digests_state_check CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT digests_leased_until_check CHECK (leased_until IS NULL OR state = 'closed')
);
COMMENT ON TABLE notifications.digests IS
    'One collected message. Its deliveries name it before it is sent: a sender that dies repeats and drops nothing.';
COMMENT ON COLUMN notifications.digests.day IS 'The user''s own day on which it is due.';
COMMENT ON COLUMN notifications.digests.leased_until IS
    'No process takes it before: one is sending it, or a failed attempt rests.';
COMMENT ON CONSTRAINT digests_channel_key ON notifications.digests IS
    'For the foreign key of deliveries, which stay with their channel.';
CREATE INDEX digests_due_idx ON notifications.digests (day, user_id) WHERE sent_at IS NULL;

CREATE TABLE notifications.notification_deliveries (
    user_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    channel notifications.notification_channel NOT NULL,
    status notifications.delivery_status NOT NULL,
    attempts int NOT NULL,
    next_attempt_at timestamptz,
    digest_id uuid,
    provider_id text,
    error text,
    sent_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notification_deliveries_pkey PRIMARY KEY (user_id, notification_id, channel),
    CONSTRAINT notification_deliveries_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT notification_deliveries_notification_fkey FOREIGN KEY (user_id, notification_id)
        REFERENCES notifications.notifications (user_id, id) ON DELETE CASCADE,
    CONSTRAINT notification_deliveries_digest_fkey FOREIGN KEY (user_id, channel, digest_id)
        REFERENCES notifications.digests (user_id, channel, id) ON DELETE CASCADE,
    CONSTRAINT notification_deliveries_channel_check CHECK (channel <> 'webhook'),
    CONSTRAINT notification_deliveries_attempts_check CHECK (attempts >= 0),
    CONSTRAINT notification_deliveries_next_attempt_at_check CHECK (
        CASE WHEN status IN ('pending', 'deferred') THEN (next_attempt_at IS NULL) = (digest_id IS NOT NULL)
            ELSE next_attempt_at IS NULL END),
    CONSTRAINT notification_deliveries_provider_id_check CHECK (char_length(provider_id) BETWEEN 1 AND 300),
    CONSTRAINT notification_deliveries_error_check CHECK (
        char_length(error) BETWEEN 1 AND 2000 AND (error IS NOT NULL OR status <> 'failed')),
    CONSTRAINT notification_deliveries_sent_at_check CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
COMMENT ON TABLE notifications.notification_deliveries IS
    'A notification on its way by a channel other than webhooks. Its key is the stable id by which receivers count mail once.';
COMMENT ON COLUMN notifications.notification_deliveries.next_attempt_at IS
    'What waits in a digest has none: it goes when the digest goes.';
COMMENT ON COLUMN notifications.notification_deliveries.digest_id IS 'The digest that carries it.';
COMMENT ON COLUMN notifications.notification_deliveries.provider_id IS
    'What the mail server or push service called it.';
COMMENT ON COLUMN notifications.notification_deliveries.error IS 'What the last attempt failed with.';
-- Finds the users to whom something is due, each in one step however much it is, and what is due to one user.
CREATE INDEX notification_deliveries_waiting_idx
    ON notifications.notification_deliveries (user_id, next_attempt_at, channel)
    WHERE status IN ('pending', 'deferred') AND next_attempt_at IS NOT NULL;
CREATE INDEX notification_deliveries_digest_idx
    ON notifications.notification_deliveries (user_id, channel, digest_id) WHERE digest_id IS NOT NULL;

CREATE TABLE notifications.push_devices (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    platform notifications.push_platform NOT NULL,
    token text NOT NULL,
    name text NOT NULL,
    last_seen_at timestamptz NOT NULL,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT push_devices_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT push_devices_token_key UNIQUE (user_id, platform, token),
    CONSTRAINT push_devices_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT push_devices_token_check CHECK (char_length(token) BETWEEN 1 AND 1000),
    CONSTRAINT push_devices_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
);
COMMENT ON TABLE notifications.push_devices IS 'Where a user''s push messages go.';
COMMENT ON COLUMN notifications.push_devices.token IS 'The push service''s address of the device; no log shows it.';
COMMENT ON COLUMN notifications.push_devices.disabled_at IS 'Since when the push service no longer knows it.';

CREATE TABLE notifications.webhook_endpoints (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    sealed_secret bytea NOT NULL,
    previous_sealed_secret bytea,
    previous_secret_until timestamptz,
    consecutive_failures int NOT NULL,
    retry_at timestamptz,
    last_delivered_at timestamptz,
    disabled_at timestamptz,
    disabled_reason text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT webhook_endpoints_url_key UNIQUE (user_id, url),
    CONSTRAINT webhook_endpoints_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT webhook_endpoints_url_check CHECK (char_length(url) <= 2048 AND url ~ '^https://[^[:space:]]+$'),
    CONSTRAINT webhook_endpoints_sealed_secret_check CHECK (octet_length(sealed_secret) BETWEEN 29 AND 1024),
    CONSTRAINT webhook_endpoints_previous_secret_check CHECK (
        (previous_sealed_secret IS NULL) = (previous_secret_until IS NULL)
        AND octet_length(previous_sealed_secret) BETWEEN 29 AND 1024),
    CONSTRAINT webhook_endpoints_consecutive_failures_check CHECK (consecutive_failures >= 0),
    CONSTRAINT webhook_endpoints_disabled_check CHECK (
        (disabled_at IS NULL) = (disabled_reason IS NULL) AND char_length(disabled_reason) BETWEEN 1 AND 500),
    CONSTRAINT webhook_endpoints_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE notifications.webhook_endpoints IS
    'Where a user''s webhooks go. A dead one is switched off, with a notice.';
COMMENT ON COLUMN notifications.webhook_endpoints.sealed_secret IS
    'AES-256-GCM under the service''s sealing key, bound to the id. Signing needs the secret, so no hash.';
COMMENT ON COLUMN notifications.webhook_endpoints.previous_sealed_secret IS
    'The secret before the last rotation. Until previous_secret_until both sign.';
COMMENT ON COLUMN notifications.webhook_endpoints.retry_at IS
    'It failed several times in a row, or asked for a pause: nothing is posted to it before, and then one message tries.';

CREATE TABLE notifications.webhook_deliveries (
    user_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    webhook_endpoint_id uuid NOT NULL,
    status notifications.delivery_status NOT NULL,
    attempts int NOT NULL,
    next_attempt_at timestamptz,
    leased_until timestamptz,
    error text,
    sent_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (user_id, notification_id, webhook_endpoint_id),
    CONSTRAINT webhook_deliveries_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_notification_fkey FOREIGN KEY (user_id, notification_id)
        REFERENCES notifications.notifications (user_id, id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_webhook_endpoint_fkey FOREIGN KEY (user_id, webhook_endpoint_id)
        REFERENCES notifications.webhook_endpoints (user_id, id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_attempts_check CHECK (attempts >= 0),
    CONSTRAINT webhook_deliveries_next_attempt_at_check CHECK (
        (status IN ('pending', 'deferred')) = (next_attempt_at IS NOT NULL)),
    CONSTRAINT webhook_deliveries_leased_until_check CHECK (leased_until IS NULL OR status = 'pending'),
    CONSTRAINT webhook_deliveries_error_check CHECK (
        char_length(error) BETWEEN 1 AND 2000 AND (error IS NOT NULL OR status <> 'failed')),
    CONSTRAINT webhook_deliveries_sent_at_check CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
COMMENT ON TABLE notifications.webhook_deliveries IS
    'A notification on its way to one webhook endpoint. Receivers count it once by the message''s stable id.';
COMMENT ON COLUMN notifications.webhook_deliveries.leased_until IS
    'A process is posting it; where that says nothing more, another posts it again after this.';
COMMENT ON COLUMN notifications.webhook_deliveries.error IS 'What the last attempt failed with.';
CREATE INDEX webhook_deliveries_waiting_idx ON notifications.webhook_deliveries (user_id, next_attempt_at)
    WHERE status IN ('pending', 'deferred');
CREATE INDEX webhook_deliveries_endpoint_idx
    ON notifications.webhook_deliveries (user_id, webhook_endpoint_id, notification_id);
CREATE INDEX webhook_deliveries_leased_idx ON notifications.webhook_deliveries (user_id, webhook_endpoint_id)
    WHERE leased_until IS NOT NULL;

CREATE TABLE notifications.sealing_key_proofs (
    purpose text NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT sealing_key_proofs_pkey PRIMARY KEY (purpose),
    CONSTRAINT sealing_key_proofs_purpose_check CHECK (purpose ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT sealing_key_proofs_sealed_check CHECK (octet_length(sealed) BETWEEN 29 AND 256)
);
COMMENT ON TABLE notifications.sealing_key_proofs IS
    'A known value under the sealing key of the service that started first: a service whose key does not open it stops.';

ALTER TABLE notifications.recipients ENABLE ROW LEVEL SECURITY;
CREATE POLICY recipients_owner ON notifications.recipients TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE notifications.notification_preferences ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_preferences_owner ON notifications.notification_preferences TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE notifications.notifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY notifications_owner ON notifications.notifications TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE notifications.digests ENABLE ROW LEVEL SECURITY;
CREATE POLICY digests_owner ON notifications.digests TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY digests_worker ON notifications.digests FOR SELECT TO notifications_worker USING (true);
ALTER TABLE notifications.notification_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_deliveries_owner ON notifications.notification_deliveries TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY notification_deliveries_worker ON notifications.notification_deliveries FOR SELECT TO notifications_worker
    USING (true);
ALTER TABLE notifications.push_devices ENABLE ROW LEVEL SECURITY;
CREATE POLICY push_devices_owner ON notifications.push_devices TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE notifications.webhook_endpoints ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_endpoints_owner ON notifications.webhook_endpoints TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
-- A service shows that it has the right sealing key by opening a secret that is in use; its worker finds whose there are.
CREATE POLICY webhook_endpoints_worker ON notifications.webhook_endpoints FOR SELECT TO notifications_worker
    USING (true);
ALTER TABLE notifications.webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_deliveries_owner ON notifications.webhook_deliveries TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY webhook_deliveries_worker ON notifications.webhook_deliveries FOR SELECT TO notifications_worker
    USING (true);
