DROP FUNCTION users.set_operator(text, boolean, timestamptz);
DROP FUNCTION users.find_login(text);

ALTER TABLE platform.idempotency_keys DROP CONSTRAINT idempotency_keys_user_id_fkey;

DROP TABLE users.login_attempts;
DROP TABLE users.signing_keys;
DROP TABLE users.email_tokens;
DROP TABLE users.refresh_tokens;
DROP TABLE users.sessions;
DROP TABLE users.user_preferences;
DROP TABLE users.user_profiles;
DROP TABLE users.users;

DROP TYPE users.attempt_scope;
DROP TYPE users.email_token_kind;
DROP TYPE users.session_end_reason;
DROP TYPE users.theme;
DROP TYPE users.investing_experience;
DROP TYPE users.risk_tolerance;
DROP TYPE users.subscription_tier;
DROP TYPE users.user_status;
DROP TYPE app.cost_basis_method;

DROP SCHEMA users;
