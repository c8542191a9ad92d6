-- Portfolios: the ledger of what a person holds. Transactions and postings are the truth and only grow;
-- lots, closures, holdings and cash balances are derived from them and can be replayed at any time.

CREATE SCHEMA portfolios;

CREATE TYPE portfolios.portfolio_kind AS ENUM ('brokerage', 'crypto', 'retirement', 'paper');
CREATE TYPE portfolios.transaction_type AS ENUM (
    'deposit', 'withdrawal', 'buy', 'sell', 'dividend', 'interest', 'fee', 'transfer_in', 'transfer_out', 'split',
    'return_of_capital', 'adjustment');
CREATE TYPE portfolios.transaction_status AS ENUM ('pending', 'completed', 'failed', 'reversed');
CREATE TYPE portfolios.fee_kind AS ENUM ('commission', 'network', 'platform', 'spread', 'tax');
CREATE TYPE portfolios.closure_kind AS ENUM ('sale', 'transfer', 'return_of_capital', 'rounding');
CREATE TYPE portfolios.posting_account AS ENUM ('cash', 'asset', 'fee', 'income', 'external', 'opening');

CREATE TABLE portfolios.portfolios (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind portfolios.portfolio_kind NOT NULL,
    base_currency text NOT NULL,
    cost_basis_method app.cost_basis_method NOT NULL,
    tracks_cash boolean NOT NULL,
    archived_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    revision int NOT NULL,
    CONSTRAINT portfolios_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT portfolios_name_key UNIQUE (user_id, name),
    CONSTRAINT portfolios_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT portfolios_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT portfolios_base_currency_check CHECK (base_currency ~ '^[A-Z]{3}$'),
    CONSTRAINT portfolios_archived_at_check CHECK (archived_at >= created_at),
    CONSTRAINT portfolios_revision_check CHECK (revision >= 1)
);
COMMENT ON COLUMN portfolios.portfolios.base_currency IS 'What totals are given in when nobody asks otherwise. swift:Currency';
COMMENT ON COLUMN portfolios.portfolios.tracks_cash IS
    'True: money sits in cash_balances, and a buy without it is refused. False: money comes from and goes to external.';

CREATE TABLE portfolios.transactions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    type portfolios.transaction_type NOT NULL,
    status portfolios.transaction_status NOT NULL,
    instrument_id uuid,
    quantity numeric(18,8),
    unit_price numeric(18,8),
    gross_amount numeric(18,8) NOT NULL,
    currency text NOT NULL,
    fx_rate numeric(24,12),
    split_from int,
    split_to int,
    executed_at timestamptz NOT NULL,
    external_source text,
    external_id text,
    reverses uuid,
    note text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT transactions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT transactions_portfolio_key UNIQUE (user_id, portfolio_id, id),
    CONSTRAINT transactions_external_key UNIQUE (user_id, portfolio_id, external_source, external_id),
    CONSTRAINT transactions_reverses_key UNIQUE (user_id, portfolio_id, reverses),
    CONSTRAINT transactions_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT transactions_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT transactions_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE RESTRICT,
    CONSTRAINT transactions_reverses_fkey FOREIGN KEY (user_id, portfolio_id, reverses)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT transactions_instrument_check CHECK (
        CASE
            WHEN type IN ('deposit', 'withdrawal') THEN instrument_id IS NULL
            WHEN type IN ('interest', 'fee') THEN true
            ELSE instrument_id IS NOT NULL
        END),
    CONSTRAINT transactions_quantity_check CHECK (quantity > 0),
    CONSTRAINT transactions_quantity_type_check CHECK (
        CASE
            WHEN type IN ('buy', 'sell', 'transfer_in', 'transfer_out', 'adjustment') THEN quantity IS NOT NULL
            WHEN type IN ('deposit', 'withdrawal', 'split') THEN quantity IS NULL
            ELSE true
        END),
    CONSTRAINT transactions_unit_price_check CHECK (unit_price >= 0),
    CONSTRAINT transactions_unit_price_type_check CHECK (
        CASE
            WHEN type IN ('buy', 'sell') THEN unit_price IS NOT NULL
            ELSE unit_price IS NULL OR quantity IS NOT NULL
        END),
    CONSTRAINT transactions_gross_amount_check CHECK (
        CASE
            WHEN type IN ('deposit', 'withdrawal', 'dividend', 'interest', 'fee', 'return_of_capital')
                THEN gross_amount > 0
            WHEN type = 'split' THEN gross_amount = 0
            ELSE gross_amount >= 0
        END),
    CONSTRAINT transactions_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT transactions_fx_rate_check CHECK (fx_rate > 0),
    CONSTRAINT transactions_split_check CHECK (
        (type = 'split') = (split_from IS NOT NULL) AND (split_from IS NULL) = (split_to IS NULL)
        AND split_from > 0 AND split_to > 0 AND split_from <> split_to),
    CONSTRAINT transactions_executed_at_check CHECK (executed_at >= '1900-01-01T00:00:00Z'),
    CONSTRAINT transactions_external_check CHECK (
        (external_source IS NULL) = (external_id IS NULL)
        AND char_length(external_source) BETWEEN 1 AND 50 AND char_length(external_id) BETWEEN 1 AND 200),
    CONSTRAINT transactions_reverses_check CHECK (reverses IS NULL OR (reverses <> id AND status <> 'reversed')),
    CONSTRAINT transactions_note_check CHECK (char_length(note) BETWEEN 1 AND 500)
);
COMMENT ON TABLE portfolios.transactions IS
    'What happened, in the order of (executed_at, id). Never edited, never deleted: a mistake is reversed by another row.';
