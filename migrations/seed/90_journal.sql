-- done when: SELECT EXISTS (SELECT FROM journal.accounts WHERE id = pg_temp.entry('journal', 'wheel'))
-- tara's options journal: a full wheel (a put that is assigned, calls on the shares, a roll, and the shares called
-- away), long options, and every other type of entry. Cash is what the entries say: amount less fees.

INSERT INTO journal.accounts (
    user_id, id, name, broker, currency, premium_policy, month_policy, opened_on, archived_at, revision, created_at,
    updated_at)
VALUES (pg_temp.person('tara'), pg_temp.entry('journal', 'wheel'), 'Wheel', 'Demo broker', 'USD', 'into_shares',
    'close',
        pg_temp.as_of() - 500, NULL, 1, pg_temp.as_of() - 500, pg_temp.as_of() - 500),
    (pg_temp.person('tara'), pg_temp.entry('journal', 'old'), 'Before', 'Another broker', 'USD', 'income', 'cash',
        pg_temp.as_of() - 1400, pg_temp.as_of() - interval '490 days', 2, pg_temp.as_of() - 1400,
            pg_temp.as_of() - 490);

INSERT INTO journal.imports (
    user_id, id, account_id, file_hash, file_name, status, rows_read, rows_imported, rows_repaired, report,
        created_at)
VALUES (pg_temp.person('tara'), pg_temp.entry('import', 'first'), pg_temp.entry('journal', 'old'),
        sha256(convert_to('the seed''s journal, cut short', 'UTF8')), 'journal.sqlite', 'failed', 0, 0, 0,
        '{"error": "the file ends early"}', pg_temp.as_of() - interval '492 days'),
    (pg_temp.person('tara'), pg_temp.entry('import', 'second'), pg_temp.entry('journal', 'old'),
        sha256(convert_to('the seed''s journal', 'UTF8')), 'journal.sqlite', 'completed', 4, 3, 1,
        jsonb_build_object('dropped', jsonb_build_array('seed-1'), 'repaired', jsonb_build_array(
            jsonb_build_object('row', 3, 'from', 'fee', 'to', 'buy_to_close')),
            'cash', jsonb_build_object('before', '163.05', 'after', '163.05')),
        pg_temp.as_of() - interval '491 days');

-- Days count from the beginning of the account; an option's symbol says what it is.
CREATE TEMP TABLE line ON COMMIT DROP AS
SELECT l.*, pg_temp.as_of() - l.ago + interval '15 hours' AS at, pg_temp.as_of() - l.ago + coalesce(l.life, 0)
    AS expires
