-- Automation: investing at a rhythm, and the change of card purchases.

CREATE SCHEMA automation;

CREATE TYPE automation.frequency AS ENUM ('daily', 'weekly', 'biweekly', 'monthly', 'quarterly');
CREATE TYPE automation.catch_up AS ENUM ('skip', 'once', 'all');
COMMENT ON TYPE automation.catch_up IS 'What becomes of dates that passed while nobody could run them.';
CREATE TYPE automation.rule_status AS ENUM ('active', 'paused', 'ended');
CREATE TYPE automation.auto_invest_run_status AS ENUM ('requested', 'completed', 'failed', 'skipped');
CREATE TYPE automation.spending_source_kind AS ENUM ('card', 'bank');
CREATE TYPE automation.spending_source_status AS ENUM ('active', 'paused', 'revoked');
CREATE TYPE automation.purchase_status AS ENUM ('pending', 'posted', 'refunded');
CREATE TYPE automation.whole_dollar AS ENUM ('none', 'one');
COMMENT ON TYPE automation.whole_dollar IS
    'What a purchase of a whole amount adds: nothing, or one unit of the currency.';
CREATE TYPE automation.round_up_entry_status AS ENUM ('pending', 'pooled', 'reversed');
CREATE TYPE automation.round_up_pool_status AS ENUM ('open', 'requested', 'completed', 'failed');

