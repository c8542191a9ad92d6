-- Market: instruments, their daily bars and last prices, exchange rates, corporate actions, trading days, the feed of
-- congress filings, feeds of providers, and how far each of them and each job has come.
-- All but private instruments is catalogue: every service may read it, only Market writes it.

CREATE SCHEMA market;

-- What finds a part of a name by an index. It is trusted: an owner of the database may create it.
CREATE EXTENSION pg_trgm SCHEMA market;

CREATE TYPE market.instrument_class AS ENUM (
    'equity', 'etf', 'crypto', 'bond', 'commodity', 'option', 'cash'
);

CREATE TYPE market.corporate_action_kind AS ENUM (
    'split', 'dividend', 'return_of_capital', 'symbol_change'
);

CREATE TYPE market.price_adjustment AS ENUM ('unknown', 'raw', 'splits', 'splits_and_dividends');
COMMENT ON TYPE market.price_adjustment IS
    'What the figures of a series are adjusted to: raw is as traded; unknown is taken as traded, where nothing speaks against it.';

CREATE TYPE market.congress_chamber AS ENUM ('house', 'senate');
CREATE TYPE market.congress_transaction AS ENUM ('purchase', 'sale', 'sale_partial', 'sale_full', 'exchange', 'other');
CREATE TYPE market.congress_owner AS ENUM ('self', 'spouse', 'joint', 'dependent', 'other');
CREATE TYPE market.job_run_status AS ENUM ('pending', 'running', 'succeeded', 'failed', 'skipped');
CREATE TYPE market.feed_content AS ENUM ('bars', 'exchange_rates', 'corporate_actions');

