-- Portfolios: the ledger of what a person holds. Transactions and postings are the truth and only grow;
-- lots, closures, holdings and cash balances are derived from them and can be replayed at any time. Then baskets with their
-- weights, what is invested in them, how a portfolio is kept near the weights, and what it was worth day by day.

CREATE SCHEMA portfolios;

CREATE TYPE portfolios.portfolio_kind AS ENUM ('brokerage', 'crypto', 'retirement', 'paper');
CREATE TYPE portfolios.transaction_type AS ENUM (
    'deposit', 'withdrawal', 'buy', 'sell', 'dividend', 'interest', 'fee', 'transfer_in', 'transfer_out', 'split',
    'return_of_capital', 'adjustment');
CREATE TYPE portfolios.transaction_status AS ENUM ('pending', 'completed', 'failed', 'reversed');
CREATE TYPE portfolios.fee_kind AS ENUM ('commission', 'network', 'platform', 'spread', 'tax');
CREATE TYPE portfolios.closure_kind AS ENUM ('sale', 'transfer', 'return_of_capital', 'rounding');
CREATE TYPE portfolios.posting_account AS ENUM ('cash', 'asset', 'fee', 'income', 'external', 'opening');
CREATE TYPE portfolios.risk_level AS ENUM ('low', 'moderate', 'high', 'very_high');
CREATE TYPE portfolios.basket_visibility AS ENUM ('curated', 'shared', 'private');
COMMENT ON TYPE portfolios.basket_visibility IS
    'curated is the platform''s own, shared a curator''s, private is seen by its owner only.';
CREATE TYPE portfolios.basket_status AS ENUM ('draft', 'active', 'retired');
CREATE TYPE portfolios.investment_source AS ENUM (
    'manual', 'auto_invest', 'round_up', 'rebalance', 'starter', 'reward');
CREATE TYPE portfolios.investment_status AS ENUM ('planned', 'executing', 'completed', 'failed');
CREATE TYPE portfolios.rebalance_calendar AS ENUM ('none', 'monthly', 'quarterly', 'yearly');
CREATE TYPE portfolios.rebalance_trigger AS ENUM ('drift', 'calendar', 'weights', 'manual');
CREATE TYPE portfolios.rebalance_status AS ENUM ('planned', 'running', 'completed', 'cancelled', 'failed');
CREATE TYPE portfolios.order_side AS ENUM ('buy', 'sell');
CREATE TYPE portfolios.rebalance_order_status AS ENUM (
    'planned', 'executing', 'completed', 'skipped', 'cancelled', 'failed');
CREATE TYPE portfolios.rebalance_skip_reason AS ENUM (
    'below_minimum', 'no_price', 'stale_price', 'no_cash', 'not_fractionable', 'inactive');

