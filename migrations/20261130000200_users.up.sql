-- Users: accounts, profiles, preferences, subscriptions, curators, sessions, the mail that carries tokens, signing keys,
-- and erasure.

CREATE SCHEMA users;

CREATE TYPE users.user_status AS ENUM ('pending_verification', 'active', 'suspended', 'closed');
CREATE TYPE users.subscription_tier AS ENUM ('free', 'plus', 'premium');
CREATE TYPE users.risk_tolerance AS ENUM ('conservative', 'balanced', 'growth', 'aggressive');
CREATE TYPE users.investing_experience AS ENUM ('none', 'beginner', 'intermediate', 'advanced');
CREATE TYPE users.subscription_change_reason AS ENUM (
    'purchase', 'upgrade', 'downgrade', 'renewal_failed', 'cancelled', 'refund', 'granted');
CREATE TYPE users.curator_status AS ENUM ('applied', 'approved', 'declined', 'suspended');
CREATE TYPE users.theme AS ENUM ('system', 'light', 'dark');
CREATE TYPE users.session_end_reason AS ENUM (
    'logged_out', 'ended_by_user', 'password_changed', 'password_reset', 'refresh_token_reused', 'account_closed',
    'session_limit');
CREATE TYPE users.email_token_kind AS ENUM ('verification', 'password_reset');
CREATE TYPE users.attempt_scope AS ENUM (
    'login_account', 'login_address', 'registration_address', 'email_account', 'email_address', 'password_address',
    'session_account', 'password_change_account');

