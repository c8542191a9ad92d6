-- done when: SELECT EXISTS (SELECT FROM market.instruments WHERE source = 'DEMO')
-- An invented market: twelve instruments in three currencies with ten years of daily bars, exchange rates, corporate
-- actions, trading days, and a feed of congress filings. Every name says that it is simulated.

CREATE TEMP TABLE walk (
    symbol text, name text, class text, currency text, start numeric, drift numeric, volatility numeric, volume int
) ON COMMIT DROP;
INSERT INTO walk VALUES
    ('WLDX', 'World Equity Fund (simulated)', 'etf', 'USD', 74, 0.00036, 0.0082, 4200000),
    ('UGOV', 'US Government Bond Fund (simulated)', 'bond', 'USD', 101, 0.00006, 0.0026, 900000),
    ('HARB', 'Harbor Software (simulated)', 'equity', 'USD', 118, 0.00070, 0.0160, 9500000),
    ('ORCA', 'Orca Robotics (simulated)', 'equity', 'USD', 42, 0.00045, 0.0190, 3100000),
    ('AURM', 'Gold Trust (simulated)', 'commodity', 'USD', 121, 0.00028, 0.0078, 3000000),
    ('BLUM', 'Bloomcoin (simulated)', 'crypto', 'USD', 640, 0.00090, 0.0300, 260000),
    ('EURX', 'Europe Equity Fund (simulated)', 'etf', 'EUR', 52, 0.00026, 0.0088, 1100000),
    ('RHEI', 'Rhein Chemicals (simulated)', 'equity', 'EUR', 67, 0.00020, 0.0120, 1400000),
    ('EGOV', 'Euro Government Bond Fund (simulated)', 'bond', 'EUR', 112, 0.00004, 0.0024, 500000),
    ('SWSX', 'Swiss Equity Fund (simulated)', 'etf', 'CHF', 88, 0.00024, 0.0076, 700000),
    ('ALPN', 'Alpina Pharma (simulated)', 'equity', 'CHF', 79, 0.00030, 0.0105, 2300000),
    ('CGOV', 'Swiss Government Bond Fund (simulated)', 'bond', 'CHF', 104, 0.00002, 0.0020, 300000),
    ('EUR/USD', '', 'rate', '', 1.0600, 0, 0.0042, 0),
    ('GBP/USD', '', 'rate', '', 1.2500, 0, 0.0046, 0),
    ('USD/CHF', '', 'rate', '', 0.9900, 0, 0.0040, 0),
    ('USD/JPY', '', 'rate', '', 111.00, 0, 0.0044, 0);

-- Weekdays but for three feasts; the market of the demo closes early on Christmas Eve.
CREATE TEMP TABLE trading ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY day)::int AS number, day::date
FROM generate_series(pg_temp.as_of() - interval '10 years', pg_temp.as_of() + interval '60 days', '1 day') AS day
WHERE extract(isodow FROM day) < 6 AND to_char(day, 'MM-DD') NOT IN ('01-01', '07-04', '12-25');
CREATE UNIQUE INDEX ON trading (number);
ANALYZE trading;

INSERT INTO market.trading_days (exchange, day, opens_at, closes_at, source, created_at, updated_at)
SELECT 'XDEM', day, (day + time '09:30') AT TIME ZONE 'America/New_York',
    (day + CASE to_char(day, 'MM-DD') WHEN '12-24' THEN time '13:00' ELSE time '16:00' END)
        AT TIME ZONE 'America/New_York',
    'DEMO', pg_temp.as_of(), pg_temp.as_of()
FROM trading ORDER BY day;

INSERT INTO market.instruments (
    id, source, exchange, symbol, name, class, currency, active, fractionable, revision, created_at, updated_at)
SELECT pg_temp.instrument(symbol), 'DEMO', 'XDEM', symbol, name,
    class::market.instrument_class, currency, true, true, 1, '2016-01-04', '2016-01-04'
FROM walk WHERE class <> 'rate' ORDER BY symbol;