COMMENT ON COLUMN portfolios.transactions.gross_amount IS
    'Quantity times unit price, before fees; for transfer_in the cost that came along; 0 where no money is involved.';
COMMENT ON COLUMN portfolios.transactions.currency IS 'Always the instrument''s currency where there is one. swift:Currency';
COMMENT ON COLUMN portfolios.transactions.fx_rate IS
    'Units of the portfolio''s base currency for one unit of currency, where the broker stated it.';
COMMENT ON COLUMN portfolios.transactions.split_to IS 'split_from shares become split_to: a 2:1 split is from 1 to 2.';
COMMENT ON COLUMN portfolios.transactions.reverses IS
    'The transaction that this one takes back. Both then count for nothing: the one is reversed, the other reverses.';
COMMENT ON CONSTRAINT transactions_external_key ON portfolios.transactions IS
    'An import is a no-op the second time. Of the portfolio and not of the user: an export goes into a new portfolio.';
COMMENT ON CONSTRAINT transactions_reverses_key ON portfolios.transactions IS
    'A transaction is reversed once. The portfolio is in the key only to serve the foreign key: ids are the user''s.';
CREATE INDEX transactions_executed_at_idx
    ON portfolios.transactions (user_id, portfolio_id, executed_at, id);
CREATE INDEX transactions_instrument_executed_at_idx
    ON portfolios.transactions (user_id, portfolio_id, instrument_id, executed_at, id) WHERE instrument_id IS NOT NULL;
CREATE INDEX transactions_instrument_idx
    ON portfolios.transactions (instrument_id) WHERE instrument_id IS NOT NULL;

CREATE TABLE portfolios.transaction_fees (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    kind portfolios.fee_kind NOT NULL,
    amount numeric(18,8) NOT NULL,
    currency text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT transaction_fees_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT transaction_fees_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT transaction_fees_transaction_fkey FOREIGN KEY (user_id, transaction_id)
        REFERENCES portfolios.transactions (user_id, id) ON DELETE CASCADE,
    CONSTRAINT transaction_fees_amount_check CHECK (amount >= 0),
    CONSTRAINT transaction_fees_currency_check CHECK (currency ~ '^[A-Z]{3}$')
);
COMMENT ON COLUMN portfolios.transaction_fees.currency IS 'ISO 4217 code. swift:Currency';
CREATE INDEX transaction_fees_transaction_idx ON portfolios.transaction_fees (user_id, transaction_id);

