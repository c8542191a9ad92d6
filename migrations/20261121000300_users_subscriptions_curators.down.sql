-- Loses every row of users.subscription_changes, users.curator_profiles.

DROP TABLE users.curator_profiles;
DROP TABLE users.subscription_changes;
DROP TYPE users.curator_status;
DROP TYPE users.subscription_change_reason;