-- The split of HARB, two for one, two years before the end: the price halves on that day.
CREATE TEMP TABLE split ON COMMIT DROP AS
SELECT min(day) AS day FROM trading WHERE day >= pg_temp.as_of() - interval '2 years';

CREATE TEMP TABLE path ON COMMIT DROP AS
WITH RECURSIVE path AS (
    SELECT w.symbol, w.drift, w.volatility, 0 AS number, w.start AS before, w.start AS price FROM walk AS w
    UNION ALL
    SELECT p.symbol, p.drift, p.volatility, t.number, p.price,
        greatest(
            round(
                p.price * (1 + p.drift + p.volatility * pg_temp.normal(p.symbol || t.number))
                    * CASE WHEN p.symbol = 'HARB' AND t.day = s.day THEN 0.5 ELSE 1 END,
                CASE WHEN p.symbol LIKE '%/%' THEN 6 ELSE 2 END),
            0.01)
    FROM path AS p
    JOIN trading AS t ON t.number = p.number + 1 AND t.day <= pg_temp.as_of()
    CROSS JOIN split AS s
)
SELECT p.symbol, p.volatility, t.day, p.price AS close,
    CASE WHEN p.symbol = 'HARB' AND t.day = s.day THEN round(p.before / 2, 2) ELSE p.before END AS before
FROM path AS p JOIN trading AS t USING (number) CROSS JOIN split AS s;

INSERT INTO market.price_bars (
    instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at, updated_at)
SELECT pg_temp.instrument(b.symbol), b.day, b.open,
    round(greatest(b.open, b.close) * (1 + abs(pg_temp.normal(b.symbol || b.day || 'high')) * b.volatility / 2), 2),
    greatest(
        round(least(b.open, b.close) * (1 - abs(pg_temp.normal(b.symbol || b.day || 'low')) * b.volatility / 2), 2),
        0.01),
    b.close, w.volume / 2 + pg_temp.pick(b.symbol || b.day || 'volume', w.volume), 'DEMO', 'raw', b.day,
    b.day + time '22:00', b.day + time '22:00'
FROM (
    SELECT symbol, volatility, day, close,
        greatest(round(before * (1 + pg_temp.normal(symbol || day || 'open') * volatility / 4), 2), 0.01) AS open
    FROM path WHERE symbol NOT LIKE '%/%'
) AS b JOIN walk AS w USING (symbol)
ORDER BY b.symbol, b.day;

INSERT INTO market.exchange_rates (base, quote, day, rate, source, created_at, updated_at)
SELECT split_part(symbol, '/', 1), split_part(symbol, '/', 2), day, close, 'DEMO', day + time '15:00',
    day + time '15:00'
FROM path WHERE symbol LIKE '%/%'
ORDER BY symbol, day;

INSERT INTO market.quotes (instrument_id, price, quoted_at, source, created_at, updated_at)
SELECT b.instrument_id, b.close, b.day + time '20:59', 'DEMO', b.day + time '21:00', b.day + time '21:00'
FROM market.price_bars AS b JOIN market.instruments AS i ON i.id = b.instrument_id AND i.source = 'DEMO'
WHERE b.day = (SELECT max(day) FROM path)
ORDER BY i.symbol;

INSERT INTO market.corporate_actions (
    id, instrument_id, kind, ex_date, new_shares, old_shares, amount, currency, new_symbol, source, created_at,
    updated_at)
SELECT pg_temp.id(a.day, 'action ' || a.symbol || a.kind || a.day),
    pg_temp.instrument(a.symbol), a.kind::market.corporate_action_kind, a.day,
    CASE a.kind WHEN 'split' THEN 2 END, CASE a.kind WHEN 'split' THEN 1 END,
    CASE WHEN a.kind IN ('dividend', 'return_of_capital') THEN a.amount END,
    CASE WHEN a.kind IN ('dividend', 'return_of_capital') THEN w.currency END,
    CASE a.kind WHEN 'symbol_change' THEN 'ORCA' END, 'DEMO', a.day, a.day
