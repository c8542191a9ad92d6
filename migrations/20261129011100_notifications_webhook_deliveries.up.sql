-- A webhook's delivery is a row for each endpoint, a digest has a state and a lease, and a secret that was replaced signs
-- for a while longer.

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
ALTER TABLE notifications.webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_deliveries_owner ON notifications.webhook_deliveries TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY webhook_deliveries_worker ON notifications.webhook_deliveries FOR SELECT TO notifications_worker
    USING (true);

CREATE TYPE notifications.digest_state AS ENUM ('open', 'closed', 'sent');
COMMENT ON TYPE notifications.digest_state IS
    'open takes messages; closed is being sent, or will be again, and takes no more.';
ALTER TABLE notifications.digests
    ADD COLUMN state notifications.digest_state NOT NULL DEFAULT 'open',
    ADD COLUMN leased_until timestamptz,
    ADD CONSTRAINT digests_state_check CHECK ((state = 'sent') = (sent_at IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT digests_leased_until_check CHECK (leased_until IS NULL OR state = 'closed') NOT VALID;
COMMENT ON COLUMN notifications.digests.leased_until IS
    'No process takes it before: one is sending it, or a failed attempt rests.';

ALTER TABLE notifications.webhook_endpoints
    ADD COLUMN previous_sealed_secret bytea,
    ADD COLUMN previous_secret_until timestamptz,
    ADD CONSTRAINT webhook_endpoints_previous_secret_check CHECK (
        (previous_sealed_secret IS NULL) = (previous_secret_until IS NULL)
        AND octet_length(previous_sealed_secret) BETWEEN 29 AND 1024) NOT VALID;
COMMENT ON COLUMN notifications.webhook_endpoints.previous_sealed_secret IS
    'The secret before the last rotation. Until previous_secret_until both sign.';