CREATE TABLE users.users (
    id uuid NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    status users.user_status NOT NULL,
    subscription_tier users.subscription_tier NOT NULL DEFAULT 'free',
    is_operator boolean NOT NULL DEFAULT false,
    wallet_address text,
    email_verified_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_form_check CHECK (
        char_length(email) <= 254
        AND email ~ '^[!-?A-~]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$'),
    CONSTRAINT users_password_hash_form_check CHECK (
        char_length(password_hash) <= 255 AND password_hash LIKE '$argon2id$%'),
    CONSTRAINT users_wallet_address_form_check CHECK (wallet_address ~ '^0x[0-9A-Fa-f]{40}$'),
    CONSTRAINT users_active_verified_check CHECK (status <> 'active' OR email_verified_at IS NOT NULL),
    CONSTRAINT users_closed_at_check CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
-- The C collation lowers ASCII alone, and the form allows nothing else, so the key means the same on every cluster.
CREATE UNIQUE INDEX users_email_key ON users.users (lower(email COLLATE "C"));
CREATE UNIQUE INDEX users_wallet_address_key ON users.users (lower(wallet_address COLLATE "C"));
COMMENT ON TABLE users.users IS 'A row is a person, visible to that person alone.';
COMMENT ON COLUMN users.users.email IS 'As the person wrote it, the domain in lower case; unique regardless of case.';
COMMENT ON COLUMN users.users.password_hash IS 'Argon2id as a PHC string; read by the users service alone.';
COMMENT ON COLUMN users.users.wallet_address IS 'An Ethereum address; its EIP-55 checksum is a rule of the module.';

CREATE TABLE users.user_profiles (
    user_id uuid NOT NULL,
    display_name text NOT NULL,
    country text,
    date_of_birth date,
    time_zone text NOT NULL,
    risk_tolerance users.risk_tolerance,
    experience users.investing_experience,
    avatar_url text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT user_profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
    CONSTRAINT user_profiles_display_name_length_check CHECK (char_length(display_name) BETWEEN 1 AND 80),
    CONSTRAINT user_profiles_country_form_check CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT user_profiles_date_of_birth_past_check CHECK (
        date_of_birth >= DATE '1900-01-01' AND date_of_birth < (updated_at AT TIME ZONE 'UTC')::date),
    CONSTRAINT user_profiles_time_zone_form_check CHECK (time_zone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    CONSTRAINT user_profiles_avatar_url_form_check CHECK (
        char_length(avatar_url) <= 2048 AND avatar_url ~ '^https://[^[:space:]]+$'),
    CONSTRAINT user_profiles_revision_check CHECK (revision >= 1)
);
COMMENT ON COLUMN users.user_profiles.country IS 'ISO 3166-1 alpha-2.';
COMMENT ON COLUMN users.user_profiles.time_zone IS 'An IANA name, such as Europe/Zurich.';

CREATE TABLE users.user_preferences (
    user_id uuid NOT NULL,
    base_currency text NOT NULL,
    locale text NOT NULL,
    theme users.theme NOT NULL,
    cost_basis_method app.cost_basis_method NOT NULL,
    settings jsonb NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT user_preferences_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
    CONSTRAINT user_preferences_base_currency_form_check CHECK (base_currency ~ '^[A-Z]{3}$'),
    CONSTRAINT user_preferences_locale_form_check CHECK (
        char_length(locale) <= 35 AND locale ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    CONSTRAINT user_preferences_settings_object_check CHECK (jsonb_typeof(settings) = 'object'),
    CONSTRAINT user_preferences_settings_size_check CHECK (octet_length(settings::text) <= 32768),
    CONSTRAINT user_preferences_revision_check CHECK (revision >= 1)
);
COMMENT ON COLUMN users.user_preferences.base_currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN users.user_preferences.locale IS 'A BCP 47 language tag.';

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

CREATE TABLE users.sessions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    user_agent text NOT NULL,
    address text NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason users.session_end_reason,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
    CONSTRAINT sessions_user_agent_length_check CHECK (char_length(user_agent) <= 256),
    CONSTRAINT sessions_address_length_check CHECK (char_length(address) <= 64),
    CONSTRAINT sessions_expires_at_check CHECK (expires_at > created_at),
    CONSTRAINT sessions_ended_check CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
COMMENT ON TABLE users.sessions IS 'One log-in and the lineage of its refresh tokens.';
COMMENT ON COLUMN users.sessions.expires_at IS 'Absolute: no refresh carries a session past it.';

CREATE TABLE users.refresh_tokens (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    parent_id uuid,
    generation int NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    rotated_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT refresh_tokens_token_hash_key UNIQUE (user_id, token_hash),
    -- One lineage: a session has one token a generation, and a token has one successor.
    CONSTRAINT refresh_tokens_generation_key UNIQUE (user_id, session_id, generation),
    CONSTRAINT refresh_tokens_parent_id_key UNIQUE (user_id, parent_id),
    CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (user_id, session_id)
        REFERENCES users.sessions (user_id, id) ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_parent_id_fkey FOREIGN KEY (user_id, parent_id)
        REFERENCES users.refresh_tokens (user_id, id) ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_token_hash_length_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT refresh_tokens_generation_check CHECK (generation >= 1),
    CONSTRAINT refresh_tokens_parent_generation_check CHECK ((parent_id IS NULL) = (generation = 1)),
    CONSTRAINT refresh_tokens_expires_at_check CHECK (expires_at > created_at)
);
COMMENT ON COLUMN users.refresh_tokens.token_hash IS 'SHA-256 of the secret; the secret itself is stored nowhere.';
COMMENT ON COLUMN users.refresh_tokens.expires_at IS 'Idle: thirty days after it was made, or the session''s end if sooner.';

CREATE TABLE users.email_tokens (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind users.email_token_kind NOT NULL,
    token_hash bytea NOT NULL,
    email text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT email_tokens_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT email_tokens_token_hash_key UNIQUE (user_id, token_hash),
    CONSTRAINT email_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
    CONSTRAINT email_tokens_token_hash_length_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT email_tokens_expires_at_check CHECK (expires_at > created_at)
);
COMMENT ON COLUMN users.email_tokens.used_at IS 'When it was redeemed, or made void by a newer one: a token counts once.';
COMMENT ON COLUMN users.email_tokens.email IS 'Where it was sent: it proves this address and no later one.';

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

CREATE TABLE users.signing_keys (
    id uuid NOT NULL,
    public_key bytea NOT NULL,
    sealed_private_key bytea NOT NULL,
    activates_at timestamptz NOT NULL,
    retires_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (id),
    CONSTRAINT signing_keys_public_key_length_check CHECK (octet_length(public_key) = 64),
    CONSTRAINT signing_keys_retires_at_check CHECK (retires_at > activates_at)
);
-- One key is the newest. The index settles which, when two instances make the first key or rotate at once.
CREATE UNIQUE INDEX signing_keys_newest_key ON users.signing_keys ((true)) WHERE retires_at IS NULL;
COMMENT ON TABLE users.signing_keys IS 'ES256 keys of access tokens: published when made, signing from activates_at until the next one does, dropped at retires_at.';
COMMENT ON COLUMN users.signing_keys.id IS 'The kid of the tokens.';
COMMENT ON COLUMN users.signing_keys.public_key IS 'x and y, 32 bytes each.';
COMMENT ON COLUMN users.signing_keys.sealed_private_key IS 'AES-256-GCM under the service''s sealing key, bound to the id.';

CREATE TABLE users.login_attempts (
    scope users.attempt_scope NOT NULL,
    subject_hash bytea NOT NULL,
    window_started_at timestamptz NOT NULL,
    attempts int NOT NULL,
    CONSTRAINT login_attempts_pkey PRIMARY KEY (scope, subject_hash),
    CONSTRAINT login_attempts_subject_hash_length_check CHECK (octet_length(subject_hash) = 32),
    CONSTRAINT login_attempts_attempts_check CHECK (attempts >= 1)
);
CREATE INDEX login_attempts_window_started_at_idx ON users.login_attempts (window_started_at);
COMMENT ON TABLE users.login_attempts IS 'Counters against guessing, kept for addresses and emails alike whether or not an account exists.';
COMMENT ON COLUMN users.login_attempts.subject_hash IS 'HMAC-SHA-256 of the email or network address under a key of the service: the table names nobody.';

ALTER TABLE users.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY users_owner ON users.users TO PUBLIC
    USING (id = app.current_user_id()) WITH CHECK (id = app.current_user_id());
ALTER TABLE users.user_profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_profiles_owner ON users.user_profiles TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE users.user_preferences ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_preferences_owner ON users.user_preferences TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE users.subscription_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY subscription_changes_owner ON users.subscription_changes TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE users.curator_profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY curator_profiles_owner ON users.curator_profiles TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY curator_profiles_published ON users.curator_profiles FOR SELECT TO PUBLIC USING (status = 'approved');
CREATE POLICY curator_profiles_worker ON users.curator_profiles FOR SELECT TO users_worker USING (true);
ALTER TABLE users.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sessions_owner ON users.sessions TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE users.refresh_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY refresh_tokens_owner ON users.refresh_tokens TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE users.email_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY email_tokens_owner ON users.email_tokens TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE users.outgoing_mails ENABLE ROW LEVEL SECURITY;
CREATE POLICY outgoing_mails_owner ON users.outgoing_mails TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY outgoing_mails_worker ON users.outgoing_mails FOR SELECT TO users_worker USING (true);

-- What must be found before the user is known. Nothing else looks across users.
CREATE FUNCTION users.find_login(login_email text)
    RETURNS TABLE (user_id uuid, email text, password_hash text, status users.user_status)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
        SELECT u.id, u.email, u.password_hash, u.status
        FROM users.users u
        WHERE lower(u.email COLLATE "C") = lower(login_email COLLATE "C")
    $$;
REVOKE EXECUTE ON FUNCTION users.find_login(text) FROM PUBLIC;
COMMENT ON FUNCTION users.find_login(text) IS 'The account that logs in with an email: no row when there is none.';

-- The users service may run this: it signs the tokens that carry the claim, so it gains nothing by it.
CREATE FUNCTION users.set_operator(login_email text, make_operator boolean, changed_at timestamptz)
    RETURNS uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
        UPDATE users.users u
        SET is_operator = make_operator, updated_at = changed_at
        WHERE lower(u.email COLLATE "C") = lower(login_email COLLATE "C") AND u.status <> 'closed'
        RETURNING u.id
    $$;
REVOKE EXECUTE ON FUNCTION users.set_operator(text, boolean, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION users.set_operator(text, boolean, timestamptz) IS
    'Gives or takes the operator role; NULL when no open account has the email.';

-- Erasure: an operator takes a person out of every table. Closing an account is the normal end; this is for those who
-- ask to be forgotten.

CREATE TABLE users.erasures (
    subject_hash bytea NOT NULL,
    erased_by text NOT NULL,
    reason text NOT NULL,
    erased_at timestamptz NOT NULL,
    CONSTRAINT erasures_pkey PRIMARY KEY (subject_hash),
    CONSTRAINT erasures_subject_hash_check CHECK (octet_length(subject_hash) = 32),
    CONSTRAINT erasures_erased_by_check CHECK (char_length(erased_by) BETWEEN 1 AND 200),
    CONSTRAINT erasures_reason_check CHECK (char_length(reason) BETWEEN 1 AND 1000)
);
COMMENT ON TABLE users.erasures IS
    'Who was erased, without saying who: after a restore those whose hash stands here are erased again.';
COMMENT ON COLUMN users.erasures.subject_hash IS
    'SHA-256 of the user id''s 16 bytes; the id is random and stands nowhere else by then.';
COMMENT ON COLUMN users.erasures.erased_by IS 'The operator''s user id as text.';

-- Its statements are looked up when it runs: the tables of later contexts are there by then.
--
-- What refuses comes first: a portfolio that secures an open loan cannot go. Private baskets go before the private
-- instruments that they hold. The rest follows from the foreign key to users.users that every table of a user has:
-- those act before any key between two of the tables is looked at, so that what holds a strategy in place is gone.
CREATE FUNCTION users.erase_user(subject_id uuid, operator_id text, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF operator_id = subject_id::text THEN
        RAISE EXCEPTION 'an erasure is an operator''s, and not one''s own' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Held until the end, so that nothing new comes to the user meanwhile: every insert of theirs looks at this row.
    PERFORM FROM users.users AS u WHERE u.id = subject_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- What was published stays, as the platform's own: its contents are nobody's already, and its slug is unique among
    -- all that is not private.
    UPDATE portfolios.baskets AS b
    SET owner_id = NULL, revision = b.revision + 1, updated_at = erase_user.at
    WHERE b.owner_id = subject_id AND b.visibility <> 'private';
    DELETE FROM portfolios.portfolios AS p WHERE p.user_id = subject_id;
    DELETE FROM portfolios.baskets AS b WHERE b.owner_id = subject_id;
    DELETE FROM users.users AS u WHERE u.id = subject_id;
    INSERT INTO users.erasures (subject_hash, erased_by, reason, erased_at)
    VALUES (sha256(uuid_send(subject_id)), operator_id, why, erase_user.at)
    ON CONFLICT ON CONSTRAINT erasures_pkey DO NOTHING;
    RETURN true;
END
$$;
COMMENT ON FUNCTION users.erase_user IS
    'Erases a user; false where there is none. An open loan refuses it by loans_open_collateral_fkey.';
REVOKE ALL ON FUNCTION users.erase_user FROM PUBLIC;
