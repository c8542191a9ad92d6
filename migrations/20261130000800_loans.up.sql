-- Loans: money lent against a portfolio: products, applications, loans with their schedule, accruals, payments, and
-- what happens when the collateral falls.

CREATE SCHEMA loans;

CREATE TYPE loans.day_count AS ENUM ('act_360', 'act_365f', 'thirty_360', 'act_act_isda');
COMMENT ON TYPE loans.day_count IS 'thirty_360 is 30/360; act_365f divides by 365 in leap years too.';
CREATE TYPE loans.loan_product_status AS ENUM ('draft', 'active', 'retired');
CREATE TYPE loans.loan_application_status AS ENUM (
    'draft', 'submitted', 'approved', 'declined', 'withdrawn', 'expired');
CREATE TYPE loans.loan_status AS ENUM (
    'approved', 'active', 'in_arrears', 'paid_off', 'liquidated', 'written_off', 'cancelled');
COMMENT ON TYPE loans.loan_status IS 'approved, active and in_arrears are open: the collateral is bound.';
CREATE TYPE loans.payment_source AS ENUM ('manual', 'automatic', 'liquidation');
CREATE TYPE loans.collateral_level AS ENUM ('warn', 'call', 'liquidate');

CREATE TABLE loans.loan_products (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    minimum_amount numeric(38,18) NOT NULL,
    maximum_amount numeric(38,18) NOT NULL,
    minimum_rate numeric(7,4) NOT NULL,
    maximum_rate numeric(7,4) NOT NULL,
    minimum_term_months int NOT NULL,
    maximum_term_months int NOT NULL,
    day_count loans.day_count NOT NULL,
    max_ltv numeric(7,4) NOT NULL,
    warn_ltv numeric(7,4) NOT NULL,
    call_ltv numeric(7,4) NOT NULL,
    liquidation_ltv numeric(7,4) NOT NULL,
    target_ltv numeric(7,4) NOT NULL,
    cure_days int NOT NULL,
    status loans.loan_product_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT loan_products_pkey PRIMARY KEY (id),
    CONSTRAINT loan_products_code_key UNIQUE (code),
    CONSTRAINT loan_products_code_check CHECK (code ~ '^[a-z][a-z0-9_]{0,59}$'),
    CONSTRAINT loan_products_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT loan_products_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT loan_products_amount_check CHECK (minimum_amount > 0 AND minimum_amount <= maximum_amount),
    CONSTRAINT loan_products_rate_check CHECK (
        minimum_rate >= 0 AND minimum_rate <= maximum_rate AND maximum_rate <= 100),
    CONSTRAINT loan_products_term_check CHECK (
        minimum_term_months >= 1 AND minimum_term_months <= maximum_term_months AND maximum_term_months <= 360),
    CONSTRAINT loan_products_ltv_check CHECK (
        max_ltv > 0 AND max_ltv <= warn_ltv AND warn_ltv < call_ltv AND call_ltv < liquidation_ltv
        AND liquidation_ltv <= 100),
    CONSTRAINT loan_products_target_ltv_check CHECK (target_ltv > 0 AND target_ltv <= warn_ltv),
    CONSTRAINT loan_products_cure_days_check CHECK (cure_days BETWEEN 0 AND 30),
    CONSTRAINT loan_products_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE loans.loan_products IS 'The terms on which the platform lends. A loan copies what it was made on.';
COMMENT ON COLUMN loans.loan_products.currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN loans.loan_products.minimum_rate IS 'Percent a year.';
COMMENT ON COLUMN loans.loan_products.maximum_rate IS 'Percent a year.';
COMMENT ON COLUMN loans.loan_products.max_ltv IS
    'Loan to value in percent that may be lent, as all levels here: outstanding over collateral.';
COMMENT ON COLUMN loans.loan_products.warn_ltv IS 'From here the user is warned.';
COMMENT ON COLUMN loans.loan_products.call_ltv IS 'From here the user must bring the loan back within cure_days.';
COMMENT ON COLUMN loans.loan_products.liquidation_ltv IS 'From here collateral is sold at once.';
COMMENT ON COLUMN loans.loan_products.target_ltv IS 'A liquidation sells only enough to return to it.';
COMMENT ON COLUMN loans.loan_products.cure_days IS 'Business days.';

CREATE TABLE loans.loan_applications (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    amount numeric(38,18) NOT NULL,
    currency text NOT NULL,
    term_months int NOT NULL,
    purpose text NOT NULL,
    collateral_portfolio_id uuid NOT NULL,
    open_collateral_id uuid,
    status loans.loan_application_status NOT NULL,
    submitted_at timestamptz,
    decided_at timestamptz,
    decided_by text,
    reason text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT loan_applications_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT loan_applications_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT loan_applications_product_fkey FOREIGN KEY (product_id)
        REFERENCES loans.loan_products (id) ON DELETE RESTRICT,
    CONSTRAINT loan_applications_open_collateral_fkey FOREIGN KEY (user_id, open_collateral_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT loan_applications_amount_check CHECK (amount > 0),
    CONSTRAINT loan_applications_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT loan_applications_term_months_check CHECK (term_months BETWEEN 1 AND 360),
    CONSTRAINT loan_applications_purpose_check CHECK (char_length(purpose) BETWEEN 1 AND 500),
    CONSTRAINT loan_applications_open_collateral_check CHECK (
        (status IN ('draft', 'submitted')) = (open_collateral_id IS NOT NULL)
        AND open_collateral_id = collateral_portfolio_id),
    CONSTRAINT loan_applications_submitted_at_check CHECK (
        CASE WHEN status = 'draft' THEN submitted_at IS NULL
            WHEN status IN ('submitted', 'approved', 'declined') THEN submitted_at IS NOT NULL ELSE true END),
    CONSTRAINT loan_applications_decided_at_check CHECK (
        (status IN ('approved', 'declined')) = (decided_at IS NOT NULL) AND decided_at >= submitted_at),
    CONSTRAINT loan_applications_decision_check CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT loan_applications_decided_by_check CHECK (
        char_length(decided_by) BETWEEN 1 AND 200 AND decided_by <> user_id::text),
    CONSTRAINT loan_applications_reason_check CHECK (
        char_length(reason) BETWEEN 1 AND 1000 AND (reason IS NOT NULL OR status <> 'declined')),
    CONSTRAINT loan_applications_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE loans.loan_applications IS 'A wish to borrow, until somebody else has decided on it.';
COMMENT ON COLUMN loans.loan_applications.currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN loans.loan_applications.collateral_portfolio_id IS
    'Which portfolio it was to be; no key, since a decided application outlives it. swift:Portfolio.ID';
COMMENT ON COLUMN loans.loan_applications.open_collateral_id IS
    'The same, exactly while nothing is decided: such an application goes with its portfolio.';
COMMENT ON COLUMN loans.loan_applications.decided_by IS 'The operator''s user id as text: a key would cascade.';
COMMENT ON CONSTRAINT loan_applications_decided_by_check ON loans.loan_applications IS
    'Nobody decides on their own application.';
CREATE INDEX loan_applications_product_idx ON loans.loan_applications (product_id);
CREATE INDEX loan_applications_open_collateral_idx ON loans.loan_applications (user_id, open_collateral_id)
    WHERE open_collateral_id IS NOT NULL;
CREATE INDEX loan_applications_submitted_idx ON loans.loan_applications (submitted_at, user_id, id)
    WHERE status = 'submitted';

CREATE TABLE loans.loans (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    product_id uuid NOT NULL,
    principal numeric(38,18) NOT NULL,
    currency text NOT NULL,
    annual_rate numeric(7,4) NOT NULL,
    term_months int NOT NULL,
    day_count loans.day_count NOT NULL,
    status loans.loan_status NOT NULL,
    outstanding numeric(38,18) NOT NULL,
    accrued_interest numeric(38,18) NOT NULL,
    accrued_until date,
    schedule_version int NOT NULL,
    collateral_portfolio_id uuid NOT NULL,
    open_collateral_id uuid,
    open_borrower_id uuid GENERATED ALWAYS AS (
        CASE WHEN status IN ('approved', 'active', 'in_arrears') THEN user_id END) STORED,
    disbursed_at timestamptz,
    matures_on date,
    closed_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT loans_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT loans_application_key UNIQUE (user_id, application_id),
    -- Before the key that cascades: both act when a user is deleted, in the order in which they were made.
    CONSTRAINT loans_open_borrower_fkey FOREIGN KEY (open_borrower_id) REFERENCES users.users (id) ON DELETE RESTRICT,
    CONSTRAINT loans_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT loans_application_fkey FOREIGN KEY (user_id, application_id)
        REFERENCES loans.loan_applications (user_id, id) ON DELETE CASCADE,
    CONSTRAINT loans_product_fkey FOREIGN KEY (product_id) REFERENCES loans.loan_products (id) ON DELETE RESTRICT,
    CONSTRAINT loans_open_collateral_fkey FOREIGN KEY (user_id, open_collateral_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE RESTRICT,
    CONSTRAINT loans_principal_check CHECK (principal > 0),
    CONSTRAINT loans_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT loans_annual_rate_check CHECK (annual_rate BETWEEN 0 AND 100),
    CONSTRAINT loans_term_months_check CHECK (term_months BETWEEN 1 AND 360),
    CONSTRAINT loans_outstanding_check CHECK (outstanding BETWEEN 0 AND principal),
    CONSTRAINT loans_outstanding_status_check CHECK (
        outstanding = 0 OR status NOT IN ('approved', 'paid_off', 'cancelled')),
    CONSTRAINT loans_accrued_interest_check CHECK (accrued_interest >= 0),
    CONSTRAINT loans_schedule_version_check CHECK (schedule_version >= 1),
    CONSTRAINT loans_open_collateral_check CHECK (
        (status IN ('approved', 'active', 'in_arrears')) = (open_collateral_id IS NOT NULL)
        AND open_collateral_id = collateral_portfolio_id),
    CONSTRAINT loans_disbursed_at_check CHECK ((status IN ('approved', 'cancelled')) = (disbursed_at IS NULL)),
    CONSTRAINT loans_matures_on_check CHECK (
        (disbursed_at IS NULL) = (matures_on IS NULL) AND (disbursed_at IS NULL) = (accrued_until IS NULL)
        AND matures_on > (disbursed_at AT TIME ZONE 'UTC')::date),
    CONSTRAINT loans_closed_at_check CHECK (
        (status IN ('approved', 'active', 'in_arrears')) = (closed_at IS NULL) AND closed_at >= disbursed_at),
    CONSTRAINT loans_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE loans.loans IS 'Money lent. It stays after its end, and its collateral may then go.';
COMMENT ON COLUMN loans.loans.currency IS 'ISO 4217 code, of every amount of the loan. swift:Currency';
COMMENT ON COLUMN loans.loans.annual_rate IS 'Percent a year, fixed.';
COMMENT ON COLUMN loans.loans.outstanding IS 'Principal that is still owed: none before the money was paid out.';
COMMENT ON COLUMN loans.loans.accrued_interest IS
    'Interest that has accrued and is in no instalment that was paid; 8 decimals, settled in minor units half-even.';
COMMENT ON COLUMN loans.loans.accrued_until IS 'The last day that is in it; the day of the payout at first.';
COMMENT ON COLUMN loans.loans.schedule_version IS 'Of the instalments that hold; a replay writes the next.';
COMMENT ON COLUMN loans.loans.collateral_portfolio_id IS
    'Which portfolio secured it; no key, since a loan that has ended outlives it. swift:Portfolio.ID';
COMMENT ON COLUMN loans.loans.open_collateral_id IS 'The same, exactly while the loan is open.';
COMMENT ON COLUMN loans.loans.open_borrower_id IS 'The user, exactly while the loan is open.';
COMMENT ON CONSTRAINT loans_open_collateral_fkey ON loans.loans IS 'A portfolio that secures an open loan cannot go.';
COMMENT ON CONSTRAINT loans_open_borrower_fkey ON loans.loans IS
    'Nor can its user. The key above would not see to that: a user''s loans are gone before it is asked.';
CREATE INDEX loans_product_idx ON loans.loans (product_id);
CREATE INDEX loans_open_collateral_idx ON loans.loans (user_id, open_collateral_id, id)
    WHERE open_collateral_id IS NOT NULL;
CREATE INDEX loans_open_borrower_idx ON loans.loans (open_borrower_id) WHERE open_borrower_id IS NOT NULL;
CREATE INDEX loans_accrual_idx ON loans.loans (accrued_until, user_id, id) WHERE status IN ('active', 'in_arrears');

CREATE TABLE loans.loan_instalments (
    user_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    schedule_version int NOT NULL,
    number int NOT NULL,
    due_on date NOT NULL,
    principal numeric(38,18) NOT NULL,
    interest numeric(38,18) NOT NULL,
    fees numeric(38,18) NOT NULL,
    principal_paid numeric(38,18) NOT NULL,
    interest_paid numeric(38,18) NOT NULL,
    fees_paid numeric(38,18) NOT NULL,
    paid_at timestamptz,
    superseded_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT loan_instalments_pkey PRIMARY KEY (user_id, loan_id, schedule_version, number),
    CONSTRAINT loan_instalments_due_on_key UNIQUE (user_id, loan_id, schedule_version, due_on),
    CONSTRAINT loan_instalments_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT loan_instalments_loan_fkey FOREIGN KEY (user_id, loan_id)
        REFERENCES loans.loans (user_id, id) ON DELETE CASCADE,
    CONSTRAINT loan_instalments_schedule_version_check CHECK (schedule_version >= 1),
    CONSTRAINT loan_instalments_number_check CHECK (number BETWEEN 1 AND 360),
    CONSTRAINT loan_instalments_amount_check CHECK (
        principal >= 0 AND interest >= 0 AND fees >= 0 AND principal + interest + fees > 0),
    CONSTRAINT loan_instalments_principal_paid_check CHECK (principal_paid BETWEEN 0 AND principal),
    CONSTRAINT loan_instalments_interest_paid_check CHECK (interest_paid BETWEEN 0 AND interest),
    CONSTRAINT loan_instalments_fees_paid_check CHECK (fees_paid BETWEEN 0 AND fees),
    CONSTRAINT loan_instalments_paid_at_check CHECK (
        (paid_at IS NOT NULL) = (principal_paid = principal AND interest_paid = interest AND fees_paid = fees))
);
COMMENT ON TABLE loans.loan_instalments IS
    'What is to be paid when. A schedule''s principal sums to the loan''s; its last instalment absorbs the rounding.';
COMMENT ON COLUMN loans.loan_instalments.principal IS
    'In minor units of the currency, as interest and fees: cash settles here.';
COMMENT ON COLUMN loans.loan_instalments.superseded_at IS 'Since when a later version of the schedule holds.';
CREATE INDEX loan_instalments_due_idx ON loans.loan_instalments (due_on, user_id, loan_id)
    WHERE paid_at IS NULL AND superseded_at IS NULL;

CREATE TABLE loans.loan_payments (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    loan_id uuid NOT NULL,
    source loans.payment_source NOT NULL,
    request_key text NOT NULL,
    value_date date NOT NULL,
    amount numeric(38,18) NOT NULL,
    principal numeric(38,18) NOT NULL,
    interest numeric(38,18) NOT NULL,
    fees numeric(38,18) NOT NULL,
    reversed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT loan_payments_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT loan_payments_request_key UNIQUE (user_id, loan_id, request_key),
    CONSTRAINT loan_payments_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT loan_payments_loan_fkey FOREIGN KEY (user_id, loan_id)
        REFERENCES loans.loans (user_id, id) ON DELETE CASCADE,
    CONSTRAINT loan_payments_request_key_check CHECK (char_length(request_key) BETWEEN 1 AND 200),
    CONSTRAINT loan_payments_amount_check CHECK (amount > 0),
    CONSTRAINT loan_payments_parts_check CHECK (
        principal >= 0 AND interest >= 0 AND fees >= 0 AND principal + interest + fees = amount)
);
COMMENT ON TABLE loans.loan_payments IS
    'Money that came in for a loan. A payment of an earlier day replays the schedule, which may move its parts.';
COMMENT ON COLUMN loans.loan_payments.request_key IS 'Of the request or event that brought it: it counts once.';
COMMENT ON COLUMN loans.loan_payments.value_date IS 'The day as of which it counts.';
COMMENT ON COLUMN loans.loan_payments.reversed_at IS 'Since when it counts for nothing, as a bounced direct debit.';
CREATE INDEX loan_payments_value_date_idx ON loans.loan_payments (user_id, loan_id, value_date, id);

CREATE TABLE loans.loan_accruals (
    user_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    day date NOT NULL,
    outstanding numeric(38,18) NOT NULL,
    annual_rate numeric(7,4) NOT NULL,
    interest numeric(38,18) NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT loan_accruals_pkey PRIMARY KEY (user_id, loan_id, day),
    CONSTRAINT loan_accruals_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT loan_accruals_loan_fkey FOREIGN KEY (user_id, loan_id)
        REFERENCES loans.loans (user_id, id) ON DELETE CASCADE,
    CONSTRAINT loan_accruals_outstanding_check CHECK (outstanding >= 0),
    CONSTRAINT loan_accruals_annual_rate_check CHECK (annual_rate BETWEEN 0 AND 100),
    CONSTRAINT loan_accruals_interest_check CHECK (interest >= 0)
);
COMMENT ON TABLE loans.loan_accruals IS
    'The interest of a day: each day once. A replay writes the days after a backdated payment anew.';
COMMENT ON COLUMN loans.loan_accruals.interest IS 'Rounded half-even to 8 decimals; 0 on a 31st under 30/360.';

CREATE TABLE loans.collateral_events (
    user_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    level loans.collateral_level NOT NULL,
    episode int NOT NULL,
    ltv numeric(7,4),
    outstanding numeric(38,18) NOT NULL,
    collateral_value numeric(38,18) NOT NULL,
    priced_at timestamptz NOT NULL,
    cure_by timestamptz,
    cured_at timestamptz,
    sale_amount numeric(38,18),
    sold_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT collateral_events_pkey PRIMARY KEY (user_id, loan_id, level, episode),
    CONSTRAINT collateral_events_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT collateral_events_loan_fkey FOREIGN KEY (user_id, loan_id)
        REFERENCES loans.loans (user_id, id) ON DELETE CASCADE,
    CONSTRAINT collateral_events_episode_check CHECK (episode >= 1),
    CONSTRAINT collateral_events_ltv_check CHECK (ltv > 0),
    CONSTRAINT collateral_events_outstanding_check CHECK (outstanding > 0),
    CONSTRAINT collateral_events_collateral_value_check CHECK (
        collateral_value >= 0 AND (ltv IS NOT NULL OR collateral_value < outstanding)),
    CONSTRAINT collateral_events_cure_by_check CHECK ((level = 'call') = (cure_by IS NOT NULL)),
    CONSTRAINT collateral_events_sale_check CHECK (
        (level = 'liquidate') = (sale_amount IS NOT NULL) AND sale_amount > 0
        AND (sold_at IS NULL OR level = 'liquidate'))
);
COMMENT ON TABLE loans.collateral_events IS
    'A loan that went over a level. An episode ends when it is cured, well below the level, before the next.';
COMMENT ON COLUMN loans.collateral_events.ltv IS
    'Percent, outstanding over collateral; NULL from 1000 on, where it says nothing.';
COMMENT ON COLUMN loans.collateral_events.outstanding IS 'Principal, accrued interest and fees at the moment.';
COMMENT ON COLUMN loans.collateral_events.priced_at IS
    'The oldest price in the value: a stale one blocks a liquidation.';
COMMENT ON COLUMN loans.collateral_events.cure_by IS 'For a call: the end of the last of the product''s cure_days.';
COMMENT ON COLUMN loans.collateral_events.sale_amount IS
    'For a liquidation: what is to be sold, enough for the target and no more.';
CREATE UNIQUE INDEX collateral_events_open_key ON loans.collateral_events (user_id, loan_id, level)
    WHERE cured_at IS NULL AND sold_at IS NULL;
COMMENT ON INDEX loans.collateral_events_open_key IS 'One open episode of a level.';
CREATE INDEX collateral_events_cure_by_idx ON loans.collateral_events (cure_by, user_id, loan_id)
    WHERE cure_by IS NOT NULL AND cured_at IS NULL;

-- Operators decide on applications, and jobs look for days to accrue, instalments that fall due and calls that ran out.
ALTER TABLE loans.loan_applications ENABLE ROW LEVEL SECURITY;
CREATE POLICY loan_applications_owner ON loans.loan_applications TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY loan_applications_worker ON loans.loan_applications FOR SELECT TO loans_worker USING (true);
ALTER TABLE loans.loans ENABLE ROW LEVEL SECURITY;
CREATE POLICY loans_owner ON loans.loans TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY loans_worker ON loans.loans FOR SELECT TO loans_worker USING (true);
ALTER TABLE loans.loan_instalments ENABLE ROW LEVEL SECURITY;
CREATE POLICY loan_instalments_owner ON loans.loan_instalments TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY loan_instalments_worker ON loans.loan_instalments FOR SELECT TO loans_worker USING (true);
ALTER TABLE loans.loan_payments ENABLE ROW LEVEL SECURITY;
CREATE POLICY loan_payments_owner ON loans.loan_payments TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE loans.loan_accruals ENABLE ROW LEVEL SECURITY;
CREATE POLICY loan_accruals_owner ON loans.loan_accruals TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE loans.collateral_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY collateral_events_owner ON loans.collateral_events TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY collateral_events_worker ON loans.collateral_events FOR SELECT TO loans_worker USING (true);