FROM (VALUES
    (1, 'wheel', 480, NULL::int, 'transfer', NULL, NULL::numeric, NULL, NULL::numeric, NULL::numeric, 15000.00, 0.00,
        NULL, NULL, 'Money to begin with.'),
    (2, 'wheel', 470, 35, 'sell_to_open', 'ORCA', 45.00, 'put', 1, 1.20, 120.00, 0.65, 'wheel-1', NULL, NULL),
    (3, 'wheel', 435, 0, 'expiration', 'ORCA', 45.00, 'put', 1, 0, 0.00, 0, 'wheel-1', NULL, 'Worthless, as hoped.'),
    (4, 'wheel', 430, 30, 'sell_to_open', 'ORCA', 48.00, 'put', 1, 1.55, 155.00, 0.65, 'wheel-2', NULL, NULL),
    (5, 'wheel', 400, 0, 'assignment_shares', 'ORCA', 48.00, 'put', 1, 48.00, -4800.00, 0, 'wheel-2', NULL,
        'A hundred shares came.'),
    (6, 'wheel', 395, 30, 'sell_to_open', 'ORCA', 50.00, 'call', 1, 0.95, 95.00, 0.65, 'wheel-2', NULL, NULL),
    (7, 'wheel', 370, 5, 'buy_to_close', 'ORCA', 50.00, 'call', 1, 1.40, -140.00, 0.65, 'wheel-2', NULL,
        'The roll: out of the one'),
    (8, 'wheel', 370, 40, 'sell_to_open', 'ORCA', 52.50, 'call', 1, 2.05, 205.00, 0.65, 'wheel-2', NULL,
        'and into the next.'),
    (9, 'wheel', 360, NULL, 'dividend', 'ORCA', NULL, NULL, 100, 0.21, 21.00, 0, 'wheel-2', NULL, NULL),
    (10, 'wheel', 330, 0, 'assignment_shares', 'ORCA', 52.50, 'call', 1, 52.50, 5250.00, 0, 'wheel-2', NULL,
        'Called away: the wheel is round.'),
    (11, 'wheel', 300, 60, 'buy_to_open', 'HARB', 150.00, 'call', 2, 3.10, -620.00, 1.30, NULL, NULL, NULL),
    (12, 'wheel', 270, 30, 'sell_to_close', 'HARB', 150.00, 'call', 1, 5.25, 525.00, 0.65, NULL, NULL, NULL),
    (13, 'wheel', 240, 0, 'exercise', 'HARB', 150.00, 'call', 1, 150.00, -15000.00, 0, NULL, NULL, 'The other one.'),
    (14, 'wheel', 239, NULL, 'share_sale', 'HARB', NULL, NULL, 100, 156.10, 15610.00, 1.00, NULL, NULL, NULL),
    (15, 'wheel', 200, NULL, 'share_purchase', 'WLDX', NULL, NULL, 20, 81.15, -1623.00, 1.00, NULL, NULL, NULL),
    (16, 'wheel', 180, NULL, 'fee', NULL, NULL, NULL, NULL, NULL, 0.00, 12.50, NULL, NULL, 'Data, for a quarter.'),
    (17, 'wheel', 150, NULL, 'option_premium', NULL, NULL, NULL, NULL, NULL, 33.00, 0, NULL, NULL,
        'A spread''s premium, as the broker booked it.'),
    (18, 'wheel', 149, NULL, 'correction', NULL, NULL, NULL, NULL, NULL, 32.00, 0, NULL, 17, 'It was a dollar less.'),
    (19, 'wheel', 100, 30, 'sell_to_open', 'WLDX', 80.00, 'put', 1, 0.85, 85.00, 0.65, 'wheel-3', NULL, NULL),
    (20, 'wheel', 99, 30, 'sell_to_open', 'WLDX', 80.00, 'put', 1, 0.85, 85.00, 0.65, NULL, NULL, 'Typed twice.'),
    (21, 'wheel', 70, 0, 'expiration', 'WLDX', 80.00, 'put', 1, 0, 0.00, 0, 'wheel-3', NULL, NULL),
    (22, 'wheel', 20, 35, 'sell_to_open', 'ORCA', 55.00, 'put', 1, 1.75, 175.00, 0.65, 'wheel-4', NULL, NULL),
    (23, 'old', 1300, 30, 'sell_to_open', 'HARB', 140.00, 'put', 1, 2.35, 235.00, 0.65, 'old-1', NULL, NULL),
    (24, 'old', 1280, 10, 'buy_to_close', 'HARB', 140.00, 'put', 1, 0.70, -70.00, 0.65, 'old-1', NULL,
        'A fee in the old file.'),
    (25, 'old', 1270, NULL, 'fee', NULL, NULL, NULL, NULL, NULL, 0.00, 0.65, NULL, NULL, NULL)
) AS l (n, account, ago, life, type, symbol, strike, side, quantity, price, amount, fees, chain, corrects, note);
INSERT INTO journal.journal_entries (
    user_id, id, account_id, at, type, symbol, underlying, expiration, strike, "right", quantity, price, amount, fees,
    multiplier, chain, corrects, import_id, external_id, note, tags, deleted_at, revision, created_at, updated_at)
SELECT pg_temp.person('tara'), pg_temp.id(l.at, 'line ' || n), pg_temp.entry('journal', account), l.at + (n % 10)
    * interval '1 minute',
    type::journal.journal_entry_type,
    CASE WHEN strike IS NULL THEN symbol
        ELSE symbol || ' ' || to_char(expires, 'YYMMDD') || upper(left(side, 1)) || trim_scale(strike) END,
    CASE WHEN strike IS NOT NULL THEN symbol END, CASE WHEN strike IS NOT NULL THEN expires END, strike,
    side::journal.option_right, quantity, price, amount, fees, CASE WHEN strike IS NOT NULL THEN 100 ELSE 1 END,
    CASE WHEN chain IS NOT NULL THEN pg_temp.entry('chain', chain) END,
    (SELECT pg_temp.id(c.at, 'line ' || c.n) FROM line AS c WHERE c.n = l.corrects),
    CASE account WHEN 'old' THEN pg_temp.entry('import', 'second') END, CASE account WHEN 'old' THEN 'old-' || n END,
        note,
    CASE WHEN chain LIKE 'wheel%' THEN '{wheel}'::text[] ELSE '{}' END,
    CASE n WHEN 20 THEN l.at + interval '1 hour' END, CASE n WHEN 20 THEN 2 ELSE 1 END,
    CASE account WHEN 'old' THEN pg_temp.as_of() - interval '491 days' ELSE l.at END,
    CASE account WHEN 'old' THEN pg_temp.as_of() - interval '491 days' ELSE l.at + interval '1 hour' END
FROM line AS l ORDER BY l.at, n;