CREATE TABLE market.instruments (
    id uuid NOT NULL,
    owner_id uuid,
    source text NOT NULL,
    exchange text NOT NULL DEFAULT '',
    symbol text NOT NULL,
    name text NOT NULL,
    class market.instrument_class NOT NULL,
    currency text NOT NULL,
    calendar text,
    isin text,
    active boolean NOT NULL DEFAULT true,
    fractionable boolean NOT NULL DEFAULT true,
    revision integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT instruments_pkey PRIMARY KEY (id),
    CONSTRAINT instruments_listing_key UNIQUE NULLS NOT DISTINCT (owner_id, source, exchange, symbol),
    CONSTRAINT instruments_owner_fkey FOREIGN KEY (owner_id) REFERENCES users.users ON DELETE CASCADE,
    CONSTRAINT instruments_source_check CHECK (source ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    CONSTRAINT instruments_exchange_check CHECK (exchange ~ '^[A-Z0-9.]{0,20}$'),
    CONSTRAINT instruments_symbol_check CHECK (length(symbol) BETWEEN 1 AND 100 AND symbol = btrim(symbol)),
    CONSTRAINT instruments_name_check CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT instruments_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT instruments_calendar_check CHECK (calendar ~ '^[A-Z0-9]{4}$'),
    CONSTRAINT instruments_isin_check CHECK (isin ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$'),
    CONSTRAINT instruments_revision_check CHECK (revision >= 1)
);

-- The list of instruments is read in this order, page by page.
CREATE INDEX instruments_symbol_idx ON market.instruments (symbol, id);
-- What market.search_instruments() looks in. Without a list of what is pending, which makes it dear until the next VACUUM.
CREATE INDEX instruments_search_idx ON market.instruments
    USING gin (lower(symbol || ' ' || name || ' ' || coalesce(isin, '')) market.gin_trgm_ops) WITH (fastupdate = off);

COMMENT ON TABLE market.instruments IS
    'What can be held. A row without an owner is shared; a row with one is private until an operator adopts it.';
COMMENT ON COLUMN market.instruments.owner_id IS
    'Whose private instrument this is; NULL when it is shared. Rows cascade with their owner, adopted ones do not.';
COMMENT ON COLUMN market.instruments.source IS
    'Who names the symbol, in capitals, as portfolio files write it: YAHOO, COINGECKO, MANUAL.';
COMMENT ON COLUMN market.instruments.exchange IS
    'The exchange''s code; empty where the source does not tell one, so that the key never holds a NULL.';
COMMENT ON COLUMN market.instruments.currency IS 'ISO 4217 code of its prices. swift:Currency';
COMMENT ON COLUMN market.instruments.calendar IS
    'Whose sessions it is traded in: an exchange of trading_days. NULL is not known; coins always, others Monday to Friday.';
COMMENT ON COLUMN market.instruments.isin IS 'ISO 6166, where an operator gave it. Several listings may have one.';
COMMENT ON CONSTRAINT instruments_listing_key ON market.instruments IS
    'NULLS NOT DISTINCT: one shared row for a listing, and one private row for each owner.';

ALTER TABLE market.instruments ENABLE ROW LEVEL SECURITY;
CREATE POLICY instruments_owner ON market.instruments TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());

CREATE TABLE market.price_bars (
    instrument_id uuid NOT NULL,
    day date NOT NULL,
    open numeric(38,18) NOT NULL,
    high numeric(38,18) NOT NULL,
    low numeric(38,18) NOT NULL,
    close numeric(38,18) NOT NULL,
    volume numeric(38,18) NOT NULL,
    source text NOT NULL,
    adjusted market.price_adjustment NOT NULL DEFAULT 'unknown',
    as_of date NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT price_bars_pkey PRIMARY KEY (instrument_id, day),
    CONSTRAINT price_bars_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments ON DELETE CASCADE,
    CONSTRAINT price_bars_positive_check CHECK (open > 0 AND high > 0 AND low > 0 AND close > 0),
    CONSTRAINT price_bars_range_check CHECK (
        low <= open AND low <= close AND open <= high AND close <= high
    ),
    CONSTRAINT price_bars_volume_check CHECK (volume >= 0)
);

COMMENT ON TABLE market.price_bars IS
    'One trading day of one shared instrument, in the instrument''s currency. A private instrument has no bars of its own.';
COMMENT ON COLUMN market.price_bars.as_of IS
    'The UTC day on which these figures were brought: adjusted ones know the splits until then, and none after it.';
COMMENT ON COLUMN market.price_bars.volume IS 'Units traded; below 10^20, as every quantity.';

CREATE TABLE market.owner_prices (
    user_id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    day date NOT NULL,
    price numeric(38,18) NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT owner_prices_pkey PRIMARY KEY (user_id, instrument_id, day),
    CONSTRAINT owner_prices_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT owner_prices_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE CASCADE,
    CONSTRAINT owner_prices_price_check CHECK (price > 0)
);
COMMENT ON TABLE market.owner_prices IS
    'What a private instrument cost on a day by its owner''s word, in the instrument''s currency, as traded.';
CREATE INDEX owner_prices_instrument_idx ON market.owner_prices (instrument_id);

ALTER TABLE market.owner_prices ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_prices_owner ON market.owner_prices TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());

CREATE TABLE market.quotes (
    instrument_id uuid NOT NULL,
    price numeric(38,18) NOT NULL,
    quoted_at timestamptz NOT NULL,
    source text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT quotes_pkey PRIMARY KEY (instrument_id),
    CONSTRAINT quotes_instrument_fkey FOREIGN KEY (instrument_id) REFERENCES market.instruments (id) ON DELETE CASCADE,
    CONSTRAINT quotes_price_check CHECK (price > 0),
    CONSTRAINT quotes_source_check CHECK (source ~ '^[A-Z][A-Z0-9_]{0,39}$')
);
COMMENT ON TABLE market.quotes IS 'The last price of a shared instrument, in the instrument''s currency.';
COMMENT ON COLUMN market.quotes.quoted_at IS 'When it was traded or quoted. An older one never replaces it.';

