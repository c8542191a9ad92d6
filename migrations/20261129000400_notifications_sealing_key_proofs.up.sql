-- What shows that the service has the right sealing key, and when a webhook endpoint that fails is tried again.

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

ALTER TABLE notifications.webhook_endpoints ADD COLUMN retry_at timestamptz;
COMMENT ON COLUMN notifications.webhook_endpoints.retry_at IS
    'It failed several times in a row: nothing is posted to it before, and then one message tries.';
