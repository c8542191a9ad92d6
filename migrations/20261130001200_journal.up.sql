-- Journal: what an options trader wrote down. The entries are the only truth: positions and profit are derived, and
-- are stored nowhere.

CREATE SCHEMA journal;

CREATE TYPE journal.premium_policy AS ENUM ('income', 'into_shares');
COMMENT ON TYPE journal.premium_policy IS
    'What an assigned option''s premium is: income, or part of what the shares cost.';
CREATE TYPE journal.month_policy AS ENUM ('cash', 'close', 'termination');
COMMENT ON TYPE journal.month_policy IS
    'The month in which profit counts: of the cash, of the close, or of the contract''s end.';
CREATE TYPE journal.journal_entry_type AS ENUM (
    'sell_to_open', 'buy_to_close', 'buy_to_open', 'sell_to_close', 'expiration', 'assignment_shares', 'exercise',
    'share_purchase', 'share_sale', 'dividend', 'fee', 'transfer', 'correction', 'option_premium');
CREATE TYPE journal.option_right AS ENUM ('call', 'put');
CREATE TYPE journal.import_status AS ENUM ('completed', 'failed');

CREATE TABLE journal.accounts (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    broker text NOT NULL,
    currency text NOT NULL,
    premium_policy journal.premium_policy NOT NULL,
    month_policy journal.month_policy NOT NULL,
    opened_on date NOT NULL,
    archived_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT accounts_name_key UNIQUE (user_id, name),
    CONSTRAINT accounts_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT accounts_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT accounts_broker_check CHECK (char_length(broker) BETWEEN 1 AND 80),
    CONSTRAINT accounts_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT accounts_opened_on_check CHECK (opened_on >= DATE '1900-01-01'),
    CONSTRAINT accounts_archived_at_check CHECK (archived_at >= created_at),
    CONSTRAINT accounts_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE journal.accounts IS 'An account at a broker, as its owner keeps it. Nothing here reaches the broker.';
COMMENT ON COLUMN journal.accounts.currency IS 'Of every amount of its entries. swift:Currency';

CREATE TABLE journal.imports (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    file_hash bytea NOT NULL,
    file_name text NOT NULL,
    status journal.import_status NOT NULL,
    rows_read int NOT NULL,
    rows_imported int NOT NULL,
    rows_repaired int NOT NULL,
    report jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT imports_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT imports_account_key UNIQUE (user_id, account_id, id),
    CONSTRAINT imports_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT imports_account_fkey FOREIGN KEY (user_id, account_id)
        REFERENCES journal.accounts (user_id, id) ON DELETE CASCADE,
    CONSTRAINT imports_file_hash_check CHECK (octet_length(file_hash) = 32),
    CONSTRAINT imports_file_name_check CHECK (char_length(file_name) BETWEEN 1 AND 255),
    CONSTRAINT imports_rows_check CHECK (
        rows_read >= 0 AND rows_imported BETWEEN 0 AND rows_read AND rows_repaired BETWEEN 0 AND rows_imported
        AND (status = 'completed' OR rows_imported = 0)),
    CONSTRAINT imports_report_check CHECK (jsonb_typeof(report) = 'object' AND octet_length(report::text) <= 1048576)
);
COMMENT ON TABLE journal.imports IS
    'A file that was brought over. A dry run leaves no row; a second upload of a file that came in is a no-op.';
COMMENT ON COLUMN journal.imports.file_hash IS 'SHA-256 of the file''s bytes.';
COMMENT ON COLUMN journal.imports.rows_repaired IS
    'Of the imported ones, those that were changed on the owner''s word.';
COMMENT ON COLUMN journal.imports.report IS
    'What was dropped, repaired and rounded, and cash and positions before and after.';
COMMENT ON CONSTRAINT imports_account_key ON journal.imports IS
    'For the foreign key of entries, which come from a file of their own account.';
CREATE UNIQUE INDEX imports_file_hash_key ON journal.imports (user_id, file_hash) WHERE status = 'completed';
COMMENT ON INDEX journal.imports_file_hash_key IS 'A file comes in once; one that failed may be tried again.';

CREATE TABLE journal.journal_entries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    at timestamptz NOT NULL,
    type journal.journal_entry_type NOT NULL,
    symbol text,
    underlying text,
    expiration date,
    strike numeric(38,18),
    "right" journal.option_right,
    quantity numeric(38,18),
    price numeric(38,18),
    amount numeric(38,18) NOT NULL,
    fees numeric(38,18) NOT NULL,
    multiplier numeric(38,18) NOT NULL,
    chain uuid,
    corrects uuid,
    import_id uuid,
    external_id text,
    note text,
    tags text[] NOT NULL,
    deleted_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT journal_entries_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT journal_entries_account_key UNIQUE (user_id, account_id, id),
    CONSTRAINT journal_entries_external_id_key UNIQUE (user_id, account_id, external_id),
    CONSTRAINT journal_entries_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT journal_entries_account_fkey FOREIGN KEY (user_id, account_id)
        REFERENCES journal.accounts (user_id, id) ON DELETE CASCADE,
    CONSTRAINT journal_entries_corrects_fkey FOREIGN KEY (user_id, account_id, corrects)
        REFERENCES journal.journal_entries (user_id, account_id, id) ON DELETE CASCADE,
    CONSTRAINT journal_entries_import_fkey FOREIGN KEY (user_id, account_id, import_id)
        REFERENCES journal.imports (user_id, account_id, id) ON DELETE CASCADE,
    CONSTRAINT journal_entries_at_check CHECK (at >= '1900-01-01T00:00:00Z'),
    CONSTRAINT journal_entries_symbol_check CHECK (char_length(symbol) BETWEEN 1 AND 40 AND symbol = btrim(symbol)),
    CONSTRAINT journal_entries_underlying_check CHECK (
        char_length(underlying) BETWEEN 1 AND 20 AND underlying = btrim(underlying)),
    CONSTRAINT journal_entries_option_check CHECK (
        type NOT IN ('sell_to_open', 'buy_to_close', 'buy_to_open', 'sell_to_close', 'expiration',
            'assignment_shares', 'exercise')
        OR num_nulls(symbol, underlying, expiration, strike, "right", quantity) = 0),
    CONSTRAINT journal_entries_shares_check CHECK (
        type NOT IN ('share_purchase', 'share_sale') OR num_nulls(symbol, quantity, price) = 0),
    CONSTRAINT journal_entries_strike_check CHECK (strike > 0),
    CONSTRAINT journal_entries_quantity_check CHECK (quantity > 0),
    CONSTRAINT journal_entries_price_check CHECK (price >= 0),
    CONSTRAINT journal_entries_fees_check CHECK (fees >= 0),
    CONSTRAINT journal_entries_multiplier_check CHECK (multiplier > 0),
    CONSTRAINT journal_entries_corrects_check CHECK (
        corrects <> id AND (type <> 'correction' OR corrects IS NOT NULL)),
    CONSTRAINT journal_entries_external_id_check CHECK (char_length(external_id) BETWEEN 1 AND 200),
    CONSTRAINT journal_entries_note_check CHECK (char_length(note) BETWEEN 1 AND 4000),
    CONSTRAINT journal_entries_tags_check CHECK (
        cardinality(tags) <= 20 AND array_position(tags, NULL) IS NULL AND octet_length(tags::text) <= 2000),
    CONSTRAINT journal_entries_deleted_at_check CHECK (deleted_at >= created_at),
    CONSTRAINT journal_entries_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE journal.journal_entries IS
    'A line of the journal, in the order of (at, id). A correction is appended; a deletion is a mark.';
COMMENT ON COLUMN journal.journal_entries.symbol IS
    'Of the shares, or the option''s own; an entry about cash has none.';
COMMENT ON COLUMN journal.journal_entries.underlying IS 'What the option is on.';
COMMENT ON COLUMN journal.journal_entries.quantity IS 'Contracts or shares; the type says the direction.';
COMMENT ON COLUMN journal.journal_entries.price IS
    'A share''s, for options too: times quantity and multiplier it is the premium.';
COMMENT ON COLUMN journal.journal_entries.amount IS
    'What it does to cash before fees: above zero for what came in, 0 for an expiration.';
COMMENT ON COLUMN journal.journal_entries.multiplier IS
    'Shares a contract delivers: 100, another after an adjustment, 1 for shares.';
COMMENT ON COLUMN journal.journal_entries.chain IS
    'Shared by the entries of a roll, and by those that lead to it; of no table.';
COMMENT ON COLUMN journal.journal_entries.corrects IS 'The entry that this one stands in for.';
COMMENT ON COLUMN journal.journal_entries.import_id IS 'The file that it came from.';
COMMENT ON COLUMN journal.journal_entries.external_id IS 'The broker''s or the old journal''s id: each comes in once.';
COMMENT ON COLUMN journal.journal_entries.deleted_at IS 'The mark.';
CREATE INDEX journal_entries_symbol_idx ON journal.journal_entries (user_id, symbol, at, id) WHERE deleted_at IS NULL;
CREATE INDEX journal_entries_at_idx ON journal.journal_entries (user_id, at, id) WHERE deleted_at IS NULL;
CREATE INDEX journal_entries_type_idx ON journal.journal_entries (user_id, type) INCLUDE (amount, fees)
    WHERE deleted_at IS NULL;
COMMENT ON INDEX journal.journal_entries_type_idx IS
    'Sums by type without the rows themselves. Under a policy an enum cannot lead a search: a list of one type goes by at.';
CREATE INDEX journal_entries_live_account_idx ON journal.journal_entries (user_id, account_id, at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX journal_entries_chain_idx ON journal.journal_entries (user_id, chain, at, id)
    WHERE chain IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX journal_entries_corrects_idx ON journal.journal_entries (user_id, account_id, corrects, id)
    WHERE corrects IS NOT NULL;
CREATE INDEX journal_entries_import_idx ON journal.journal_entries (user_id, account_id, import_id, at, id)
    WHERE import_id IS NOT NULL;

ALTER TABLE journal.accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY accounts_owner ON journal.accounts TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE journal.imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY imports_owner ON journal.imports TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE journal.journal_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY journal_entries_owner ON journal.journal_entries TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
