-- Limits on what succeeds: sessions begun and passwords set of an account, and passwords hashed for an address. A
-- session that is one too many ends with a reason of its own.
ALTER TYPE users.attempt_scope ADD VALUE 'password_address';
ALTER TYPE users.attempt_scope ADD VALUE 'session_account';
ALTER TYPE users.attempt_scope ADD VALUE 'password_change_account';
ALTER TYPE users.session_end_reason ADD VALUE 'session_limit';