CREATE TABLE market.exchange_rates (
    base text NOT NULL,
    quote text NOT NULL,
    day date NOT NULL,
    rate numeric(24, 12) NOT NULL,
    source text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT exchange_rates_pkey PRIMARY KEY (base, quote, day),
    CONSTRAINT exchange_rates_base_check CHECK (base ~ '^[A-Z]{3}$'),
    CONSTRAINT exchange_rates_quote_check CHECK (quote ~ '^[A-Z]{3}$'),
    CONSTRAINT exchange_rates_pair_check CHECK (base <> quote),
    CONSTRAINT exchange_rates_rate_check CHECK (rate > 0)
);

COMMENT ON TABLE market.exchange_rates IS 'How many units of the quote currency one unit of the base bought on a day.';
COMMENT ON COLUMN market.exchange_rates.base IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN market.exchange_rates.quote IS 'ISO 4217 code. swift:Currency';

CREATE TABLE market.corporate_actions (
    id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    kind market.corporate_action_kind NOT NULL,
    ex_date date NOT NULL,
    new_shares numeric(38,18),
    old_shares numeric(38,18),
    amount numeric(38,18),
    currency text,
    new_symbol text,
    source text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT corporate_actions_pkey PRIMARY KEY (id),
    CONSTRAINT corporate_actions_event_key UNIQUE (instrument_id, kind, ex_date),
    CONSTRAINT corporate_actions_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments ON DELETE CASCADE,
    CONSTRAINT corporate_actions_shares_check CHECK (new_shares > 0 AND old_shares > 0),
    CONSTRAINT corporate_actions_amount_check CHECK (amount > 0),
    CONSTRAINT corporate_actions_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT corporate_actions_symbol_check CHECK (
        length(new_symbol) BETWEEN 1 AND 100 AND new_symbol = btrim(new_symbol)
    ),
    CONSTRAINT corporate_actions_kind_check CHECK (
        CASE kind
            WHEN 'split' THEN num_nulls(new_shares, old_shares) = 0
                AND num_nonnulls(amount, currency, new_symbol) = 0
            WHEN 'symbol_change' THEN new_symbol IS NOT NULL
                AND num_nonnulls(new_shares, old_shares, amount, currency) = 0
            ELSE num_nulls(amount, currency) = 0
                AND num_nonnulls(new_shares, old_shares, new_symbol) = 0
        END
    )
);

COMMENT ON COLUMN market.corporate_actions.new_shares IS
    'new_shares for old_shares: two figures, since one for three is no finite decimal.';
COMMENT ON COLUMN market.corporate_actions.amount IS 'A share''s dividend or returned capital, gross.';
COMMENT ON COLUMN market.corporate_actions.currency IS 'ISO 4217 code of the amount. swift:Currency';
COMMENT ON CONSTRAINT corporate_actions_event_key ON market.corporate_actions IS
    'Two dividends with one ex-date are one row with their sum.';

CREATE TABLE market.trading_days (
    exchange text NOT NULL,
    day date NOT NULL,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    source text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT trading_days_pkey PRIMARY KEY (exchange, day),
    CONSTRAINT trading_days_exchange_check CHECK (exchange ~ '^[A-Z0-9.]{1,20}$'),
    CONSTRAINT trading_days_hours_check CHECK (opens_at < closes_at),
    CONSTRAINT trading_days_source_check CHECK (source ~ '^[A-Z][A-Z0-9_]{0,39}$')
);
COMMENT ON TABLE market.trading_days IS
    'The days on which an exchange trades; a day that is not here is none. Half days close early.';
COMMENT ON COLUMN market.trading_days.day IS 'The exchange''s own day.';
COMMENT ON COLUMN market.trading_days.opens_at IS 'A moment, so that the exchange''s daylight saving is settled here.';

