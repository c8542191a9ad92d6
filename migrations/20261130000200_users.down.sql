-- Loses every row of users.users, users.user_profiles, users.user_preferences, users.subscription_changes,
-- users.curator_profiles, users.sessions, users.refresh_tokens, users.email_tokens, users.outgoing_mails,
-- users.signing_keys, users.login_attempts, users.erasures.

DROP FUNCTION users.erase_user;
DROP FUNCTION users.set_operator;
DROP FUNCTION users.find_login;
DROP TABLE users.erasures;
DROP TABLE users.login_attempts;
DROP TABLE users.signing_keys;
DROP TABLE users.outgoing_mails;
DROP TABLE users.email_tokens;
DROP TABLE users.refresh_tokens;
DROP TABLE users.sessions;
DROP TABLE users.curator_profiles;
DROP TABLE users.subscription_changes;
DROP TABLE users.user_preferences;
DROP TABLE users.user_profiles;
DROP TABLE users.users;
DROP TYPE users.attempt_scope;
DROP TYPE users.email_token_kind;
DROP TYPE users.session_end_reason;
DROP TYPE users.theme;
DROP TYPE users.curator_status;
DROP TYPE users.subscription_change_reason;
DROP TYPE users.investing_experience;
DROP TYPE users.risk_tolerance;
DROP TYPE users.subscription_tier;
DROP TYPE users.user_status;
DROP SCHEMA users;
