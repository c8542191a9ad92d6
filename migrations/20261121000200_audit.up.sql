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
