-- Portfolios: how a portfolio is kept near a basket's weights, and what it was worth day by day.

CREATE TYPE portfolios.rebalance_calendar AS ENUM ('none', 'monthly', 'quarterly', 'yearly');
CREATE TYPE portfolios.rebalance_trigger AS ENUM ('drift', 'calendar', 'weights', 'manual');
CREATE TYPE portfolios.rebalance_status AS ENUM ('planned', 'running', 'completed', 'cancelled', 'failed');
CREATE TYPE portfolios.order_side AS ENUM ('buy', 'sell');
CREATE TYPE portfolios.rebalance_order_status AS ENUM (
    'planned', 'executing', 'completed', 'skipped', 'cancelled', 'failed');
CREATE TYPE portfolios.rebalance_skip_reason AS ENUM (
    'below_minimum', 'no_price', 'stale_price', 'no_cash', 'not_fractionable', 'inactive');

CREATE TABLE portfolios.basket_subscriptions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    basket_id uuid NOT NULL,
    drift_absolute numeric(7,4),
    drift_relative numeric(7,4),
    calendar portfolios.rebalance_calendar NOT NULL,
    minimum_order numeric(18,8) NOT NULL,
    currency text NOT NULL,
    cooldown_days int NOT NULL,
    paused_at timestamptz,
    last_rebalanced_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT basket_subscriptions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT basket_subscriptions_portfolio_key UNIQUE (user_id, portfolio_id),
    CONSTRAINT basket_subscriptions_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT basket_subscriptions_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT basket_subscriptions_basket_fkey FOREIGN KEY (basket_id)
        REFERENCES portfolios.baskets (id) ON DELETE RESTRICT,
    CONSTRAINT basket_subscriptions_drift_absolute_check CHECK (drift_absolute > 0 AND drift_absolute <= 100),
    CONSTRAINT basket_subscriptions_drift_relative_check CHECK (drift_relative > 0 AND drift_relative <= 100),
    CONSTRAINT basket_subscriptions_minimum_order_check CHECK (minimum_order >= 0),
    CONSTRAINT basket_subscriptions_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT basket_subscriptions_cooldown_days_check CHECK (cooldown_days BETWEEN 0 AND 365),
    CONSTRAINT basket_subscriptions_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE portfolios.basket_subscriptions IS
    'A portfolio that follows a basket: it is brought back to the weights.';
COMMENT ON COLUMN portfolios.basket_subscriptions.drift_absolute IS
    'Percentage points that a holding may be off its weight; NULL for no such band.';
COMMENT ON COLUMN portfolios.basket_subscriptions.drift_relative IS
    'Percent of its weight that a holding may be off; NULL for no such band.';
COMMENT ON COLUMN portfolios.basket_subscriptions.minimum_order IS
    'An order below it is skipped, with that as its reason.';
COMMENT ON COLUMN portfolios.basket_subscriptions.currency IS 'Of minimum_order. swift:Currency';
COMMENT ON COLUMN portfolios.basket_subscriptions.cooldown_days IS
    'Calendar days between runs; new weights override it.';
COMMENT ON CONSTRAINT basket_subscriptions_portfolio_key ON portfolios.basket_subscriptions IS
    'A portfolio follows one basket: the weights of two would pull at the same holdings.';
CREATE INDEX basket_subscriptions_basket_idx ON portfolios.basket_subscriptions (basket_id);