CREATE TABLE portfolios.lot_selections (
    user_id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    opened_by uuid NOT NULL,
    quantity numeric(18,8) NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT lot_selections_pkey PRIMARY KEY (user_id, transaction_id, opened_by),
    CONSTRAINT lot_selections_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT lot_selections_transaction_fkey FOREIGN KEY (user_id, portfolio_id, transaction_id)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT lot_selections_opened_by_fkey FOREIGN KEY (user_id, portfolio_id, opened_by)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT lot_selections_quantity_check CHECK (quantity > 0)
);
COMMENT ON TABLE portfolios.lot_selections IS
    'The lots that a sale or transfer out takes, where its owner chose. By opening transaction: no replay changes it.';
CREATE INDEX lot_selections_transaction_idx
    ON portfolios.lot_selections (user_id, portfolio_id, transaction_id);
CREATE INDEX lot_selections_opened_by_idx ON portfolios.lot_selections (user_id, portfolio_id, opened_by);

CREATE TABLE portfolios.portfolio_holdings (
    user_id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    quantity numeric(18,8) NOT NULL,
    currency text NOT NULL,
    cost_basis numeric(18,8) NOT NULL,
    basis_fees numeric(18,8) NOT NULL,
    average_cost numeric(18,8) NOT NULL,
    realized_gain numeric(18,8) NOT NULL,
    income numeric(18,8) NOT NULL,
    fees numeric(18,8) NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT portfolio_holdings_pkey PRIMARY KEY (user_id, portfolio_id, instrument_id),
    CONSTRAINT portfolio_holdings_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT portfolio_holdings_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT portfolio_holdings_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE RESTRICT,
    CONSTRAINT portfolio_holdings_quantity_check CHECK (quantity >= 0),
    CONSTRAINT portfolio_holdings_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT portfolio_holdings_cost_basis_check CHECK (cost_basis >= 0 AND (quantity > 0 OR cost_basis = 0)),
    CONSTRAINT portfolio_holdings_basis_fees_check CHECK (basis_fees BETWEEN 0 AND cost_basis),
    CONSTRAINT portfolio_holdings_average_cost_check CHECK (average_cost >= 0),
    CONSTRAINT portfolio_holdings_income_check CHECK (income >= 0),
    CONSTRAINT portfolio_holdings_fees_check CHECK (fees >= 0)
);
COMMENT ON TABLE portfolios.portfolio_holdings IS
    'The roll-up of one instrument in one portfolio. Stays, at quantity 0, after a full exit: gains and income are history.';
COMMENT ON COLUMN portfolios.portfolio_holdings.currency IS 'The instrument''s currency. swift:Currency';
COMMENT ON COLUMN portfolios.portfolio_holdings.cost_basis IS 'What the shares still held cost, fees of buying included.';
COMMENT ON COLUMN portfolios.portfolio_holdings.basis_fees IS 'The part of cost_basis that is fees.';
COMMENT ON COLUMN portfolios.portfolio_holdings.income IS 'Dividends and interest since the beginning, before fees.';
COMMENT ON COLUMN portfolios.portfolio_holdings.fees IS 'Every fee since the beginning, those in cost and proceeds included.';
CREATE INDEX portfolio_holdings_instrument_idx ON portfolios.portfolio_holdings (instrument_id);

CREATE TABLE portfolios.postings (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    from_account portfolios.posting_account NOT NULL,
    to_account portfolios.posting_account NOT NULL,
    currency text,
    instrument_id uuid,
    amount numeric(18,8) NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT postings_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT postings_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT postings_transaction_fkey FOREIGN KEY (user_id, portfolio_id, transaction_id)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT postings_holding_fkey FOREIGN KEY (user_id, portfolio_id, instrument_id)
        REFERENCES portfolios.portfolio_holdings (user_id, portfolio_id, instrument_id) ON DELETE CASCADE,
    CONSTRAINT postings_accounts_check CHECK (from_account <> to_account),
    CONSTRAINT postings_commodity_check CHECK (num_nonnulls(currency, instrument_id) = 1),
    CONSTRAINT postings_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT postings_amount_check CHECK (amount > 0)
);
COMMENT ON TABLE portfolios.postings IS
    'Double entry, balanced by construction: amount of the commodity leaves one account and enters another. Insert only.';
