-- Messages of Users that wait to be sent. They hold tokens, so they go neither through the event log nor through
-- Notifications, and their bodies are sealed.
CREATE TABLE users.outgoing_mails (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind users.email_token_kind NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    sealed_body bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts int NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    error text,
    request_id text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT outgoing_mails_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT outgoing_mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
    CONSTRAINT outgoing_mails_recipient_length_check CHECK (char_length(recipient) BETWEEN 3 AND 254),
    CONSTRAINT outgoing_mails_subject_length_check CHECK (char_length(subject) BETWEEN 1 AND 200),
    CONSTRAINT outgoing_mails_sealed_body_length_check CHECK (octet_length(sealed_body) BETWEEN 29 AND 65536),
    CONSTRAINT outgoing_mails_expires_at_check CHECK (expires_at > created_at),
    CONSTRAINT outgoing_mails_attempts_check CHECK (attempts >= 0),
    CONSTRAINT outgoing_mails_error_length_check CHECK (char_length(error) BETWEEN 1 AND 1000),
    CONSTRAINT outgoing_mails_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100)
);
CREATE INDEX outgoing_mails_next_attempt_at_idx ON users.outgoing_mails (next_attempt_at);
COMMENT ON TABLE users.outgoing_mails IS
    'The outbox of Users: a row waits to be sent, and is deleted when it was sent or will not be.';
COMMENT ON COLUMN users.outgoing_mails.id IS 'The Message-ID is made of it, so that a message that goes twice can be told.';
COMMENT ON COLUMN users.outgoing_mails.sealed_body IS
    'AES-256-GCM under a key of the service, bound to the id: it holds a token.';
COMMENT ON COLUMN users.outgoing_mails.expires_at IS 'When its token expires: after that it is not sent any more.';
COMMENT ON COLUMN users.outgoing_mails.next_attempt_at IS 'When it is due; while it is being sent, the end of the lease.';
COMMENT ON COLUMN users.outgoing_mails.error IS 'Why the last attempt failed; names no person.';

ALTER TABLE users.outgoing_mails ENABLE ROW LEVEL SECURITY;
CREATE POLICY outgoing_mails_owner ON users.outgoing_mails TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY outgoing_mails_worker ON users.outgoing_mails FOR SELECT TO users_worker USING (true);
