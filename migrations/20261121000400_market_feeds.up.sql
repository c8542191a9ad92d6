-- Market: last prices, trading days, the feed of congress filings, and how far each feed and job has come.
-- All of it is catalogue: every service may read it, only Market writes it.

CREATE TYPE market.congress_chamber AS ENUM ('house', 'senate');
CREATE TYPE market.congress_transaction AS ENUM ('purchase', 'sale', 'sale_partial', 'sale_full', 'exchange', 'other');
CREATE TYPE market.congress_owner AS ENUM ('self', 'spouse', 'joint', 'dependent', 'other');
CREATE TYPE market.job_run_status AS ENUM ('pending', 'running', 'succeeded', 'failed', 'skipped');

CREATE TABLE market.quotes (
    instrument_id uuid NOT NULL,
    price numeric(18,8) NOT NULL,
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
    amount_low numeric(18,8) NOT NULL,
    amount_high numeric(18,8),
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