CREATE TABLE portfolios.portfolios (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind portfolios.portfolio_kind NOT NULL,
    base_currency text NOT NULL,
    cost_basis_method app.cost_basis_method NOT NULL,
    tracks_cash boolean NOT NULL,
    archived_at timestamptz,
    books_revision bigint NOT NULL DEFAULT 0,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
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
COMMENT ON COLUMN portfolios.portfolios.books_revision IS
    'Raised by whatever is posted, reversed or imported. The program''s own, unlike revision, which only an edit raises.';

CREATE TABLE portfolios.baskets (
    id uuid NOT NULL,
    owner_id uuid,
    slug text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    risk_level portfolios.risk_level NOT NULL,
    category text NOT NULL,
    visibility portfolios.basket_visibility NOT NULL,
    status portfolios.basket_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT baskets_pkey PRIMARY KEY (id),
    CONSTRAINT baskets_slug_key UNIQUE NULLS NOT DISTINCT (owner_id, slug),
    CONSTRAINT baskets_owner_key UNIQUE (id, owner_id),
    CONSTRAINT baskets_owner_fkey FOREIGN KEY (owner_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT baskets_slug_check CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 80),
    CONSTRAINT baskets_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT baskets_description_check CHECK (char_length(description) <= 2000),
    CONSTRAINT baskets_category_check CHECK (category ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT baskets_visibility_check CHECK (
        CASE visibility WHEN 'private' THEN owner_id IS NOT NULL WHEN 'curated' THEN owner_id IS NULL ELSE true END),
    CONSTRAINT baskets_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE portfolios.baskets IS
    'A mix of instruments to invest in together. Its contents are its newest version.';
COMMENT ON COLUMN portfolios.baskets.owner_id IS
    'Whose it is; NULL for the platform''s own, and for a shared one whose curator was erased.';
COMMENT ON COLUMN portfolios.baskets.slug IS 'Its name in an address.';
COMMENT ON CONSTRAINT baskets_slug_key ON portfolios.baskets IS
    'Among its owner''s: a taken slug tells nothing of private baskets. baskets_public_slug_key covers the others.';
COMMENT ON CONSTRAINT baskets_owner_key ON portfolios.baskets IS
    'For the foreign keys by which contents name the same owner.';
CREATE UNIQUE INDEX baskets_public_slug_key ON portfolios.baskets (slug) WHERE visibility <> 'private';
CREATE INDEX baskets_public_idx ON portfolios.baskets (id) WHERE visibility <> 'private' AND status = 'active';

CREATE TABLE portfolios.basket_versions (
    basket_id uuid NOT NULL,
    version int NOT NULL,
    private_to uuid,
    total_weight numeric(7,4) NOT NULL,
    note text,
    created_at timestamptz NOT NULL,
    CONSTRAINT basket_versions_pkey PRIMARY KEY (basket_id, version),
    CONSTRAINT basket_versions_basket_fkey FOREIGN KEY (basket_id)
        REFERENCES portfolios.baskets (id) ON DELETE CASCADE,
    CONSTRAINT basket_versions_private_to_fkey FOREIGN KEY (basket_id, private_to)
        REFERENCES portfolios.baskets (id, owner_id) ON DELETE CASCADE,
    CONSTRAINT basket_versions_version_check CHECK (version >= 1),
    CONSTRAINT basket_versions_total_weight_check CHECK (total_weight = 100),
    CONSTRAINT basket_versions_note_check CHECK (char_length(note) BETWEEN 1 AND 1000)
);
COMMENT ON TABLE portfolios.basket_versions IS
    'The contents of a basket from a moment on. Comes in through portfolios.publish_basket_version() and stays as it is.';
COMMENT ON COLUMN portfolios.basket_versions.version IS 'From 1; the highest is the one that is invested in.';
COMMENT ON COLUMN portfolios.basket_versions.private_to IS
    'The owner while the basket is private: a policy may not look into another table. It can name no one else.';
COMMENT ON COLUMN portfolios.basket_versions.total_weight IS
    'The sum of its weights in percent, as the function inserted them.';
CREATE INDEX basket_versions_private_to_idx ON portfolios.basket_versions (basket_id, private_to);

CREATE TABLE portfolios.basket_assets (
    basket_id uuid NOT NULL,
    version int NOT NULL,
    instrument_id uuid NOT NULL,
    private_to uuid,
    weight numeric(7,4) NOT NULL,
    CONSTRAINT basket_assets_pkey PRIMARY KEY (basket_id, version, instrument_id),
    CONSTRAINT basket_assets_version_fkey FOREIGN KEY (basket_id, version)
        REFERENCES portfolios.basket_versions (basket_id, version) ON DELETE CASCADE,
    CONSTRAINT basket_assets_private_to_fkey FOREIGN KEY (basket_id, private_to)
        REFERENCES portfolios.baskets (id, owner_id) ON DELETE CASCADE,
    CONSTRAINT basket_assets_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE RESTRICT,
    CONSTRAINT basket_assets_weight_check CHECK (weight > 0 AND weight <= 100)
);
COMMENT ON TABLE portfolios.basket_assets IS 'An instrument of a basket''s version. Insert only, by the function.';
COMMENT ON COLUMN portfolios.basket_assets.weight IS 'Percent of the basket''s value, exact to four decimals.';
COMMENT ON COLUMN portfolios.basket_assets.private_to IS 'As in basket_versions.';
CREATE INDEX basket_assets_private_to_idx ON portfolios.basket_assets (basket_id, private_to);
CREATE INDEX basket_assets_instrument_idx ON portfolios.basket_assets (instrument_id);

CREATE TABLE portfolios.basket_investments (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    basket_id uuid NOT NULL,
    basket_version int NOT NULL,
    amount numeric(38,18) NOT NULL,
    currency text NOT NULL,
    source portfolios.investment_source NOT NULL,
    request_key text NOT NULL,
    status portfolios.investment_status NOT NULL,
    completed_at timestamptz,
    failure_reason text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT basket_investments_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT basket_investments_portfolio_key UNIQUE (user_id, portfolio_id, id),
    CONSTRAINT basket_investments_request_key UNIQUE (user_id, request_key, source),
    CONSTRAINT basket_investments_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT basket_investments_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT basket_investments_basket_fkey FOREIGN KEY (basket_id, basket_version)
        REFERENCES portfolios.basket_versions (basket_id, version) ON DELETE RESTRICT,
    CONSTRAINT basket_investments_amount_check CHECK (amount >= 1),
    CONSTRAINT basket_investments_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT basket_investments_request_key_check CHECK (char_length(request_key) BETWEEN 1 AND 200),
    CONSTRAINT basket_investments_completed_at_check CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CONSTRAINT basket_investments_failure_reason_check CHECK (
        (status = 'failed') = (failure_reason IS NOT NULL) AND char_length(failure_reason) BETWEEN 1 AND 500),
    CONSTRAINT basket_investments_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE portfolios.basket_investments IS
    'An amount put into a basket. Its buys are transactions that name it: all of them come about, or none.';
COMMENT ON COLUMN portfolios.basket_investments.amount IS 'What was asked for; what rounding leaves over stays cash.';
COMMENT ON COLUMN portfolios.basket_investments.currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN portfolios.basket_investments.request_key IS
    'Of the request that asked for it, as rule and nominal date: the same one invests once.';
COMMENT ON CONSTRAINT basket_investments_request_key ON portfolios.basket_investments IS
    'The text before the enum: under a policy an enum does not drive an index.';
COMMENT ON CONSTRAINT basket_investments_basket_fkey ON portfolios.basket_investments IS
    'A version that somebody invested in stays, so that every holding can be explained.';
COMMENT ON CONSTRAINT basket_investments_portfolio_key ON portfolios.basket_investments IS
    'For the foreign key of transactions, which name an investment of their own portfolio.';
CREATE INDEX basket_investments_basket_idx ON portfolios.basket_investments (basket_id, basket_version);
CREATE INDEX basket_investments_open_idx ON portfolios.basket_investments (user_id, id)
    WHERE status IN ('planned', 'executing');

CREATE TABLE portfolios.transactions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    type portfolios.transaction_type NOT NULL,
    status portfolios.transaction_status NOT NULL,
    instrument_id uuid,
    quantity numeric(38,18),
    unit_price numeric(38,18),
    gross_amount numeric(38,18) NOT NULL,
    currency text NOT NULL,
    fx_rate numeric(24,12),
    split_from int,
    split_to int,
    executed_at timestamptz NOT NULL,
    basket_investment_id uuid,
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
    CONSTRAINT transactions_basket_investment_fkey FOREIGN KEY (user_id, portfolio_id, basket_investment_id)
        REFERENCES portfolios.basket_investments (user_id, portfolio_id, id) ON DELETE CASCADE,
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
COMMENT ON COLUMN portfolios.transactions.currency IS
    'The instrument''s currency where there is one; of what was reversed, the one that it had then. swift:Currency';
COMMENT ON COLUMN portfolios.transactions.fx_rate IS
    'Units of the portfolio''s base currency for one unit of currency, where the broker stated it.';
COMMENT ON COLUMN portfolios.transactions.split_to IS 'split_from shares become split_to: a 2:1 split is from 1 to 2.';
COMMENT ON COLUMN portfolios.transactions.basket_investment_id IS
    'The investment in a basket that this buy or sale is part of.';
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
CREATE INDEX transactions_basket_investment_idx
    ON portfolios.transactions (user_id, portfolio_id, basket_investment_id, executed_at, id)
    WHERE basket_investment_id IS NOT NULL;

CREATE TABLE portfolios.transaction_fees (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    kind portfolios.fee_kind NOT NULL,
    amount numeric(38,18) NOT NULL,
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
    quantity numeric(38,18) NOT NULL,
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
    quantity numeric(38,18) NOT NULL,
    currency text NOT NULL,
    cost_basis numeric(38,18) NOT NULL,
    basis_fees numeric(38,18) NOT NULL,
    average_cost numeric(38,18) NOT NULL,
    realized_gain numeric(38,18) NOT NULL,
    income numeric(38,18) NOT NULL,
    fees numeric(38,18) NOT NULL,
    lot_restatements integer NOT NULL DEFAULT 0,
    capital_returned numeric(38,18) NOT NULL DEFAULT 0,
    repaid_quantity numeric(38,18) NOT NULL DEFAULT 0,
    latest_at timestamptz,
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
    CONSTRAINT portfolio_holdings_fees_check CHECK (fees >= 0),
    CONSTRAINT portfolio_holdings_lot_restatements_check CHECK (lot_restatements >= 0),
    CONSTRAINT portfolio_holdings_capital_returned_check CHECK (capital_returned >= 0),
    CONSTRAINT portfolio_holdings_repaid_quantity_check CHECK (repaid_quantity BETWEEN 0 AND quantity)
);
COMMENT ON TABLE portfolios.portfolio_holdings IS
    'The roll-up of one instrument in one portfolio. Stays, at quantity 0, after a full exit: gains and income are history.';
COMMENT ON COLUMN portfolios.portfolio_holdings.currency IS 'The instrument''s currency. swift:Currency';
COMMENT ON COLUMN portfolios.portfolio_holdings.cost_basis IS 'What the shares still held cost, fees of buying included.';
COMMENT ON COLUMN portfolios.portfolio_holdings.basis_fees IS 'The part of cost_basis that is fees.';
COMMENT ON COLUMN portfolios.portfolio_holdings.income IS 'Dividends and interest since the beginning, before fees.';
COMMENT ON COLUMN portfolios.portfolio_holdings.fees IS 'Every fee since the beginning, those in cost and proceeds included.';
COMMENT ON COLUMN portfolios.portfolio_holdings.lot_restatements IS
    'How often splits changed an open lot; limited for a portfolio.';
COMMENT ON COLUMN portfolios.portfolio_holdings.capital_returned IS
    'Capital that came back on each share since the last split. A lot is lowered by it when it is next taken from.';
COMMENT ON COLUMN portfolios.portfolio_holdings.repaid_quantity IS
    'Shares of lots whose cost has come back altogether: capital that comes back on them is gain.';
COMMENT ON COLUMN portfolios.portfolio_holdings.latest_at IS
    'From when the latest transaction counts. What comes after it needs no replay.';
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
    amount numeric(38,18) NOT NULL,
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
    quantity numeric(38,18) NOT NULL,
    remaining numeric(38,18) NOT NULL,
    currency text NOT NULL,
    cost numeric(38,18) NOT NULL,
    remaining_cost numeric(38,18) NOT NULL,
    fees numeric(38,18) NOT NULL,
    remaining_fees numeric(38,18) NOT NULL,
    unit_basis numeric(38,18),
    capital_returned numeric(38,18) NOT NULL DEFAULT 0,
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
    CONSTRAINT lots_remaining_fees_check CHECK (remaining_fees BETWEEN 0 AND least(fees, remaining_cost)),
    CONSTRAINT lots_unit_basis_check CHECK (unit_basis >= 0),
    CONSTRAINT lots_capital_returned_check CHECK (capital_returned >= 0)
);
COMMENT ON TABLE portfolios.lots IS
    'What came in together and what is left of it, as it was last taken from; the holding says what it costs by now.';
COMMENT ON COLUMN portfolios.lots.instrument_id IS 'swift:Instrument.ID';
COMMENT ON COLUMN portfolios.lots.currency IS 'The instrument''s currency. swift:Currency';
COMMENT ON COLUMN portfolios.lots.quantity IS 'In the shares of today: a split restates it.';
COMMENT ON COLUMN portfolios.lots.cost IS 'Total, fees included; a unit price is derived and never multiplied back.';
COMMENT ON COLUMN portfolios.lots.fees IS 'The part of cost that is fees.';
COMMENT ON COLUMN portfolios.lots.unit_basis IS
    'What a share cost at the opening, and what had come back on one by then, restated by splits; 0 where repaid. NULL: average.';
COMMENT ON COLUMN portfolios.lots.capital_returned IS
    'The holding''s figure when the lot was last taken from.';
CREATE INDEX lots_opened_at_idx ON portfolios.lots (user_id, portfolio_id, instrument_id, opened_at, id);
CREATE INDEX lots_open_idx ON portfolios.lots (user_id, portfolio_id, instrument_id, opened_at, id) WHERE remaining > 0;
CREATE INDEX lots_unit_basis_idx
    ON portfolios.lots (user_id, portfolio_id, instrument_id, unit_basis DESC, opened_at, id)
    WHERE remaining > 0 AND unit_basis > 0;
CREATE INDEX lots_opened_by_idx ON portfolios.lots (user_id, portfolio_id, opened_by);

CREATE TABLE portfolios.lot_closures (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    lot_id uuid,
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,
    kind portfolios.closure_kind NOT NULL,
    quantity numeric(38,18) NOT NULL,
    proceeds numeric(38,18) NOT NULL,
    sale_fees numeric(38,18) NOT NULL,
    cost numeric(38,18) NOT NULL,
    cost_fees numeric(38,18) NOT NULL,
    realized_gain numeric(38,18) NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT lot_closures_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT lot_closures_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT lot_closures_holding_fkey FOREIGN KEY (user_id, portfolio_id, instrument_id)
        REFERENCES portfolios.portfolio_holdings (user_id, portfolio_id, instrument_id) ON DELETE CASCADE,
    CONSTRAINT lot_closures_lot_fkey FOREIGN KEY (user_id, portfolio_id, lot_id)
        REFERENCES portfolios.lots (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT lot_closures_closed_by_fkey FOREIGN KEY (user_id, portfolio_id, closed_by)
        REFERENCES portfolios.transactions (user_id, portfolio_id, id) ON DELETE CASCADE,
    CONSTRAINT lot_closures_lot_check CHECK ((kind = 'return_of_capital') = (lot_id IS NULL)),
    CONSTRAINT lot_closures_quantity_check CHECK (quantity >= 0 AND (kind = 'return_of_capital') = (quantity = 0)),
    CONSTRAINT lot_closures_sale_fees_check CHECK (sale_fees >= 0 AND (kind = 'sale' OR sale_fees = 0)),
    CONSTRAINT lot_closures_cost_check CHECK (cost >= 0),
    CONSTRAINT lot_closures_cost_fees_check CHECK (cost_fees BETWEEN 0 AND cost),
    CONSTRAINT lot_closures_realized_gain_check CHECK (
        realized_gain = proceeds - cost AND (kind <> 'transfer' OR realized_gain = 0))
);
COMMENT ON TABLE portfolios.lot_closures IS
    'Cost that left a lot, and what came for it. Returned capital takes cost of all lots, and no shares.';
COMMENT ON COLUMN portfolios.lot_closures.instrument_id IS 'swift:Instrument.ID';
COMMENT ON COLUMN portfolios.lot_closures.proceeds IS 'After the fees of the sale; equal to cost for what was transferred out.';
COMMENT ON COLUMN portfolios.lot_closures.sale_fees IS 'Already taken off proceeds.';
COMMENT ON COLUMN portfolios.lot_closures.cost IS 'The cost that left, fees of buying included.';
COMMENT ON COLUMN portfolios.lot_closures.cost_fees IS 'The part of cost that is fees of buying.';
CREATE INDEX lot_closures_lot_idx ON portfolios.lot_closures (user_id, portfolio_id, lot_id);
CREATE INDEX lot_closures_instrument_idx
    ON portfolios.lot_closures (user_id, portfolio_id, instrument_id, closed_at, id);
CREATE INDEX lot_closures_closed_by_idx ON portfolios.lot_closures (user_id, portfolio_id, closed_by);
CREATE INDEX lot_closures_closed_at_idx ON portfolios.lot_closures (user_id, portfolio_id, closed_at, id);

CREATE TABLE portfolios.cash_balances (
    user_id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    currency text NOT NULL,
    balance numeric(38,18) NOT NULL,
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

CREATE TABLE portfolios.basket_subscriptions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    basket_id uuid NOT NULL,
    drift_absolute numeric(7,4),
    drift_relative numeric(7,4),
    calendar portfolios.rebalance_calendar NOT NULL,
    minimum_order numeric(38,18) NOT NULL,
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
    amount numeric(38,18) NOT NULL,
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
    value numeric(38,18) NOT NULL,
    net_invested numeric(38,18) NOT NULL,
    cash numeric(38,18) NOT NULL,
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
COMMENT ON COLUMN portfolios.portfolio_snapshots.value IS 'Holdings and cash.';
COMMENT ON COLUMN portfolios.portfolio_snapshots.net_invested IS
    'Deposits and transfers in, less what was taken out, up to the day: below zero when more was taken than put in.';
COMMENT ON COLUMN portfolios.portfolio_snapshots.has_stale_prices IS
    'True where the last traded price of a holding stood in.';

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
CREATE STATISTICS portfolios.portfolio_snapshots_portfolio_stats (dependencies)
    ON user_id, portfolio_id FROM portfolios.portfolio_snapshots;

-- The second wall: every statement says user_id itself.
ALTER TABLE portfolios.portfolios ENABLE ROW LEVEL SECURITY;
CREATE POLICY portfolios_owner ON portfolios.portfolios TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
-- Who has portfolios to value at the end of a day.
CREATE POLICY portfolios_worker ON portfolios.portfolios FOR SELECT TO portfolios_worker USING (true);
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
-- A catalogue row is visible when its owner is nobody or the acting user; a shared basket to everyone.
ALTER TABLE portfolios.baskets ENABLE ROW LEVEL SECURITY;
CREATE POLICY baskets_owner ON portfolios.baskets TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY baskets_published ON portfolios.baskets FOR SELECT TO PUBLIC
    USING (visibility <> 'private' AND status <> 'draft');
ALTER TABLE portfolios.basket_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY basket_versions_visible ON portfolios.basket_versions FOR SELECT TO PUBLIC
    USING (private_to IS NULL OR private_to = app.current_user_id());
ALTER TABLE portfolios.basket_assets ENABLE ROW LEVEL SECURITY;
CREATE POLICY basket_assets_visible ON portfolios.basket_assets FOR SELECT TO PUBLIC
    USING (private_to IS NULL OR private_to = app.current_user_id());
ALTER TABLE portfolios.basket_investments ENABLE ROW LEVEL SECURITY;
CREATE POLICY basket_investments_owner ON portfolios.basket_investments TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY basket_investments_worker ON portfolios.basket_investments FOR SELECT TO portfolios_worker USING (true);
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

-- Whether a transaction that counts is in an instrument, in any portfolio of the acting user. Whoever posts to one holds
-- its row, so they are waited for; and what was planned for their books before is planned again.
CREATE FUNCTION portfolios.has_booked(instrument_id uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    acting_user uuid := app.current_user_id();
BEGIN
    UPDATE portfolios.portfolios AS p SET books_revision = p.books_revision + 1 WHERE p.user_id = acting_user;
    RETURN EXISTS (
        SELECT FROM portfolios.transactions AS t
        WHERE t.user_id = acting_user AND t.instrument_id = has_booked.instrument_id
            AND t.status IN ('pending', 'completed') AND t.reverses IS NULL);
END
$$;
COMMENT ON FUNCTION portfolios.has_booked IS
    'Whether the acting user''s books have something that counts in an instrument; they stay as they are until the end.';

-- The one door for the contents of a basket. Who acts must own it; the platform's own are for operators. The version
-- and its assets are one statement, so that the sum is that of the rows that went in.
CREATE FUNCTION portfolios.publish_basket_version(
    basket_id uuid,
    instrument_ids uuid[],
    weights numeric[],
    note text,
    at timestamptz
) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    acting_user uuid := app.current_user_id();
    basket portfolios.baskets;
    new_version int;
    stranger uuid;
BEGIN
    -- The lock makes the versions of one basket come one after the other.
    SELECT b.* INTO basket FROM portfolios.baskets AS b
    WHERE b.id = publish_basket_version.basket_id
        AND (b.owner_id = acting_user
            OR b.owner_id IS NULL AND EXISTS (
                SELECT FROM users.users AS u WHERE u.id = acting_user AND u.is_operator))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'publish_basket_version needs a basket that the acting user may change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF cardinality(instrument_ids) <> cardinality(weights) THEN
        RAISE EXCEPTION 'publish_basket_version needs a weight for every instrument'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- What others may see holds only what others may see.
    SELECT asset.id INTO stranger
    FROM unnest(instrument_ids) AS asset (id)
    WHERE NOT EXISTS (
        SELECT FROM market.instruments AS i
        WHERE i.id = asset.id
            AND (i.owner_id IS NULL OR basket.visibility = 'private' AND i.owner_id = basket.owner_id))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the basket may not hold the instrument %', stranger
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'portfolios', TABLE = 'basket_assets',
                CONSTRAINT = 'basket_assets_instrument_fkey';
    END IF;
    SELECT coalesce(max(v.version), 0) + 1 INTO new_version
    FROM portfolios.basket_versions AS v WHERE v.basket_id = basket.id;
    WITH assets AS (
        INSERT INTO portfolios.basket_assets (basket_id, version, instrument_id, private_to, weight)
        SELECT basket.id, new_version, asset.id, CASE WHEN basket.visibility = 'private' THEN basket.owner_id END,
            asset.weight
        FROM unnest(instrument_ids, weights) AS asset (id, weight)
        RETURNING weight
    )
    INSERT INTO portfolios.basket_versions (basket_id, version, private_to, total_weight, note, created_at)
    SELECT basket.id, new_version, CASE WHEN basket.visibility = 'private' THEN basket.owner_id END,
        coalesce(sum(assets.weight), 0), publish_basket_version.note, publish_basket_version.at
    FROM assets;
    RETURN new_version;
END
$$;
COMMENT ON FUNCTION portfolios.publish_basket_version IS
    'Makes the next version of a basket from instruments and their weights in percent, and gives its number.';

-- A private basket becomes everyone's to see: its contents must lose their owner in the same breath.
CREATE FUNCTION portfolios.share_basket(basket_id uuid, at timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    acting_user uuid := app.current_user_id();
    shared uuid;
BEGIN
    SELECT b.id INTO shared FROM portfolios.baskets AS b
    WHERE b.id = share_basket.basket_id AND b.owner_id = acting_user AND b.visibility = 'private'
        AND EXISTS (
            SELECT FROM users.curator_profiles AS c WHERE c.user_id = acting_user AND c.status = 'approved')
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM portfolios.basket_assets AS a JOIN market.instruments AS i ON i.id = a.instrument_id
        WHERE a.basket_id = shared AND i.owner_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a basket with private instruments cannot be shared'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'portfolios', TABLE = 'basket_assets',
                CONSTRAINT = 'basket_assets_instrument_fkey';
    END IF;
    UPDATE portfolios.basket_assets AS a SET private_to = NULL WHERE a.basket_id = shared;
    UPDATE portfolios.basket_versions AS v SET private_to = NULL WHERE v.basket_id = shared;
    UPDATE portfolios.baskets AS b
    SET visibility = 'shared', revision = b.revision + 1, updated_at = share_basket.at
    WHERE b.id = shared;
    RETURN shared;
END
$$;
COMMENT ON FUNCTION portfolios.share_basket IS
    'Shares a private basket of the acting user, who must be an approved curator; NULL where there is none to share.';

REVOKE ALL ON FUNCTION portfolios.has_booked FROM PUBLIC;
REVOKE ALL ON FUNCTION portfolios.publish_basket_version FROM PUBLIC;
REVOKE ALL ON FUNCTION portfolios.share_basket FROM PUBLIC;
