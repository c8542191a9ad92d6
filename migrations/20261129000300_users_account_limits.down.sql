-- A value cannot be dropped, so the types are made anew as they were. The counters of the new scopes go, and sessions
-- that the limit ended were ended by their user.
DELETE FROM users.login_attempts WHERE scope IN ('password_address', 'session_account', 'password_change_account');
UPDATE users.sessions SET end_reason = 'ended_by_user' WHERE end_reason = 'session_limit';

ALTER TYPE users.attempt_scope RENAME TO attempt_scope_wide;
CREATE TYPE users.attempt_scope AS ENUM (
    'login_account', 'login_address', 'registration_address', 'email_account', 'email_address');
ALTER TABLE users.login_attempts ALTER COLUMN scope TYPE users.attempt_scope USING scope::text::users.attempt_scope;
DROP TYPE users.attempt_scope_wide;

ALTER TYPE users.session_end_reason RENAME TO session_end_reason_wide;
CREATE TYPE users.session_end_reason AS ENUM (
    'logged_out', 'ended_by_user', 'password_changed', 'password_reset', 'refresh_token_reused', 'account_closed');
ALTER TABLE users.sessions
    ALTER COLUMN end_reason TYPE users.session_end_reason USING end_reason::text::users.session_end_reason;
DROP TYPE users.session_end_reason_wide;
