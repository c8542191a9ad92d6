-- What the contenders of `bench events` write, and the bare queue. The log is Grove's own, from the whole schema.
CREATE SCHEMA bench;

-- The writer's own small effect, in the transaction that appends.
CREATE TABLE bench.written (id uuid PRIMARY KEY, user_id uuid NOT NULL);

-- What a handler writes. A second effect of one event would violate the key; the number is how many there are.
CREATE TABLE bench.effects (
    id uuid PRIMARY KEY, user_id uuid NOT NULL, number int8 GENERATED ALWAYS AS IDENTITY
);

CREATE TABLE bench.queue (
    id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA bench TO gamification_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bench TO gamification_service;

INSERT INTO platform.event_epochs (epoch, reason, began_at) VALUES (1, 'The database was made.', now());
INSERT INTO users.users (id, email, password_hash, status, email_verified_at, created_at, updated_at)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'user' || n || '@example.com',
    '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g', 'active', now(), now(), now()
FROM generate_series(0, 999) AS n;
