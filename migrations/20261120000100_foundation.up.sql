-- What every context stands on: the acting user, and the idempotency keys.

CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'Functions and types that several contexts share.';

-- The migration runner keeps its history there, and has made it before the first migration.
CREATE SCHEMA IF NOT EXISTS platform;
COMMENT ON SCHEMA platform IS 'Tables that belong to no context.';

-- STABLE, so that a policy evaluates it once and can use it with an index. After its first use in a session
-- the setting is '' and not NULL; nullif makes both mean nobody.
CREATE FUNCTION app.current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
COMMENT ON FUNCTION app.current_user_id() IS 'The user that app.act_as() has set in this transaction, or NULL.';

-- SET LOCAL and not set_config(): Citus sends only the former on to its workers. %L of a uuid cannot be
-- anything but a quoted uuid. A NULL would make the whole command NULL, which EXECUTE refuses.
CREATE FUNCTION app.act_as(user_id uuid) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    EXECUTE format('SET LOCAL app.user_id = %L', user_id);
END
$$;
COMMENT ON FUNCTION app.act_as(uuid) IS 'Makes the user the acting one until the transaction ends.';

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
    CONSTRAINT idempotency_keys_operation_check CHECK (char_length(operation) BETWEEN 1 AND 100),
    CONSTRAINT idempotency_keys_key_check CHECK (char_length(key) BETWEEN 1 AND 255),
    CONSTRAINT idempotency_keys_request_hash_check CHECK (octet_length(request_hash) = 32),
    CONSTRAINT idempotency_keys_response_status_check CHECK (response_status BETWEEN 200 AND 299),
    CONSTRAINT idempotency_keys_response_headers_check CHECK (jsonb_typeof(response_headers) = 'object'),
    CONSTRAINT idempotency_keys_expires_at_check CHECK (expires_at > created_at)
);
-- The foreign key to users.users follows in the migration that makes that table; the primary key serves it.

CREATE INDEX idempotency_keys_expires_at_idx ON platform.idempotency_keys (user_id, expires_at);

ALTER TABLE platform.idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_keys_owner ON platform.idempotency_keys TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());

COMMENT ON TABLE platform.idempotency_keys IS
    'The answers to POSTs, committed with their effect, so that a repeated request gets the first answer.';
COMMENT ON COLUMN platform.idempotency_keys.operation IS 'The operationId of the OpenAPI document.';
COMMENT ON COLUMN platform.idempotency_keys.request_hash IS 'SHA-256 over method, target and body.';
COMMENT ON COLUMN platform.idempotency_keys.response_headers IS
    'Those that belong to the answer, as Location and ETag.';
COMMENT ON COLUMN platform.idempotency_keys.expires_at IS 'After it the key may be used again, and the row is removed.';