CREATE TABLE portfolios.rebalance_runs (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    basket_id uuid NOT NULL,
    basket_version int NOT NULL,
    trigger portfolios.rebalance_trigger NOT NULL,
    status portfolios.rebalance_status NOT NULL,
    plan jsonb NOT NULL,
    resumes uuid,
    started_at timestamptz,
    ended_at timestamptz,
    failure_reason text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT rebalance_runs_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT rebalance_runs_portfolio_key UNIQUE (user_id, portfolio_id, id),
    CONSTRAINT rebalance_runs_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT rebalance_runs_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT rebalance_runs_basket_fkey FOREIGN KEY (basket_id, basket_version)
        REFERENCES portfolios.basket_versions (basket_id, version) ON DELETE RESTRICT,
    CONSTRAINT rebalance_runs_resumes_fkey FOREIGN KEY (user_id, portfolio_id, resumes)
        REFERENCES portfolios.rebalance_runs (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT rebalance_runs_plan_check CHECK (jsonb_typeof(plan) = 'object' AND octet_length(plan::text) <= 131072),
    CONSTRAINT rebalance_runs_resumes_check CHECK (resumes <> id),
    CONSTRAINT rebalance_runs_started_at_check CHECK (
        CASE WHEN status IN ('running', 'completed') THEN started_at IS NOT NULL
            WHEN status = 'planned' THEN started_at IS NULL ELSE true END),
    CONSTRAINT rebalance_runs_ended_at_check CHECK (
        (status IN ('completed', 'cancelled', 'failed')) = (ended_at IS NOT NULL) AND ended_at >= started_at),
    CONSTRAINT rebalance_runs_failure_reason_check CHECK (
        (status = 'failed') = (failure_reason IS NOT NULL) AND char_length(failure_reason) BETWEEN 1 AND 500),
    CONSTRAINT rebalance_runs_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE portfolios.rebalance_runs IS 'One time that a portfolio is brought back to a basket''s weights.';
COMMENT ON COLUMN portfolios.rebalance_runs.plan IS
    'What was seen before it ran: values, weights, prices with their times, and orders. Amounts in it are strings.';
COMMENT ON COLUMN portfolios.rebalance_runs.resumes IS 'The cancelled run that this one goes on with.';
CREATE UNIQUE INDEX rebalance_runs_open_key ON portfolios.rebalance_runs (user_id, portfolio_id)
    WHERE status IN ('planned', 'running');
COMMENT ON INDEX portfolios.rebalance_runs_open_key IS 'One run at a time for a portfolio.';
CREATE UNIQUE INDEX rebalance_runs_resumes_key ON portfolios.rebalance_runs (user_id, portfolio_id, resumes)
    WHERE resumes IS NOT NULL;
CREATE INDEX rebalance_runs_basket_idx ON portfolios.rebalance_runs (basket_id, basket_version);

CREATE TABLE portfolios.rebalance_orders (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    run_id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    side portfolios.order_side NOT NULL,
    amount numeric(18,8) NOT NULL,
    currency text NOT NULL,
    status portfolios.rebalance_order_status NOT NULL,
    skip_reason portfolios.rebalance_skip_reason,
    transaction_id uuid,
    failure_reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT rebalance_orders_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT rebalance_orders_run_key UNIQUE (user_id, portfolio_id, run_id, instrument_id),
    CONSTRAINT rebalance_orders_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT rebalance_orders_run_fkey FOREIGN KEY (user_id, portfolio_id, run_id)
        REFERENCES portfolios.rebalance_runs (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT rebalance_orders_transaction_fkey FOREIGN KEY (user_id, portfolio_id, transaction_id)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT rebalance_orders_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE RESTRICT,
    CONSTRAINT rebalance_orders_amount_check CHECK (amount > 0),
    CONSTRAINT rebalance_orders_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT rebalance_orders_skip_reason_check CHECK ((status = 'skipped') = (skip_reason IS NOT NULL)),
    CONSTRAINT rebalance_orders_transaction_check CHECK ((status = 'completed') = (transaction_id IS NOT NULL)),
    CONSTRAINT rebalance_orders_failure_reason_check CHECK (
        (status = 'failed') = (failure_reason IS NOT NULL) AND char_length(failure_reason) BETWEEN 1 AND 500)
);
COMMENT ON TABLE portfolios.rebalance_orders IS
    'An order of a run: sells settle before buys, and an instrument has one.';
COMMENT ON COLUMN portfolios.rebalance_orders.amount IS 'The value to sell or to buy, before fees.';
COMMENT ON COLUMN portfolios.rebalance_orders.currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN portfolios.rebalance_orders.transaction_id IS 'What came of it.';
CREATE INDEX rebalance_orders_transaction_idx
    ON portfolios.rebalance_orders (user_id, portfolio_id, transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX rebalance_orders_instrument_idx ON portfolios.rebalance_orders (instrument_id);

CREATE TABLE portfolios.portfolio_snapshots (
    user_id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    day date NOT NULL,
    currency text NOT NULL,
    value numeric(18,8) NOT NULL,
    net_invested numeric(18,8) NOT NULL,
    cash numeric(18,8) NOT NULL,
    has_stale_prices boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT portfolio_snapshots_pkey PRIMARY KEY (user_id, portfolio_id, day),
    CONSTRAINT portfolio_snapshots_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT portfolio_snapshots_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT portfolio_snapshots_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT portfolio_snapshots_value_check CHECK (value >= cash),
    CONSTRAINT portfolio_snapshots_cash_check CHECK (cash >= 0)
);
COMMENT ON TABLE portfolios.portfolio_snapshots IS
    'What a portfolio was worth at a day''s close. Derived: a transaction in the past makes the days after it anew.';
COMMENT ON COLUMN portfolios.portfolio_snapshots.currency IS
    'The portfolio''s base currency, of all three amounts. swift:Currency';
COMMENT ON COLUMN portfolios.portfolio_snapshots.value IS 'Holdings and cash, rounded half-even to 8 decimals.';
COMMENT ON COLUMN portfolios.portfolio_snapshots.net_invested IS
    'Deposits and transfers in, less what was taken out, up to the day: below zero when more was taken than put in.';
COMMENT ON COLUMN portfolios.portfolio_snapshots.has_stale_prices IS
    'True where the last traded price of a holding stood in.';

-- As for the other large tables of a portfolio: see the migration that made them.
CREATE STATISTICS portfolios.portfolio_snapshots_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.portfolio_snapshots;

ALTER TABLE portfolios.basket_subscriptions ENABLE ROW LEVEL SECURITY;
CREATE POLICY basket_subscriptions_owner ON portfolios.basket_subscriptions TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY basket_subscriptions_worker ON portfolios.basket_subscriptions FOR SELECT TO portfolios_worker
    USING (true);
ALTER TABLE portfolios.rebalance_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY rebalance_runs_owner ON portfolios.rebalance_runs TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY rebalance_runs_worker ON portfolios.rebalance_runs FOR SELECT TO portfolios_worker USING (true);
ALTER TABLE portfolios.rebalance_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY rebalance_orders_owner ON portfolios.rebalance_orders TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.portfolio_snapshots ENABLE ROW LEVEL SECURITY;
CREATE POLICY portfolio_snapshots_owner ON portfolios.portfolio_snapshots TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
-- Who has portfolios to value at the end of a day.
CREATE POLICY portfolios_worker ON portfolios.portfolios FOR SELECT TO portfolios_worker USING (true);
