-- Trading: strategies and their backtests, orders with their executions, accounts at brokers, positions.

CREATE SCHEMA trading;

CREATE TYPE trading.strategy_kind AS ENUM (
    'buy_and_hold', 'moving_average_cross', 'mean_reversion', 'momentum', 'breakout', 'custom');
CREATE TYPE trading.strategy_status AS ENUM ('draft', 'active', 'paused', 'archived');
CREATE TYPE trading.backtest_status AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');
CREATE TYPE trading.trade_side AS ENUM ('buy', 'sell');
CREATE TYPE trading.fill_reason AS ENUM ('signal', 'stop', 'target', 'end');
CREATE TYPE trading.trading_mode AS ENUM ('paper', 'live');
COMMENT ON TYPE trading.trading_mode IS 'The two never meet in one position.';
CREATE TYPE trading.trade_source AS ENUM ('manual', 'strategy', 'congress');
CREATE TYPE trading.order_type AS ENUM ('market', 'limit', 'stop', 'stop_limit');
CREATE TYPE trading.time_in_force AS ENUM ('day', 'gtc', 'opg', 'cls', 'ioc', 'fok');
CREATE TYPE trading.trade_status AS ENUM (
    'pending', 'submitted', 'accepted', 'partially_filled', 'filled', 'settled', 'cancelled', 'rejected', 'expired',
    'failed');
COMMENT ON TYPE trading.trade_status IS 'pending is an intent that was written down before the broker was asked.';
CREATE TYPE trading.position_side AS ENUM ('long', 'short');