CREATE TABLE market.congress_trades (
    id uuid NOT NULL,
    source_hash bytea NOT NULL,
    source text NOT NULL,
    member text NOT NULL,
    bioguide_id text,
    chamber market.congress_chamber NOT NULL,
    party text,
    ticker text,
    transaction market.congress_transaction NOT NULL,
    traded_on date NOT NULL,
    filed_on date NOT NULL,
    amount_low numeric(38,18) NOT NULL,
    amount_high numeric(38,18),
    owner market.congress_owner NOT NULL,
    ordinal int NOT NULL,
    raw jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT congress_trades_pkey PRIMARY KEY (id),
    CONSTRAINT congress_trades_source_hash_key UNIQUE (source_hash),
    CONSTRAINT congress_trades_source_hash_check CHECK (octet_length(source_hash) = 32),
    CONSTRAINT congress_trades_source_check CHECK (source ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    CONSTRAINT congress_trades_member_check CHECK (char_length(member) BETWEEN 1 AND 200),
    CONSTRAINT congress_trades_bioguide_id_check CHECK (bioguide_id ~ '^[A-Z][0-9]{6}$'),
    CONSTRAINT congress_trades_party_check CHECK (char_length(party) BETWEEN 1 AND 40),
    CONSTRAINT congress_trades_ticker_check CHECK (char_length(ticker) BETWEEN 1 AND 20 AND ticker = btrim(ticker)),
    CONSTRAINT congress_trades_filed_on_check CHECK (filed_on >= traded_on),
    CONSTRAINT congress_trades_amount_check CHECK (amount_low >= 0 AND amount_low <= amount_high),
    CONSTRAINT congress_trades_ordinal_check CHECK (ordinal >= 1),
    CONSTRAINT congress_trades_raw_check CHECK (jsonb_typeof(raw) = 'object' AND octet_length(raw::text) <= 65536)
);
COMMENT ON TABLE market.congress_trades IS
    'The feed of filings by members of the United States Congress, each once. Insert only.';
COMMENT ON COLUMN market.congress_trades.source_hash IS
    'SHA-256 over member, ticker, transaction, days, amounts, owner and ordinal: two equal purchases are two.';
COMMENT ON COLUMN market.congress_trades.ticker IS 'As it was filed; NULL where the asset has none.';
COMMENT ON COLUMN market.congress_trades.filed_on IS
    'A day without a time: a feed is read with a look-back window, never from a moment.';
COMMENT ON COLUMN market.congress_trades.amount_low IS 'US dollars; filings give a range.';
COMMENT ON COLUMN market.congress_trades.amount_high IS 'US dollars; NULL for a range without an upper end.';
COMMENT ON COLUMN market.congress_trades.ordinal IS 'From 1, among rows of the feed that are equal in everything else.';
COMMENT ON COLUMN market.congress_trades.raw IS 'The row as the source gave it.';
CREATE INDEX congress_trades_filed_on_idx ON market.congress_trades (filed_on, id);
CREATE INDEX congress_trades_ticker_idx ON market.congress_trades (ticker, filed_on, id) WHERE ticker IS NOT NULL;

CREATE TABLE market.ingest_checkpoints (
    source text NOT NULL,
    cursor text,
    watermark timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ingest_checkpoints_pkey PRIMARY KEY (source),
    CONSTRAINT ingest_checkpoints_source_check CHECK (source ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    CONSTRAINT ingest_checkpoints_cursor_check CHECK (char_length(cursor) BETWEEN 1 AND 1000)
);
COMMENT ON TABLE market.ingest_checkpoints IS 'How far a feed is read. It moves only over rows that reached an end.';
COMMENT ON COLUMN market.ingest_checkpoints.cursor IS 'The source''s own word for a place, where it has one.';
COMMENT ON COLUMN market.ingest_checkpoints.watermark IS 'Everything before it is in.';

CREATE TABLE market.job_runs (
    id uuid NOT NULL,
    type text NOT NULL,
    trading_date_et date NOT NULL,
    status market.job_run_status NOT NULL,
    attempt int NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    stats jsonb NOT NULL,
    error text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT job_runs_pkey PRIMARY KEY (id),
    CONSTRAINT job_runs_day_key UNIQUE (type, trading_date_et),
    CONSTRAINT job_runs_type_check CHECK (type ~ '^[a-z][a-z0-9_]{0,59}$'),
    CONSTRAINT job_runs_attempt_check CHECK (attempt >= 0),
    CONSTRAINT job_runs_started_at_check CHECK (status IN ('pending', 'skipped') OR started_at IS NOT NULL),
    CONSTRAINT job_runs_finished_at_check CHECK (
        (status IN ('succeeded', 'failed', 'skipped')) = (finished_at IS NOT NULL)),
    CONSTRAINT job_runs_order_check CHECK (started_at <= finished_at),
    CONSTRAINT job_runs_stats_check CHECK (jsonb_typeof(stats) = 'object'),
    CONSTRAINT job_runs_error_check CHECK (
        char_length(error) BETWEEN 1 AND 4000 AND (error IS NOT NULL OR status NOT IN ('failed', 'skipped')))
);
COMMENT ON TABLE market.job_runs IS 'A job of a trading day, which runs once however often it is started.';
COMMENT ON COLUMN market.job_runs.trading_date_et IS 'The day in New York.';
COMMENT ON COLUMN market.job_runs.stats IS 'Counts of what it did, by name.';
COMMENT ON COLUMN market.job_runs.error IS 'Why it failed, or why the day was skipped.';
CREATE INDEX job_runs_trading_date_idx ON market.job_runs (trading_date_et, id);

-- What is read from providers of prices, day by day, and how far it is.
CREATE TABLE market.feeds (
    id uuid NOT NULL,
    provider text NOT NULL,
    kind market.feed_content NOT NULL,
    instrument_id uuid,
    symbol text,
    priority integer NOT NULL,
    active boolean NOT NULL DEFAULT true,
    first_day date NOT NULL,
    next_day date NOT NULL,
    window_end date,
    page_token text,
    rows_read bigint NOT NULL DEFAULT 0,
    rows_refused bigint NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    error text,
    attempt_at timestamptz NOT NULL,
    succeeded_at timestamptz,
    revision integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT feeds_pkey PRIMARY KEY (id),
    CONSTRAINT feeds_subject_key UNIQUE NULLS NOT DISTINCT (provider, kind, instrument_id),
    CONSTRAINT feeds_instrument_fkey FOREIGN KEY (instrument_id) REFERENCES market.instruments ON DELETE CASCADE,
    CONSTRAINT feeds_provider_check CHECK (provider ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    CONSTRAINT feeds_subject_check CHECK (
        (kind = 'exchange_rates') = (instrument_id IS NULL) AND (instrument_id IS NULL) = (symbol IS NULL)),
    CONSTRAINT feeds_symbol_check CHECK (length(symbol) BETWEEN 1 AND 100 AND symbol = btrim(symbol)),
    CONSTRAINT feeds_priority_check CHECK (priority BETWEEN 1 AND 999),
    CONSTRAINT feeds_next_day_check CHECK (next_day >= first_day),
    CONSTRAINT feeds_window_check CHECK (window_end >= next_day),
    CONSTRAINT feeds_page_token_check CHECK (
        length(page_token) BETWEEN 1 AND 4000 AND (page_token IS NULL OR window_end IS NOT NULL)),
    CONSTRAINT feeds_rows_check CHECK (rows_read >= 0 AND rows_refused >= 0),
    CONSTRAINT feeds_failures_check CHECK (failures >= 0 AND (failures > 0) = (error IS NOT NULL)),
    CONSTRAINT feeds_error_check CHECK (length(error) BETWEEN 1 AND 1000),
    CONSTRAINT feeds_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE market.feeds IS
    'What one provider gives of one instrument, or the rates of one. Every day before next_day is in, or is a gap.';
COMMENT ON COLUMN market.feeds.symbol IS 'As the provider calls it: bitcoin, where the instrument may be BTC.';
COMMENT ON COLUMN market.feeds.priority IS
    'Of two providers of an instrument the lower number wins; bars of files stand at 100.';
COMMENT ON COLUMN market.feeds.window_end IS
    'The last day of the pages that are being read; next_day moves behind it with the last of them.';
COMMENT ON COLUMN market.feeds.page_token IS 'The provider''s word for the next page of the window.';
COMMENT ON COLUMN market.feeds.rows_refused IS 'Rows that no price can be, and that were left out.';
COMMENT ON COLUMN market.feeds.failures IS 'Attempts in a row that ended with the error.';
COMMENT ON COLUMN market.feeds.attempt_at IS 'Not before then is it read again. Who reads it sets this ahead meanwhile.';
CREATE INDEX feeds_attempt_idx ON market.feeds (provider, attempt_at, id) WHERE active;
CREATE INDEX feeds_instrument_idx ON market.feeds (instrument_id);

CREATE TABLE market.feed_gaps (
    feed_id uuid NOT NULL,
    day date NOT NULL,
    attempts integer NOT NULL,
    attempt_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT feed_gaps_pkey PRIMARY KEY (feed_id, day),
    CONSTRAINT feed_gaps_feed_fkey FOREIGN KEY (feed_id) REFERENCES market.feeds ON DELETE CASCADE,
    CONSTRAINT feed_gaps_attempts_check CHECK (attempts >= 1)
);
COMMENT ON TABLE market.feed_gaps IS
    'Days on which the calendar expects a figure and the provider gave none. A day leaves when it is filled.';
COMMENT ON COLUMN market.feed_gaps.attempts IS 'How often the provider was asked for the day.';
COMMENT ON COLUMN market.feed_gaps.attempt_at IS 'Not before then is it asked again.';

CREATE TABLE market.price_disagreements (
    instrument_id uuid NOT NULL,
    day date NOT NULL,
    provider text NOT NULL,
    kept numeric(38,18) NOT NULL,
    kept_source text NOT NULL,
    offered numeric(38,18) NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT price_disagreements_pkey PRIMARY KEY (instrument_id, day, provider),
    CONSTRAINT price_disagreements_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments ON DELETE CASCADE,
    CONSTRAINT price_disagreements_provider_check CHECK (provider ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    CONSTRAINT price_disagreements_closes_check CHECK (kept > 0 AND offered > 0 AND kept <> offered)
);
COMMENT ON TABLE market.price_disagreements IS
    'Closes of a day that two sources give differently, beyond a tolerance. The latest word of each provider.';
COMMENT ON COLUMN market.price_disagreements.provider IS 'Whose close was not kept.';

-- Whose sessions a listing is traded in, as far as its exchange, its symbol's suffix or its source says. The names of
-- exchanges are ISO 10383 codes and those that Yahoo and brokers write.
CREATE FUNCTION market.calendar_of(
    source text, exchange text, symbol text, class market.instrument_class
) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = ''
AS $$
    SELECT CASE
        WHEN class NOT IN ('equity', 'etf') THEN NULL
        WHEN exchange IN ('XNYS', 'XNAS', 'ARCX', 'XASE', 'BATS', 'NYSE', 'NASDAQ', 'AMEX', 'NYQ', 'NMS', 'NGM', 'NCM',
            'PCX', 'ASE', 'BTS') THEN 'XNYS'
        WHEN exchange IN ('XETR', 'XETRA', 'GER') THEN 'XETR'
        WHEN exchange IN ('XLON', 'LSE', 'IOB') THEN 'XLON'
        WHEN exchange IN ('XSWX', 'XVTX', 'SWX', 'SIX', 'EBS') THEN 'XSWX'
        WHEN exchange <> '' THEN NULL
        WHEN upper(symbol) LIKE '%.DE' THEN 'XETR'
        WHEN upper(symbol) LIKE '%.L' OR upper(symbol) LIKE '%.IL' THEN 'XLON'
        WHEN upper(symbol) LIKE '%.SW' THEN 'XSWX'
        -- Those two name what is listed in the United States without a suffix.
        WHEN source IN ('YAHOO', 'ALPACA') AND symbol ~ '^[A-Z]{1,5}([-.][A-Z])?$' THEN 'XNYS'
    END
$$;

-- The one door for other contexts. The owner is never an argument: it is whoever the transaction acts as.
-- The user's own row comes before a shared one, because holdings hang on it already: a later import that
-- moved to the shared row would sell what the books do not hold there.
CREATE FUNCTION market.register_instrument(
    instrument_id uuid,
    source text,
    exchange text,
    symbol text,
    name text,
    class market.instrument_class,
    currency text,
    at timestamptz
) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    acting_user uuid := app.current_user_id();
    normal_source text := upper(register_instrument.source);
    normal_exchange text := upper(register_instrument.exchange);
    registered uuid;
BEGIN
    IF acting_user IS NULL THEN
        RAISE EXCEPTION 'register_instrument needs an acting user' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Twice at most: the second look finds the row of whoever was faster between our look and our insert.
    FOR attempt IN 1..2 LOOP
        SELECT i.id INTO registered
        FROM market.instruments AS i
        WHERE i.source = normal_source
            AND i.exchange = normal_exchange
            AND i.symbol = register_instrument.symbol
            AND (i.owner_id = acting_user OR i.owner_id IS NULL)
        ORDER BY i.owner_id NULLS LAST
        LIMIT 1;
        EXIT WHEN registered IS NOT NULL;

        INSERT INTO market.instruments AS i (
            id, owner_id, source, exchange, symbol, name, class, currency, calendar, revision, created_at, updated_at
        ) VALUES (
            register_instrument.instrument_id, acting_user, normal_source, normal_exchange,
            register_instrument.symbol, register_instrument.name, register_instrument.class,
            register_instrument.currency,
            market.calendar_of(
                normal_source, normal_exchange, register_instrument.symbol, register_instrument.class),
            1, register_instrument.at, register_instrument.at
        )
        ON CONFLICT ON CONSTRAINT instruments_listing_key DO NOTHING
        RETURNING i.id INTO registered;
        EXIT WHEN registered IS NOT NULL;
    END LOOP;
    RETURN registered;
END
$$;

COMMENT ON FUNCTION market.register_instrument IS
    'The acting user''s instrument for a listing: their own row, else the shared one, else a new private one.';

-- Instruments that a text may mean, the best first: the acting user's own and shared ones, one of each listing whatever
-- its case. A policy would keep the comparisons of texts from the index, hence an owner's function; it says itself what
-- the acting user may see.
CREATE FUNCTION market.search_instruments(query text, row_limit integer)
RETURNS TABLE (instrument_id uuid, place bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = ''
AS $$
    WITH wanted AS (
        SELECT lower(btrim(query)) AS text,
            -- One or two letters anywhere have no trigram, and would read the whole index.
            CASE WHEN length(btrim(query)) < 3 THEN '' ELSE '%' END
                || replace(replace(replace(lower(btrim(query)), '\', '\\'), '%', '\%'), '_', '\_') || '%' AS pattern
    ), listed AS (
        SELECT DISTINCT ON (i.source, i.exchange, upper(i.symbol)) i.id, i.symbol,
            CASE
                WHEN lower(i.symbol) = wanted.text OR lower(i.isin) = wanted.text THEN 0
                WHEN starts_with(lower(i.symbol), wanted.text) THEN 1
                WHEN starts_with(lower(i.name), wanted.text) THEN 2
                WHEN lower(i.symbol || ' ' || i.name || ' ' || coalesce(i.isin, '')) LIKE wanted.pattern THEN 3
                ELSE 4
            END AS turn,
            market.word_similarity(wanted.text, lower(i.symbol || ' ' || i.name)) AS likeness
        FROM market.instruments AS i
        CROSS JOIN wanted
        WHERE (i.owner_id IS NULL OR i.owner_id = app.current_user_id()) AND i.active
            AND (
                lower(i.symbol || ' ' || i.name || ' ' || coalesce(i.isin, '')) LIKE wanted.pattern
                OR wanted.text OPERATOR(market.<%) lower(i.symbol || ' ' || i.name || ' ' || coalesce(i.isin, '')))
        ORDER BY i.source, i.exchange, upper(i.symbol), i.owner_id NULLS LAST, i.symbol = upper(i.symbol) DESC, i.id
    )
    SELECT listed.id, row_number() OVER (ORDER BY listed.turn, listed.likeness DESC, listed.symbol, listed.id)
    FROM listed
    ORDER BY listed.turn, listed.likeness DESC, listed.symbol, listed.id
    LIMIT search_instruments.row_limit;
$$;

-- The acting user's private instrument in another currency, while nothing stands in the one that it has: no transaction
-- of theirs that counts, and no price. False where something does, or where it is not theirs. Whoever records something
-- meanwhile is waited for by portfolios.has_booked.
CREATE FUNCTION market.correct_currency(instrument_id uuid, currency text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    acting_user uuid := app.current_user_id();
BEGIN
    PERFORM FROM market.instruments AS i
    WHERE i.id = correct_currency.instrument_id AND i.owner_id = acting_user
    FOR NO KEY UPDATE;
    IF NOT FOUND
        OR EXISTS (
            SELECT FROM market.owner_prices AS p
            WHERE p.user_id = acting_user AND p.instrument_id = correct_currency.instrument_id)
        OR portfolios.has_booked(correct_currency.instrument_id)
    THEN
        RETURN false;
    END IF;
    UPDATE market.instruments AS i
    SET currency = correct_currency.currency, revision = i.revision + 1, updated_at = correct_currency.at
    WHERE i.id = correct_currency.instrument_id AND i.owner_id = acting_user;
    RETURN true;
END
$$;
COMMENT ON FUNCTION market.correct_currency IS
    'Gives the acting user''s private instrument another currency, unless something that counts stands in its own.';

-- An operator makes a user's private instrument everyone's. It stands across users, hence an owner's function;
-- the route asks for the operator's role. Name and class are the operator's words: what a user wrote stays theirs.
CREATE FUNCTION market.adopt_instrument(
    instrument_id uuid,
    name text,
    class market.instrument_class,
    at timestamptz
) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    UPDATE market.instruments AS i
    SET owner_id = NULL,
        name = adopt_instrument.name,
        class = adopt_instrument.class,
        revision = i.revision + 1,
        updated_at = adopt_instrument.at
    WHERE i.id = adopt_instrument.instrument_id AND i.owner_id IS NOT NULL
    RETURNING i.id;
$$;

-- What operators may adopt: listings that only private rows name, with how many people have them and no word of who.
CREATE FUNCTION market.adoption_candidates(after_id uuid, row_limit integer)
RETURNS TABLE (
    instrument_id uuid, source text, exchange text, symbol text, currency text, owners bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT candidate.id, candidate.source, candidate.exchange, candidate.symbol, candidate.currency,
        (
            SELECT count(*) FROM market.instruments AS i
            WHERE i.source = candidate.source AND i.exchange = candidate.exchange AND i.symbol = candidate.symbol
        )
    FROM market.instruments AS candidate
    WHERE candidate.owner_id IS NOT NULL
        AND candidate.id > adoption_candidates.after_id
        AND NOT EXISTS (
            SELECT FROM market.instruments AS i
            WHERE i.symbol = candidate.symbol AND i.source = candidate.source AND i.exchange = candidate.exchange
                AND (i.owner_id IS NULL OR i.id < candidate.id)
        )
    ORDER BY candidate.id
    LIMIT adoption_candidates.row_limit;
$$;

REVOKE ALL ON FUNCTION market.calendar_of FROM PUBLIC;
REVOKE ALL ON FUNCTION market.register_instrument FROM PUBLIC;
REVOKE ALL ON FUNCTION market.search_instruments FROM PUBLIC;
REVOKE ALL ON FUNCTION market.correct_currency FROM PUBLIC;
REVOKE ALL ON FUNCTION market.adopt_instrument FROM PUBLIC;
REVOKE ALL ON FUNCTION market.adoption_candidates FROM PUBLIC;