COMMENT ON COLUMN portfolios.postings.currency IS 'The commodity, where it is money. swift:Currency';
COMMENT ON COLUMN portfolios.postings.instrument_id IS 'The commodity, where it is not. swift:Instrument.ID';
CREATE INDEX postings_transaction_idx ON portfolios.postings (user_id, portfolio_id, transaction_id);
CREATE INDEX postings_instrument_idx
    ON portfolios.postings (user_id, portfolio_id, instrument_id) WHERE instrument_id IS NOT NULL;

CREATE TABLE portfolios.lots (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    quantity numeric(18,8) NOT NULL,
    remaining numeric(18,8) NOT NULL,
    currency text NOT NULL,
    cost numeric(18,8) NOT NULL,
    remaining_cost numeric(18,8) NOT NULL,
    fees numeric(18,8) NOT NULL,
    remaining_fees numeric(18,8) NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT lots_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT lots_portfolio_key UNIQUE (user_id, portfolio_id, id),
    CONSTRAINT lots_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT lots_holding_fkey FOREIGN KEY (user_id, portfolio_id, instrument_id)
        REFERENCES portfolios.portfolio_holdings (user_id, portfolio_id, instrument_id) ON DELETE CASCADE,
    CONSTRAINT lots_opened_by_fkey FOREIGN KEY (user_id, portfolio_id, opened_by)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT lots_quantity_check CHECK (quantity > 0),
    CONSTRAINT lots_remaining_check CHECK (remaining BETWEEN 0 AND quantity),
    CONSTRAINT lots_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT lots_cost_check CHECK (cost >= 0),
    CONSTRAINT lots_remaining_cost_check CHECK (
        remaining_cost BETWEEN 0 AND cost AND (remaining > 0 OR remaining_cost = 0)),
    CONSTRAINT lots_fees_check CHECK (fees BETWEEN 0 AND cost),
    CONSTRAINT lots_remaining_fees_check CHECK (remaining_fees BETWEEN 0 AND least(fees, remaining_cost))
);
COMMENT ON COLUMN portfolios.lots.instrument_id IS 'swift:Instrument.ID';
COMMENT ON COLUMN portfolios.lots.currency IS 'The instrument''s currency. swift:Currency';
COMMENT ON COLUMN portfolios.lots.quantity IS 'In the shares of today: a split restates it.';
COMMENT ON COLUMN portfolios.lots.cost IS 'Total, fees included; a unit price is derived and never multiplied back.';
COMMENT ON COLUMN portfolios.lots.fees IS 'The part of cost that is fees.';
CREATE INDEX lots_opened_at_idx ON portfolios.lots (user_id, portfolio_id, instrument_id, opened_at, id);
CREATE INDEX lots_open_idx ON portfolios.lots (user_id, portfolio_id, instrument_id, opened_at, id) WHERE remaining > 0;
CREATE INDEX lots_opened_by_idx ON portfolios.lots (user_id, portfolio_id, opened_by);