FROM (
    SELECT 'HARB' AS symbol, 'split' AS kind, day, NULL::numeric AS amount FROM split
    UNION ALL
    SELECT 'ORCA', 'symbol_change', (SELECT day FROM trading WHERE number = 700), NULL
    UNION ALL
    SELECT 'UGOV', 'return_of_capital', (SELECT day FROM trading WHERE number = 1500), 1.25
    UNION ALL
    -- Four dividends a year, half a percent of the close before.
    SELECT p.symbol, 'dividend', p.day, round(p.before * 0.005, 2)
    FROM path AS p JOIN trading AS t USING (day)
    WHERE p.symbol IN ('WLDX', 'HARB', 'EURX', 'RHEI', 'SWSX', 'ALPN') AND t.number % 65 = 40
) AS a JOIN walk AS w USING (symbol)
ORDER BY a.day, a.symbol, a.kind;

-- Filings come weeks after the trade. Two of them are equal in everything but their ordinal, as happens.
CREATE TEMP TABLE filing ON COMMIT DROP AS
SELECT n, m.member, m.bioguide_id, m.chamber, m.party, s.symbol,
    (ARRAY['purchase', 'purchase', 'sale_partial', 'purchase', 'sale_full', 'purchase', 'exchange'])[1 + n % 7]
        AS transaction,
    pg_temp.as_of() - 240 + 3 * n AS traded_on,
    least(pg_temp.as_of() - 240 + 3 * n + 12 + pg_temp.pick('filed' || n, 30), pg_temp.as_of()) AS filed_on,
    (ARRAY[1001, 15001, 50001, 100001])[1 + pg_temp.pick('amount' || n, 4)] AS amount_low,
    (ARRAY['self', 'spouse', 'joint', 'dependent'])[1 + pg_temp.pick('owner' || n, 4)] AS owner, 1 AS ordinal
FROM generate_series(0, 69) AS n
JOIN (VALUES (0, 'Jane Roe (invented)', 'R000901', 'house', 'Independent'),
    (1, 'John Doe (invented)', 'D000902', 'senate', 'Independent'),
    (2, 'Mary Major (invented)', 'M000903', 'house', 'Independent'),
    (3, 'Richard Miles (invented)', 'M000904', 'senate', NULL)) AS m (k, member, bioguide_id, chamber, party)
    ON m.k = pg_temp.pick('member' || n, 4)
JOIN (VALUES (0, 'HARB'), (1, 'ORCA'), (2, 'WLDX'), (3, 'UGOV'), (4, NULL)) AS s (k, symbol)
    ON s.k = pg_temp.pick('ticker' || n, 5);
INSERT INTO filing
SELECT 70, member, bioguide_id, chamber, party, symbol, transaction, traded_on, filed_on, amount_low, owner, 2
FROM filing WHERE n = 8;

INSERT INTO market.congress_trades (
    id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
    amount_low, amount_high, owner, ordinal, raw, created_at)
SELECT pg_temp.id(f.filed_on, 'filing ' || f.n),
    sha256(convert_to(concat_ws('|', f.member, coalesce(f.symbol, ''), f.transaction, f.traded_on, f.filed_on,
        f.amount_low, f.owner, f.ordinal), 'UTF8')),
    'DEMO', f.member, f.bioguide_id, f.chamber::market.congress_chamber, f.party, f.symbol,
    f.transaction::market.congress_transaction, f.traded_on, f.filed_on, f.amount_low,
    CASE f.amount_low WHEN 1001 THEN 15000 WHEN 15001 THEN 50000 WHEN 50001 THEN 100000 END,
    f.owner::market.congress_owner, f.ordinal,
    jsonb_build_object('Representative', f.member, 'Ticker', coalesce(f.symbol, '--'), 'Filed', f.filed_on::text),
    f.filed_on + time '23:00'
FROM filing AS f
ORDER BY f.filed_on, f.n;