CREATE TABLE automation.auto_invest_rules (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    basket_id uuid,
    instrument_id uuid,
    amount numeric(38,18) NOT NULL,
    currency text NOT NULL,
    frequency automation.frequency NOT NULL,
    anchor_day smallint,
    time_zone text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    catch_up automation.catch_up NOT NULL,
    monthly_cap numeric(38,18),
    status automation.rule_status NOT NULL,
    next_nominal_date date,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT auto_invest_rules_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT auto_invest_rules_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT auto_invest_rules_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT auto_invest_rules_basket_fkey FOREIGN KEY (basket_id)
        REFERENCES portfolios.baskets (id) ON DELETE RESTRICT,
    CONSTRAINT auto_invest_rules_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE RESTRICT,
    CONSTRAINT auto_invest_rules_target_check CHECK (num_nonnulls(basket_id, instrument_id) = 1),
    CONSTRAINT auto_invest_rules_amount_check CHECK (amount > 0),
    CONSTRAINT auto_invest_rules_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT auto_invest_rules_anchor_day_check CHECK (
        CASE WHEN frequency = 'daily' THEN anchor_day IS NULL
            WHEN frequency IN ('weekly', 'biweekly') THEN anchor_day IS NOT NULL AND anchor_day BETWEEN 1 AND 7
            ELSE anchor_day IS NOT NULL AND anchor_day BETWEEN 1 AND 31 END),
    CONSTRAINT auto_invest_rules_time_zone_check CHECK (time_zone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    CONSTRAINT auto_invest_rules_ends_on_check CHECK (starts_on <= ends_on),
    CONSTRAINT auto_invest_rules_monthly_cap_check CHECK (monthly_cap >= amount),
    CONSTRAINT auto_invest_rules_next_nominal_date_check CHECK (
        (status = 'ended') = (next_nominal_date IS NULL) AND next_nominal_date >= starts_on
        AND (ends_on IS NULL OR next_nominal_date <= ends_on)),
    CONSTRAINT auto_invest_rules_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE automation.auto_invest_rules IS 'An amount that goes into a basket or an instrument at a rhythm.';
COMMENT ON COLUMN automation.auto_invest_rules.currency IS 'Of the amount and the cap. swift:Currency';
COMMENT ON COLUMN automation.auto_invest_rules.anchor_day IS
    'Day of the month, or of the ISO week, and kept: 31 gives 28 in February, 31 in March. Quarters are from starts_on.';
COMMENT ON COLUMN automation.auto_invest_rules.time_zone IS 'IANA name: where the date begins.';
COMMENT ON COLUMN automation.auto_invest_rules.monthly_cap IS
    'What may go out in a calendar month; a date that would pass it is skipped.';
COMMENT ON COLUMN automation.auto_invest_rules.next_nominal_date IS
    'The next date of the rhythm, whatever day it is carried out on.';
CREATE INDEX auto_invest_rules_portfolio_idx ON automation.auto_invest_rules (user_id, portfolio_id, id);
CREATE INDEX auto_invest_rules_basket_idx ON automation.auto_invest_rules (basket_id) WHERE basket_id IS NOT NULL;
CREATE INDEX auto_invest_rules_instrument_idx ON automation.auto_invest_rules (instrument_id)
    WHERE instrument_id IS NOT NULL;
CREATE INDEX auto_invest_rules_due_idx ON automation.auto_invest_rules (next_nominal_date, user_id, id)
    WHERE status = 'active';

CREATE TABLE automation.auto_invest_runs (
    user_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    nominal_date date NOT NULL,
    status automation.auto_invest_run_status NOT NULL,
    amount numeric(38,18) NOT NULL,
    currency text NOT NULL,
    executed_at timestamptz,
    basket_investment_id uuid,
    transaction_id uuid,
    reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT auto_invest_runs_pkey PRIMARY KEY (user_id, rule_id, nominal_date),
    CONSTRAINT auto_invest_runs_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT auto_invest_runs_rule_fkey FOREIGN KEY (user_id, rule_id)
        REFERENCES automation.auto_invest_rules (user_id, id) ON DELETE CASCADE,
    CONSTRAINT auto_invest_runs_basket_investment_fkey FOREIGN KEY (user_id, basket_investment_id)
        REFERENCES portfolios.basket_investments (user_id, id) ON DELETE CASCADE,
    CONSTRAINT auto_invest_runs_transaction_fkey FOREIGN KEY (user_id, transaction_id)
        REFERENCES portfolios.transactions (user_id, id) ON DELETE CASCADE,
    CONSTRAINT auto_invest_runs_amount_check CHECK (amount > 0),
    CONSTRAINT auto_invest_runs_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT auto_invest_runs_executed_at_check CHECK ((status = 'completed') = (executed_at IS NOT NULL)),
    CONSTRAINT auto_invest_runs_result_check CHECK (
        num_nonnulls(basket_investment_id, transaction_id) = CASE status WHEN 'completed' THEN 1 ELSE 0 END),
    CONSTRAINT auto_invest_runs_reason_check CHECK (
        (status IN ('failed', 'skipped')) = (reason IS NOT NULL) AND char_length(reason) BETWEEN 1 AND 500)
);
COMMENT ON TABLE automation.auto_invest_runs IS 'A date of a rule, carried out once, whatever day that is.';
COMMENT ON COLUMN automation.auto_invest_runs.currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN automation.auto_invest_runs.transaction_id IS 'The buy, where the rule''s target is an instrument.';
CREATE INDEX auto_invest_runs_basket_investment_idx
    ON automation.auto_invest_runs (user_id, basket_investment_id) WHERE basket_investment_id IS NOT NULL;
CREATE INDEX auto_invest_runs_transaction_idx
    ON automation.auto_invest_runs (user_id, transaction_id) WHERE transaction_id IS NOT NULL;

CREATE TABLE automation.spending_sources (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind automation.spending_source_kind NOT NULL,
    provider text NOT NULL,
    external_id text NOT NULL,
    name text NOT NULL,
    sealed_webhook_secret bytea NOT NULL,
    status automation.spending_source_status NOT NULL,
    last_event_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT spending_sources_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT spending_sources_external_key UNIQUE (user_id, provider, external_id),
    CONSTRAINT spending_sources_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT spending_sources_provider_check CHECK (provider ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT spending_sources_external_id_check CHECK (char_length(external_id) BETWEEN 1 AND 200),
    CONSTRAINT spending_sources_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT spending_sources_sealed_webhook_secret_check CHECK (
        octet_length(sealed_webhook_secret) BETWEEN 29 AND 1024),
    CONSTRAINT spending_sources_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE automation.spending_sources IS 'A card or bank account whose purchases arrive by webhook.';
COMMENT ON COLUMN automation.spending_sources.external_id IS
    'The provider''s own id of the account, never a card number.';
COMMENT ON COLUMN automation.spending_sources.sealed_webhook_secret IS
    'AES-256-GCM under the service''s sealing key, bound to the id.';

CREATE TABLE automation.purchases (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    source_id uuid NOT NULL,
    external_id text NOT NULL,
    amount numeric(38,18) NOT NULL,
    currency text NOT NULL,
    merchant text NOT NULL,
    status automation.purchase_status NOT NULL,
    purchased_at timestamptz NOT NULL,
    posted_at timestamptz,
    refunded_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT purchases_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT purchases_external_key UNIQUE (user_id, source_id, external_id),
    CONSTRAINT purchases_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT purchases_source_fkey FOREIGN KEY (user_id, source_id)
        REFERENCES automation.spending_sources (user_id, id) ON DELETE CASCADE,
    CONSTRAINT purchases_external_id_check CHECK (char_length(external_id) BETWEEN 1 AND 200),
    CONSTRAINT purchases_amount_check CHECK (amount > 0),
    CONSTRAINT purchases_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT purchases_merchant_check CHECK (char_length(merchant) BETWEEN 1 AND 200),
    CONSTRAINT purchases_posted_at_check CHECK (
        CASE status WHEN 'pending' THEN posted_at IS NULL WHEN 'posted' THEN posted_at IS NOT NULL ELSE true END),
    CONSTRAINT purchases_refunded_at_check CHECK ((status = 'refunded') = (refunded_at IS NOT NULL))
);
COMMENT ON TABLE automation.purchases IS
    'A purchase with a card. First pending and then posted, it is one row and counts once.';
COMMENT ON COLUMN automation.purchases.currency IS 'ISO 4217 code. swift:Currency';
CREATE INDEX purchases_purchased_at_idx ON automation.purchases (user_id, purchased_at, id);

CREATE TABLE automation.round_up_rules (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    basket_id uuid,
    instrument_id uuid,
    currency text NOT NULL,
    multiplier smallint NOT NULL,
    threshold numeric(38,18) NOT NULL,
    whole_dollar automation.whole_dollar NOT NULL,
    monthly_cap numeric(38,18),
    status automation.rule_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT round_up_rules_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT round_up_rules_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT round_up_rules_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT round_up_rules_basket_fkey FOREIGN KEY (basket_id)
        REFERENCES portfolios.baskets (id) ON DELETE RESTRICT,
    CONSTRAINT round_up_rules_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE RESTRICT,
    CONSTRAINT round_up_rules_target_check CHECK (num_nonnulls(basket_id, instrument_id) = 1),
    CONSTRAINT round_up_rules_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT round_up_rules_multiplier_check CHECK (multiplier IN (1, 2, 3, 10)),
    CONSTRAINT round_up_rules_threshold_check CHECK (threshold > 0),
    CONSTRAINT round_up_rules_monthly_cap_check CHECK (monthly_cap > 0),
    CONSTRAINT round_up_rules_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE automation.round_up_rules IS
    'Rounds purchases of every source up to the next whole unit, and invests the pool when it reaches the threshold.';
COMMENT ON COLUMN automation.round_up_rules.currency IS
    'Of threshold and cap, and of the purchases that it rounds. swift:Currency';
COMMENT ON COLUMN automation.round_up_rules.multiplier IS 'Times the change.';
COMMENT ON COLUMN automation.round_up_rules.threshold IS 'At it the whole pool moves.';
COMMENT ON COLUMN automation.round_up_rules.monthly_cap IS
    'What may be rounded up in a calendar month; NULL for no cap.';
CREATE INDEX round_up_rules_portfolio_idx ON automation.round_up_rules (user_id, portfolio_id);
CREATE INDEX round_up_rules_basket_idx ON automation.round_up_rules (basket_id) WHERE basket_id IS NOT NULL;
CREATE INDEX round_up_rules_instrument_idx ON automation.round_up_rules (instrument_id) WHERE instrument_id IS NOT NULL;

CREATE TABLE automation.round_up_pools (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    rule_id uuid NOT NULL,
    number int NOT NULL,
    total numeric(38,18) NOT NULL,
    status automation.round_up_pool_status NOT NULL,
    requested_at timestamptz,
    completed_at timestamptz,
    basket_investment_id uuid,
    transaction_id uuid,
    reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT round_up_pools_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT round_up_pools_number_key UNIQUE (user_id, rule_id, number),
    CONSTRAINT round_up_pools_rule_key UNIQUE (user_id, rule_id, id),
    CONSTRAINT round_up_pools_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT round_up_pools_rule_fkey FOREIGN KEY (user_id, rule_id)
        REFERENCES automation.round_up_rules (user_id, id) ON DELETE CASCADE,
    CONSTRAINT round_up_pools_basket_investment_fkey FOREIGN KEY (user_id, basket_investment_id)
        REFERENCES portfolios.basket_investments (user_id, id) ON DELETE CASCADE,
    CONSTRAINT round_up_pools_transaction_fkey FOREIGN KEY (user_id, transaction_id)
        REFERENCES portfolios.transactions (user_id, id) ON DELETE CASCADE,
    CONSTRAINT round_up_pools_number_check CHECK (number >= 1),
    CONSTRAINT round_up_pools_total_check CHECK (total >= 0 AND (total > 0 OR status = 'open')),
    CONSTRAINT round_up_pools_requested_at_check CHECK ((status = 'open') = (requested_at IS NULL)),
    CONSTRAINT round_up_pools_completed_at_check CHECK (
        (status = 'completed') = (completed_at IS NOT NULL) AND completed_at >= requested_at),
    CONSTRAINT round_up_pools_result_check CHECK (
        num_nonnulls(basket_investment_id, transaction_id) = CASE status WHEN 'completed' THEN 1 ELSE 0 END),
    CONSTRAINT round_up_pools_reason_check CHECK (
        (status = 'failed') = (reason IS NOT NULL) AND char_length(reason) BETWEEN 1 AND 500)
);
COMMENT ON TABLE automation.round_up_pools IS
    'Change that is invested together. A rule''s pools are numbered, and one is open.';
COMMENT ON COLUMN automation.round_up_pools.total IS 'The sum of its entries, in the rule''s currency.';
COMMENT ON CONSTRAINT round_up_pools_rule_key ON automation.round_up_pools IS
    'For the foreign key of entries, which lie in a pool of their own rule.';
CREATE UNIQUE INDEX round_up_pools_open_key ON automation.round_up_pools (user_id, rule_id) WHERE status = 'open';
CREATE INDEX round_up_pools_open_idx ON automation.round_up_pools (created_at, user_id, id)
    WHERE status = 'open' AND total > 0;
COMMENT ON INDEX automation.round_up_pools_open_idx IS
    'Pools that move once a day although they are below the threshold.';
CREATE INDEX round_up_pools_basket_investment_idx
    ON automation.round_up_pools (user_id, basket_investment_id) WHERE basket_investment_id IS NOT NULL;
CREATE INDEX round_up_pools_transaction_idx
    ON automation.round_up_pools (user_id, transaction_id) WHERE transaction_id IS NOT NULL;

CREATE TABLE automation.round_up_entries (
    user_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    amount numeric(38,18) NOT NULL,
    status automation.round_up_entry_status NOT NULL,
    pool_id uuid,
    reversed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT round_up_entries_pkey PRIMARY KEY (user_id, rule_id, purchase_id),
    CONSTRAINT round_up_entries_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT round_up_entries_rule_fkey FOREIGN KEY (user_id, rule_id)
        REFERENCES automation.round_up_rules (user_id, id) ON DELETE CASCADE,
    CONSTRAINT round_up_entries_purchase_fkey FOREIGN KEY (user_id, purchase_id)
        REFERENCES automation.purchases (user_id, id) ON DELETE CASCADE,
    CONSTRAINT round_up_entries_pool_fkey FOREIGN KEY (user_id, rule_id, pool_id)
        REFERENCES automation.round_up_pools (user_id, rule_id, id) ON DELETE CASCADE,
    CONSTRAINT round_up_entries_amount_check CHECK (amount >= 0),
    CONSTRAINT round_up_entries_pool_check CHECK (
        CASE status WHEN 'pending' THEN pool_id IS NULL WHEN 'pooled' THEN pool_id IS NOT NULL ELSE true END),
    CONSTRAINT round_up_entries_reversed_at_check CHECK ((status = 'reversed') = (reversed_at IS NOT NULL))
);
COMMENT ON TABLE automation.round_up_entries IS 'The change of one purchase under one rule: it counts once.';
COMMENT ON COLUMN automation.round_up_entries.amount IS
    'Times the multiplier; 0 where the cap or a whole amount left nothing. In minor units of the rule''s currency.';
COMMENT ON COLUMN automation.round_up_entries.status IS
    'A refund reverses what is pending, or in a pool that is still open.';
CREATE INDEX round_up_entries_purchase_idx ON automation.round_up_entries (user_id, purchase_id, rule_id);
CREATE INDEX round_up_entries_pool_idx
    ON automation.round_up_entries (user_id, rule_id, pool_id, purchase_id) WHERE pool_id IS NOT NULL;
CREATE INDEX round_up_entries_created_at_idx ON automation.round_up_entries (user_id, rule_id, created_at);
COMMENT ON INDEX automation.round_up_entries_created_at_idx IS 'For the sum of a month, which the cap limits.';

ALTER TABLE automation.auto_invest_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY auto_invest_rules_owner ON automation.auto_invest_rules TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY auto_invest_rules_worker ON automation.auto_invest_rules FOR SELECT TO automation_worker USING (true);
ALTER TABLE automation.auto_invest_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY auto_invest_runs_owner ON automation.auto_invest_runs TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE automation.spending_sources ENABLE ROW LEVEL SECURITY;
CREATE POLICY spending_sources_owner ON automation.spending_sources TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE automation.purchases ENABLE ROW LEVEL SECURITY;
CREATE POLICY purchases_owner ON automation.purchases TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE automation.round_up_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY round_up_rules_owner ON automation.round_up_rules TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE automation.round_up_pools ENABLE ROW LEVEL SECURITY;
CREATE POLICY round_up_pools_owner ON automation.round_up_pools TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY round_up_pools_worker ON automation.round_up_pools FOR SELECT TO automation_worker USING (true);
ALTER TABLE automation.round_up_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY round_up_entries_owner ON automation.round_up_entries TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
