-- Users: how a subscription changed, and who publishes baskets.

CREATE TYPE users.subscription_change_reason AS ENUM (
    'purchase', 'upgrade', 'downgrade', 'renewal_failed', 'cancelled', 'refund', 'granted');
CREATE TYPE users.curator_status AS ENUM ('applied', 'approved', 'declined', 'suspended');

CREATE TABLE users.subscription_changes (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    from_tier users.subscription_tier NOT NULL,
    to_tier users.subscription_tier NOT NULL,
    reason users.subscription_change_reason NOT NULL,
    billing_event text,
    changed_by text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT subscription_changes_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT subscription_changes_billing_event_key UNIQUE (user_id, billing_event),
    CONSTRAINT subscription_changes_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT subscription_changes_tiers_check CHECK (from_tier <> to_tier),
    CONSTRAINT subscription_changes_billing_event_check CHECK (char_length(billing_event) BETWEEN 1 AND 200),
    CONSTRAINT subscription_changes_changed_by_check CHECK (char_length(changed_by) BETWEEN 1 AND 200)
);
COMMENT ON TABLE users.subscription_changes IS
    'Every change of a user''s tier, created_at being its moment. Insert only.';
COMMENT ON COLUMN users.subscription_changes.billing_event IS
    'The id of the payment provider''s event, which counts once; NULL for what an operator granted.';
COMMENT ON COLUMN users.subscription_changes.changed_by IS
    'user, operator or provider, as text: no key to whoever decided.';

CREATE TABLE users.curator_profiles (
    user_id uuid NOT NULL,
    status users.curator_status NOT NULL,
    name text NOT NULL,
    bio text NOT NULL,
    philosophy text NOT NULL,
    applied_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by text,
    decision_reason text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT curator_profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT curator_profiles_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT curator_profiles_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT curator_profiles_bio_check CHECK (char_length(bio) <= 2000),
    CONSTRAINT curator_profiles_philosophy_check CHECK (char_length(philosophy) <= 4000),
    CONSTRAINT curator_profiles_decided_at_check CHECK (
        (status = 'applied') = (decided_at IS NULL) AND decided_at >= applied_at),
    CONSTRAINT curator_profiles_decision_check CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT curator_profiles_decided_by_check CHECK (
        char_length(decided_by) BETWEEN 1 AND 200 AND decided_by <> user_id::text),
    CONSTRAINT curator_profiles_decision_reason_check CHECK (
        char_length(decision_reason) BETWEEN 1 AND 1000
        AND (decision_reason IS NOT NULL OR status NOT IN ('declined', 'suspended'))),
    CONSTRAINT curator_profiles_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE users.curator_profiles IS 'Who may publish baskets. An approved one is visible to everyone.';
COMMENT ON COLUMN users.curator_profiles.philosophy IS 'How the curator chooses, in words for readers.';
COMMENT ON COLUMN users.curator_profiles.decided_by IS 'The operator''s user id as text: a key would cascade.';
COMMENT ON CONSTRAINT curator_profiles_decided_by_check ON users.curator_profiles IS
    'Nobody decides on their own application.';
CREATE INDEX curator_profiles_approved_idx ON users.curator_profiles (user_id) WHERE status = 'approved';
CREATE INDEX curator_profiles_applied_idx ON users.curator_profiles (applied_at, user_id) WHERE status = 'applied';

ALTER TABLE users.subscription_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY subscription_changes_owner ON users.subscription_changes TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE users.curator_profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY curator_profiles_owner ON users.curator_profiles TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY curator_profiles_published ON users.curator_profiles FOR SELECT TO PUBLIC USING (status = 'approved');
CREATE POLICY curator_profiles_worker ON users.curator_profiles FOR SELECT TO users_worker USING (true);