INSERT INTO market.ingest_checkpoints (source, cursor, watermark, created_at, updated_at)
VALUES ('DEMO_BARS', NULL, pg_temp.as_of() + time '22:00', pg_temp.as_of(), pg_temp.as_of() + time '22:00'),
    ('DEMO_FILINGS', 'page-71', pg_temp.as_of() + time '09:30', pg_temp.as_of(), pg_temp.as_of() + time '09:30');

-- Two providers of one instrument, and the rates of one. The second provider lacks a session, and gives a close one percent
-- higher than the one that is kept. No service asks them: they are invented.
INSERT INTO market.feeds (
    id, provider, kind, instrument_id, symbol, priority, first_day, next_day, rows_read, attempt_at, succeeded_at,
    revision, created_at, updated_at)
SELECT pg_temp.id(pg_temp.as_of(), 'feed ' || f.provider || f.kind), f.provider, f.kind::market.feed_content,
    CASE f.kind WHEN 'bars' THEN pg_temp.instrument('HARB') END, CASE f.kind WHEN 'bars' THEN 'HARB' END, f.priority,
    pg_temp.as_of() - 3650, pg_temp.as_of(), 2500, pg_temp.as_of() + time '06:00', pg_temp.as_of() + time '06:00', 1,
    pg_temp.as_of(), pg_temp.as_of() + time '06:00'
FROM (VALUES ('DEMO', 'bars', 10), ('DEMO_SECOND', 'bars', 50), ('DEMO', 'exchange_rates', 50))
    AS f (provider, kind, priority);

INSERT INTO market.feed_gaps (feed_id, day, attempts, attempt_at, created_at, updated_at)
SELECT f.id, d.day, 2, pg_temp.as_of() + 2, pg_temp.as_of() - 1, pg_temp.as_of()
FROM market.feeds AS f
CROSS JOIN (
    SELECT day FROM market.trading_days
    WHERE exchange = 'XDEM' AND day < pg_temp.as_of() ORDER BY day DESC OFFSET 3 LIMIT 1) AS d
WHERE f.provider = 'DEMO_SECOND';

INSERT INTO market.price_disagreements (
    instrument_id, day, provider, kept, kept_source, offered, created_at, updated_at)
SELECT b.instrument_id, b.day, 'DEMO_SECOND', b.close, b.source, round(b.close * 1.01, 2), pg_temp.as_of(),
    pg_temp.as_of()
FROM market.price_bars AS b
WHERE b.instrument_id = pg_temp.instrument('HARB')
ORDER BY b.day DESC
LIMIT 1;

-- Twenty trading days of two jobs: one day was skipped and one failed and was not repeated.
INSERT INTO market.job_runs (
    id, type, trading_date_et, status, attempt, started_at, finished_at, stats, error, created_at, updated_at)
SELECT pg_temp.id(r.at, 'job ' || r.type || r.day), r.type, r.day, r.status::market.job_run_status,
    CASE r.status WHEN 'skipped' THEN 0 WHEN 'failed' THEN 3 ELSE 1 END,
    CASE WHEN r.status <> 'skipped' THEN r.at END, r.at + interval '4 seconds',
    CASE r.status WHEN 'succeeded' THEN jsonb_build_object('read', 12, 'written', 12) ELSE '{}' END,
    CASE r.status WHEN 'skipped' THEN 'the broker''s calendar has no session'
        WHEN 'failed' THEN 'the source answered 503 three times' END,
    r.at, r.at + interval '4 seconds'
FROM (
    SELECT type, day, opens.opens_at AS at,
        CASE WHEN type = 'follow_filings' AND rank = 7 THEN 'skipped'
            WHEN type = 'import_bars' AND rank = 12 THEN 'failed' ELSE 'succeeded' END AS status
    FROM (VALUES ('follow_filings'), ('import_bars')) AS type (type)
    CROSS JOIN (
        SELECT day, opens_at, row_number() OVER (ORDER BY day DESC) AS rank FROM market.trading_days
        WHERE exchange = 'XDEM' AND day <= pg_temp.as_of() ORDER BY day DESC LIMIT 20) AS opens
) AS r
ORDER BY r.at, r.type;
