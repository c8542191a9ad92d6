-- name: insertBrokerAccount :one
-- An account at a broker. A second one of a venue and mode violates `broker_accounts_venue_key`.
INSERT INTO trading.broker_accounts (
    user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, revision, created_at, updated_at)
VALUES (
    :user_id, :broker_account_id, :venue, :mode, :name, :sealed_credentials, :follows_congress,
    :notional_per_filing, :daily_cap, :symbol_cap, :currency, 1, :now, :now)
RETURNING user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at;

-- name: findBrokerAccount :optional
-- An account by its id.
SELECT user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at
FROM trading.broker_accounts
WHERE user_id = :user_id AND id = :broker_account_id;

-- name: findBrokerAccountOfVenue :optional
-- The account of a venue and mode, which an order goes through.
SELECT user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at
FROM trading.broker_accounts
WHERE user_id = :user_id AND venue = :venue AND mode = :mode;

-- name: lockBrokerAccount :optional
-- The same, held until the transaction ends: caps and kill switch stand while an order is written.
SELECT user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at
FROM trading.broker_accounts
WHERE user_id = :user_id AND venue = :venue AND mode = :mode
FOR NO KEY UPDATE;

-- name: listBrokerAccounts :many
-- A page of a user's accounts.
-- param: after_id BrokerAccount.ID
SELECT user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at
FROM trading.broker_accounts
WHERE user_id = :user_id AND id > :after_id
ORDER BY id
LIMIT :row_limit;

-- name: listFollowingAccounts :many
-- A page of the accounts that follow filings.
-- role: worker
-- param: after_user_id User.ID
-- param: after_id BrokerAccount.ID
SELECT user_id, id, venue, mode
FROM trading.broker_accounts
WHERE follows_congress AND kill_switch_at IS NULL AND (user_id, id) > (:after_user_id, :after_id)
ORDER BY user_id, id
LIMIT :row_limit;

-- name: updateBrokerAccount :optional
-- Other limits, if the revision is still the one that was read.
UPDATE trading.broker_accounts
SET name = :name, follows_congress = :follows_congress, notional_per_filing = :notional_per_filing,
    daily_cap = :daily_cap, symbol_cap = :symbol_cap, currency = :currency, revision = revision + 1,
    updated_at = :now
WHERE user_id = :user_id AND id = :broker_account_id AND revision = :revision
RETURNING user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at;

-- name: replaceCredentials :count
-- Other credentials.
UPDATE trading.broker_accounts
SET sealed_credentials = :sealed_credentials, revision = revision + 1, updated_at = :now
WHERE user_id = :user_id AND id = :broker_account_id;

-- name: setKillSwitch :optional
-- Nothing leaves any more; with no moment, it does again.
UPDATE trading.broker_accounts
SET kill_switch_at = :kill_switch_at, kill_switch_reason = :kill_switch_reason, revision = revision + 1,
    updated_at = :now
WHERE user_id = :user_id AND id = :broker_account_id
RETURNING user_id, id, venue, mode, name, sealed_credentials, follows_congress, notional_per_filing, daily_cap,
    symbol_cap, currency, kill_switch_at, kill_switch_reason, revision, created_at, updated_at;

-- name: deleteBrokerAccount :count
-- Forgets an account and its credentials; its trades stay.
DELETE FROM trading.broker_accounts
WHERE user_id = :user_id AND id = :broker_account_id;