CREATE TABLE trading.strategies (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind trading.strategy_kind NOT NULL,
    definition jsonb NOT NULL,
    version int NOT NULL,
    status trading.strategy_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT strategies_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT strategies_name_key UNIQUE (user_id, name),
    CONSTRAINT strategies_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT strategies_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT strategies_definition_check CHECK (
        jsonb_typeof(definition) = 'object' AND octet_length(definition::text) <= 65536),
    CONSTRAINT strategies_version_check CHECK (version >= 1),
    CONSTRAINT strategies_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE trading.strategies IS 'Rules by which to trade.';
COMMENT ON COLUMN trading.strategies.definition IS
    'Symbols and parameters, read by the module''s typed rules; never code.';
COMMENT ON COLUMN trading.strategies.version IS 'Of the definition; revision grows with every change of the row.';
CREATE INDEX strategies_active_idx ON trading.strategies (user_id, id) WHERE status = 'active';

CREATE TABLE trading.backtests (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    strategy_id uuid NOT NULL,
    strategy_version int NOT NULL,
    definition jsonb NOT NULL,
    from_day date NOT NULL,
    until_day date NOT NULL,
    initial_cash numeric(38,18) NOT NULL,
    currency text NOT NULL,
    parameters jsonb NOT NULL,
    data_hash bytea,
    code_version text,
    seed bigint NOT NULL,
    status trading.backtest_status NOT NULL,
    metrics jsonb,
    error text,
    started_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT backtests_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT backtests_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT backtests_strategy_fkey FOREIGN KEY (user_id, strategy_id)
        REFERENCES trading.strategies (user_id, id) ON DELETE CASCADE,
    CONSTRAINT backtests_strategy_version_check CHECK (strategy_version >= 1),
    CONSTRAINT backtests_definition_check CHECK (jsonb_typeof(definition) = 'object'),
    CONSTRAINT backtests_until_day_check CHECK (from_day < until_day),
    CONSTRAINT backtests_initial_cash_check CHECK (initial_cash > 0),
    CONSTRAINT backtests_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT backtests_parameters_check CHECK (
        jsonb_typeof(parameters) = 'object' AND octet_length(parameters::text) <= 65536),
    CONSTRAINT backtests_data_hash_check CHECK (octet_length(data_hash) = 32),
    CONSTRAINT backtests_code_version_check CHECK (char_length(code_version) BETWEEN 1 AND 100),
    CONSTRAINT backtests_metrics_check CHECK (jsonb_typeof(metrics) = 'object'),
    CONSTRAINT backtests_result_check CHECK (
        CASE status WHEN 'succeeded' THEN num_nulls(metrics, data_hash, code_version) = 0 ELSE metrics IS NULL END),
    CONSTRAINT backtests_error_check CHECK (
        (status = 'failed') = (error IS NOT NULL) AND char_length(error) BETWEEN 1 AND 4000),
    CONSTRAINT backtests_started_at_check CHECK (
        CASE WHEN status = 'queued' THEN started_at IS NULL WHEN status = 'cancelled' THEN true
            ELSE started_at IS NOT NULL END),
    CONSTRAINT backtests_finished_at_check CHECK (
        (status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL) AND finished_at >= started_at)
);
COMMENT ON TABLE trading.backtests IS
    'A strategy held against history. With what is kept here the same run gives the same result again.';
COMMENT ON COLUMN trading.backtests.definition IS 'The strategy''s, as it was in that version.';
COMMENT ON COLUMN trading.backtests.currency IS 'ISO 4217 code, of every amount of the run. swift:Currency';
COMMENT ON COLUMN trading.backtests.parameters IS 'Costs, slippage and fill rules.';
COMMENT ON COLUMN trading.backtests.data_hash IS 'SHA-256 over the bars that were read, in their order.';
COMMENT ON COLUMN trading.backtests.code_version IS 'The revision of the program that ran it.';
COMMENT ON COLUMN trading.backtests.seed IS 'Of every random number of the run.';
COMMENT ON COLUMN trading.backtests.metrics IS 'By name, each a decimal as a string, or null where it does not exist.';
CREATE INDEX backtests_strategy_idx ON trading.backtests (user_id, strategy_id, id);
CREATE INDEX backtests_queued_idx ON trading.backtests (created_at, user_id, id) WHERE status = 'queued';

CREATE TABLE trading.backtest_trades (
    user_id uuid NOT NULL,
    backtest_id uuid NOT NULL,
    number int NOT NULL,
    symbol text NOT NULL,
    side trading.trade_side NOT NULL,
    reason trading.fill_reason NOT NULL,
    quantity numeric(38,18) NOT NULL,
    price numeric(38,18) NOT NULL,
    commission numeric(38,18) NOT NULL,
    realized_gain numeric(38,18),
    signalled_on date NOT NULL,
    filled_on date NOT NULL,
    CONSTRAINT backtest_trades_pkey PRIMARY KEY (user_id, backtest_id, number),
    CONSTRAINT backtest_trades_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT backtest_trades_backtest_fkey FOREIGN KEY (user_id, backtest_id)
        REFERENCES trading.backtests (user_id, id) ON DELETE CASCADE,
    CONSTRAINT backtest_trades_number_check CHECK (number >= 1),
    CONSTRAINT backtest_trades_symbol_check CHECK (char_length(symbol) BETWEEN 1 AND 20 AND symbol = btrim(symbol)),
    CONSTRAINT backtest_trades_quantity_check CHECK (quantity > 0),
    CONSTRAINT backtest_trades_price_check CHECK (price > 0),
    CONSTRAINT backtest_trades_commission_check CHECK (commission >= 0),
    CONSTRAINT backtest_trades_filled_on_check CHECK (
        CASE reason WHEN 'signal' THEN filled_on > signalled_on ELSE filled_on >= signalled_on END)
);
COMMENT ON TABLE trading.backtest_trades IS 'A simulated fill, in the order of number. Insert only.';
COMMENT ON COLUMN trading.backtest_trades.price IS 'With slippage, before commission.';
COMMENT ON COLUMN trading.backtest_trades.realized_gain IS 'After commissions; NULL for a fill that only opens.';
COMMENT ON CONSTRAINT backtest_trades_filled_on_check ON trading.backtest_trades IS
    'No look-ahead: a signal at a close fills at the next open at the earliest.';

CREATE TABLE trading.equity_points (
    user_id uuid NOT NULL,
    backtest_id uuid NOT NULL,
    day date NOT NULL,
    equity numeric(38,18) NOT NULL,
    cash numeric(38,18) NOT NULL,
    drawdown numeric(7,4) NOT NULL,
    CONSTRAINT equity_points_pkey PRIMARY KEY (user_id, backtest_id, day),
    CONSTRAINT equity_points_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT equity_points_backtest_fkey FOREIGN KEY (user_id, backtest_id)
        REFERENCES trading.backtests (user_id, id) ON DELETE CASCADE,
    CONSTRAINT equity_points_drawdown_check CHECK (drawdown >= 0)
);
COMMENT ON TABLE trading.equity_points IS 'What a backtest was worth at a day''s close. Insert only.';
COMMENT ON COLUMN trading.equity_points.drawdown IS
    'Percent below the highest equity so far, half-even to 4 decimals; over 100 when debts remain.';

CREATE TABLE trading.broker_accounts (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    venue text NOT NULL,
    mode trading.trading_mode NOT NULL,
    name text NOT NULL,
    sealed_credentials bytea NOT NULL,
    follows_congress boolean NOT NULL,
    notional_per_filing numeric(38,18) NOT NULL,
    daily_cap numeric(38,18),
    symbol_cap numeric(38,18),
    currency text NOT NULL,
    kill_switch_at timestamptz,
    kill_switch_reason text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT broker_accounts_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT broker_accounts_venue_key UNIQUE (user_id, venue, mode),
    CONSTRAINT broker_accounts_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT broker_accounts_venue_check CHECK (venue ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT broker_accounts_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT broker_accounts_sealed_credentials_check CHECK (octet_length(sealed_credentials) BETWEEN 29 AND 4096),
    CONSTRAINT broker_accounts_notional_per_filing_check CHECK (notional_per_filing > 0),
    CONSTRAINT broker_accounts_daily_cap_check CHECK (daily_cap > 0),
    CONSTRAINT broker_accounts_symbol_cap_check CHECK (symbol_cap > 0),
    CONSTRAINT broker_accounts_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT broker_accounts_kill_switch_check CHECK (
        (kill_switch_at IS NULL) = (kill_switch_reason IS NULL)
        AND char_length(kill_switch_reason) BETWEEN 1 AND 500),
    CONSTRAINT broker_accounts_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE trading.broker_accounts IS
    'A user''s account at a broker, and how much may be traded there by itself.';
COMMENT ON COLUMN trading.broker_accounts.venue IS 'The broker, as alpaca.';
COMMENT ON COLUMN trading.broker_accounts.sealed_credentials IS
    'AES-256-GCM under the service''s sealing key, bound to the id.';
COMMENT ON COLUMN trading.broker_accounts.notional_per_filing IS
    'What every new purchase filing is followed with; 1,000 by default.';
COMMENT ON COLUMN trading.broker_accounts.daily_cap IS 'What may be ordered in a trading day; NULL for no cap.';
COMMENT ON COLUMN trading.broker_accounts.symbol_cap IS
    'What may be ordered of a symbol in a trading day; NULL for no cap.';
COMMENT ON COLUMN trading.broker_accounts.currency IS 'Of the notional and the caps. swift:Currency';
COMMENT ON COLUMN trading.broker_accounts.kill_switch_at IS 'Since when no order leaves for this account.';
COMMENT ON CONSTRAINT broker_accounts_venue_key ON trading.broker_accounts IS
    'An order names venue and mode, and by them its account.';
CREATE INDEX broker_accounts_congress_idx ON trading.broker_accounts (user_id, id)
    WHERE follows_congress AND kill_switch_at IS NULL;

CREATE TABLE trading.trades (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    strategy_id uuid,
    venue text NOT NULL,
    mode trading.trading_mode NOT NULL,
    source trading.trade_source NOT NULL,
    source_hash bytea,
    client_order_id text,
    alpaca_order_id text,
    symbol text NOT NULL,
    side trading.trade_side NOT NULL,
    quantity numeric(38,18),
    notional numeric(38,18),
    order_type trading.order_type NOT NULL,
    time_in_force trading.time_in_force NOT NULL,
    limit_price numeric(38,18),
    stop_price numeric(38,18),
    currency text NOT NULL,
    status trading.trade_status NOT NULL,
    filled_quantity numeric(38,18) NOT NULL,
    average_price numeric(38,18),
    commission numeric(38,18) NOT NULL,
    reason text,
    submitted_at timestamptz,
    accepted_at timestamptz,
    filled_at timestamptz,
    settled_at timestamptz,
    ended_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT trades_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT trades_source_hash_key UNIQUE (user_id, source_hash),
    CONSTRAINT trades_client_order_id_key UNIQUE (user_id, client_order_id),
    CONSTRAINT trades_alpaca_order_id_key UNIQUE (user_id, alpaca_order_id),
    CONSTRAINT trades_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT trades_strategy_fkey FOREIGN KEY (user_id, strategy_id)
        REFERENCES trading.strategies (user_id, id) ON DELETE RESTRICT,
    CONSTRAINT trades_strategy_check CHECK ((source = 'strategy') = (strategy_id IS NOT NULL)),
    CONSTRAINT trades_venue_check CHECK (venue ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT trades_source_hash_check CHECK (
        (source = 'congress') = (source_hash IS NOT NULL) AND octet_length(source_hash) = 32),
    CONSTRAINT trades_client_order_id_check CHECK (char_length(client_order_id) BETWEEN 1 AND 128),
    CONSTRAINT trades_alpaca_order_id_check CHECK (char_length(alpaca_order_id) BETWEEN 1 AND 128),
    CONSTRAINT trades_symbol_check CHECK (char_length(symbol) BETWEEN 1 AND 20 AND symbol = btrim(symbol)),
    CONSTRAINT trades_size_check CHECK (num_nonnulls(quantity, notional) = 1),
    CONSTRAINT trades_quantity_check CHECK (quantity > 0),
    CONSTRAINT trades_notional_check CHECK (notional > 0),
    CONSTRAINT trades_prices_check CHECK (
        (order_type IN ('limit', 'stop_limit')) = (limit_price IS NOT NULL)
        AND (order_type IN ('stop', 'stop_limit')) = (stop_price IS NOT NULL)
        AND coalesce(limit_price > 0, true) AND coalesce(stop_price > 0, true)),
    CONSTRAINT trades_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT trades_filled_quantity_check CHECK (
        filled_quantity >= 0 AND (quantity IS NULL OR filled_quantity <= quantity)),
    CONSTRAINT trades_filled_status_check CHECK (
        CASE WHEN status IN ('pending', 'submitted', 'accepted', 'rejected') THEN filled_quantity = 0
            WHEN status = 'partially_filled' THEN filled_quantity > 0
            WHEN status IN ('filled', 'settled') THEN
                filled_quantity > 0 AND filled_quantity = coalesce(quantity, filled_quantity)
            ELSE true END),
    CONSTRAINT trades_average_price_check CHECK (
        (filled_quantity > 0) = (average_price IS NOT NULL) AND average_price > 0),
    CONSTRAINT trades_commission_check CHECK (commission >= 0),
    CONSTRAINT trades_reason_check CHECK (
        char_length(reason) BETWEEN 1 AND 1000 AND (reason IS NOT NULL OR status NOT IN ('rejected', 'failed'))),
    CONSTRAINT trades_submitted_at_check CHECK (
        CASE WHEN status = 'pending' THEN submitted_at IS NULL
            WHEN status IN ('cancelled', 'failed') THEN true
            ELSE submitted_at IS NOT NULL AND client_order_id IS NOT NULL END),
    CONSTRAINT trades_filled_at_check CHECK ((status IN ('filled', 'settled')) = (filled_at IS NOT NULL)),
    CONSTRAINT trades_settled_at_check CHECK ((status = 'settled') = (settled_at IS NOT NULL)),
    CONSTRAINT trades_ended_at_check CHECK (
        (status IN ('cancelled', 'rejected', 'expired', 'failed')) = (ended_at IS NOT NULL)),
    CONSTRAINT trades_order_check CHECK (
        coalesce(submitted_at >= created_at, true) AND coalesce(accepted_at >= submitted_at, true)
        AND coalesce(filled_at >= coalesce(accepted_at, submitted_at), true)
        AND coalesce(settled_at >= filled_at, true)
        AND coalesce(ended_at >= coalesce(accepted_at, submitted_at, created_at), true)),
    CONSTRAINT trades_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE trading.trades IS
    'An order, from the intent to its end. It is written before the broker is asked, and never deleted.';
COMMENT ON COLUMN trading.trades.source_hash IS
    'Of the filing in market.congress_trades that it follows, each of which is followed once.';
COMMENT ON COLUMN trading.trades.client_order_id IS
    'Made by us and deterministic, sent with the order: after a timeout the order is fetched by it, never sent anew.';
COMMENT ON COLUMN trading.trades.alpaca_order_id IS 'The broker''s own id.';
COMMENT ON COLUMN trading.trades.notional IS 'A value to buy or sell for, where no quantity is given.';
COMMENT ON COLUMN trading.trades.currency IS 'Of every amount of the order. swift:Currency';
COMMENT ON COLUMN trading.trades.average_price IS 'Of what was filled, as the broker tells it.';
COMMENT ON COLUMN trading.trades.commission IS 'Of all its executions.';
COMMENT ON COLUMN trading.trades.reason IS 'The broker''s, or ours, for an order that came to nothing.';
COMMENT ON COLUMN trading.trades.accepted_at IS
    'By our clock as all of these: when the answer came that told it, so that they are in order.';
COMMENT ON COLUMN trading.trades.ended_at IS 'When it ended without being filled wholly.';
COMMENT ON CONSTRAINT trades_strategy_fkey ON trading.trades IS 'A strategy that has traded is archived, not deleted.';
CREATE INDEX trades_strategy_idx ON trading.trades (user_id, strategy_id, id) WHERE strategy_id IS NOT NULL;
CREATE INDEX trades_symbol_idx ON trading.trades (user_id, symbol, id);
CREATE INDEX trades_open_idx ON trading.trades (user_id, id)
    WHERE status IN ('pending', 'submitted', 'accepted', 'partially_filled');

CREATE TABLE trading.executions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    trade_id uuid NOT NULL,
    provider_id text NOT NULL,
    quantity numeric(38,18) NOT NULL,
    price numeric(38,18) NOT NULL,
    commission numeric(38,18) NOT NULL,
    executed_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT executions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT executions_provider_id_key UNIQUE (user_id, provider_id),
    CONSTRAINT executions_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT executions_trade_fkey FOREIGN KEY (user_id, trade_id)
        REFERENCES trading.trades (user_id, id) ON DELETE CASCADE,
    CONSTRAINT executions_provider_id_check CHECK (char_length(provider_id) BETWEEN 1 AND 200),
    CONSTRAINT executions_quantity_check CHECK (quantity > 0),
    CONSTRAINT executions_price_check CHECK (price > 0),
    CONSTRAINT executions_commission_check CHECK (commission >= 0)
);
COMMENT ON TABLE trading.executions IS
    'A fill, or a part of one. Insert only: the broker may tell it twice, and it counts once.';
COMMENT ON COLUMN trading.executions.provider_id IS 'Venue and the broker''s id of the execution.';
CREATE INDEX executions_trade_idx ON trading.executions (user_id, trade_id, id);

CREATE TABLE trading.positions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    venue text NOT NULL,
    mode trading.trading_mode NOT NULL,
    strategy_id uuid,
    symbol text NOT NULL,
    side trading.position_side NOT NULL,
    quantity numeric(38,18) NOT NULL,
    average_price numeric(38,18) NOT NULL,
    realized_gain numeric(38,18) NOT NULL,
    currency text NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT positions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT positions_symbol_key UNIQUE NULLS NOT DISTINCT (user_id, venue, mode, strategy_id, symbol),
    CONSTRAINT positions_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT positions_strategy_fkey FOREIGN KEY (user_id, strategy_id)
        REFERENCES trading.strategies (user_id, id) ON DELETE RESTRICT,
    CONSTRAINT positions_venue_check CHECK (venue ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT positions_symbol_check CHECK (char_length(symbol) BETWEEN 1 AND 20 AND symbol = btrim(symbol)),
    CONSTRAINT positions_quantity_check CHECK (quantity >= 0),
    CONSTRAINT positions_average_price_check CHECK (average_price >= 0 AND (quantity > 0 OR average_price = 0)),
    CONSTRAINT positions_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT positions_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE trading.positions IS
    'The roll-up of executions, one row for each venue, mode, strategy and symbol; it stays at quantity 0 for its gains.';
COMMENT ON COLUMN trading.positions.strategy_id IS 'NULL for what was traded without one.';
COMMENT ON COLUMN trading.positions.side IS 'Of the quantity, which is never below zero.';
COMMENT ON COLUMN trading.positions.average_price IS
    'Of what is held, commissions not included; half-even to 8 decimals.';
COMMENT ON COLUMN trading.positions.realized_gain IS 'Since the beginning, after commissions.';
COMMENT ON COLUMN trading.positions.currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON CONSTRAINT positions_symbol_key ON trading.positions IS
    'NULLS NOT DISTINCT: one position without a strategy, too.';
CREATE INDEX positions_strategy_idx ON trading.positions (user_id, strategy_id, symbol, id)
    WHERE strategy_id IS NOT NULL;

-- Workers find backtests to run, orders to follow, strategies to evaluate and accounts that follow filings.
ALTER TABLE trading.strategies ENABLE ROW LEVEL SECURITY;
CREATE POLICY strategies_owner ON trading.strategies TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY strategies_worker ON trading.strategies FOR SELECT TO trading_worker USING (true);
ALTER TABLE trading.backtests ENABLE ROW LEVEL SECURITY;
CREATE POLICY backtests_owner ON trading.backtests TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY backtests_worker ON trading.backtests FOR SELECT TO trading_worker USING (true);
ALTER TABLE trading.backtest_trades ENABLE ROW LEVEL SECURITY;
CREATE POLICY backtest_trades_owner ON trading.backtest_trades TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE trading.equity_points ENABLE ROW LEVEL SECURITY;
CREATE POLICY equity_points_owner ON trading.equity_points TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE trading.broker_accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY broker_accounts_owner ON trading.broker_accounts TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY broker_accounts_worker ON trading.broker_accounts FOR SELECT TO trading_worker USING (true);
ALTER TABLE trading.trades ENABLE ROW LEVEL SECURITY;
CREATE POLICY trades_owner ON trading.trades TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY trades_worker ON trading.trades FOR SELECT TO trading_worker USING (true);
ALTER TABLE trading.executions ENABLE ROW LEVEL SECURITY;
CREATE POLICY executions_owner ON trading.executions TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE trading.positions ENABLE ROW LEVEL SECURITY;
CREATE POLICY positions_owner ON trading.positions TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