CREATE TABLE portfolios.lot_closures (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    lot_id uuid NOT NULL,
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,
    kind portfolios.closure_kind NOT NULL,
    quantity numeric(18,8) NOT NULL,
    proceeds numeric(18,8) NOT NULL,
    sale_fees numeric(18,8) NOT NULL,
    cost numeric(18,8) NOT NULL,
    cost_fees numeric(18,8) NOT NULL,
    realized_gain numeric(18,8) NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT lot_closures_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT lot_closures_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT lot_closures_lot_fkey FOREIGN KEY (user_id, portfolio_id, lot_id)
        REFERENCES portfolios.lots (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT lot_closures_closed_by_fkey FOREIGN KEY (user_id, portfolio_id, closed_by)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT lot_closures_quantity_check CHECK (quantity >= 0 AND (kind = 'return_of_capital') = (quantity = 0)),
    CONSTRAINT lot_closures_sale_fees_check CHECK (sale_fees >= 0 AND (kind = 'sale' OR sale_fees = 0)),
    CONSTRAINT lot_closures_cost_check CHECK (cost >= 0),
    CONSTRAINT lot_closures_cost_fees_check CHECK (cost_fees BETWEEN 0 AND cost),
    CONSTRAINT lot_closures_realized_gain_check CHECK (
        realized_gain = proceeds - cost AND (kind <> 'transfer' OR realized_gain = 0))
);
COMMENT ON TABLE portfolios.lot_closures IS 'Cost that left a lot, and what came for it. Returned capital takes cost and no shares.';
COMMENT ON COLUMN portfolios.lot_closures.proceeds IS 'After the fees of the sale; equal to cost for what was transferred out.';
COMMENT ON COLUMN portfolios.lot_closures.sale_fees IS 'Already taken off proceeds.';
COMMENT ON COLUMN portfolios.lot_closures.cost IS 'The cost that left, fees of buying included.';
COMMENT ON COLUMN portfolios.lot_closures.cost_fees IS 'The part of cost that is fees of buying.';
CREATE INDEX lot_closures_lot_idx ON portfolios.lot_closures (user_id, portfolio_id, lot_id);
CREATE INDEX lot_closures_closed_by_idx ON portfolios.lot_closures (user_id, portfolio_id, closed_by);
CREATE INDEX lot_closures_closed_at_idx ON portfolios.lot_closures (user_id, portfolio_id, closed_at, id);

CREATE TABLE portfolios.cash_balances (
    user_id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    currency text NOT NULL,
    balance numeric(18,8) NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT cash_balances_pkey PRIMARY KEY (user_id, portfolio_id, currency),
    CONSTRAINT cash_balances_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT cash_balances_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT cash_balances_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT cash_balances_balance_check CHECK (balance >= 0)
);
COMMENT ON TABLE portfolios.cash_balances IS
    'The roll-up of the postings of the cash account, written under the portfolio''s lock. What has no cash is refused.';
COMMENT ON COLUMN portfolios.cash_balances.currency IS 'ISO 4217 code. swift:Currency';

-- A portfolio has one user. The planner multiplies the two selectivities unless it is told, takes a portfolio of
-- thousands of rows for a handful, and then reads all of them to find one.
CREATE STATISTICS portfolios.transactions_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.transactions;
CREATE STATISTICS portfolios.lot_selections_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.lot_selections;
CREATE STATISTICS portfolios.portfolio_holdings_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.portfolio_holdings;
CREATE STATISTICS portfolios.postings_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.postings;
CREATE STATISTICS portfolios.lots_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.lots;
CREATE STATISTICS portfolios.lot_closures_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.lot_closures;

-- The second wall: every statement says user_id itself.
ALTER TABLE portfolios.portfolios ENABLE ROW LEVEL SECURITY;
CREATE POLICY portfolios_owner ON portfolios.portfolios TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.transactions ENABLE ROW LEVEL SECURITY;
CREATE POLICY transactions_owner ON portfolios.transactions TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.transaction_fees ENABLE ROW LEVEL SECURITY;
CREATE POLICY transaction_fees_owner ON portfolios.transaction_fees TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.lot_selections ENABLE ROW LEVEL SECURITY;
CREATE POLICY lot_selections_owner ON portfolios.lot_selections TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.portfolio_holdings ENABLE ROW LEVEL SECURITY;
CREATE POLICY portfolio_holdings_owner ON portfolios.portfolio_holdings TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.postings ENABLE ROW LEVEL SECURITY;
CREATE POLICY postings_owner ON portfolios.postings TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.lots ENABLE ROW LEVEL SECURITY;
CREATE POLICY lots_owner ON portfolios.lots TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.lot_closures ENABLE ROW LEVEL SECURITY;
CREATE POLICY lot_closures_owner ON portfolios.lot_closures TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE portfolios.cash_balances ENABLE ROW LEVEL SECURITY;
CREATE POLICY cash_balances_owner ON portfolios.cash_balances TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
