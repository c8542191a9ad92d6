-- done when: SELECT EXISTS (SELECT FROM portfolios.portfolios WHERE id = pg_temp.portfolio('long_run'))
-- Ten years of savings in three currencies. First what happens, as events; then the ledger takes them one by one, in
-- order, exactly as the module's rules do: lots by the portfolio's method, half-even, and no dust at the end.

CREATE TEMP TABLE depot (code text, owner text, name text, kind text, currency text, method text, tracks_cash bool,
    days int)
ON COMMIT DROP;
INSERT INTO depot VALUES
    ('long_run', 'ada', 'Long run', 'brokerage', 'USD', 'fifo', true, 3630),
    ('play', 'ada', 'Play', 'paper', 'USD', 'lifo', true, 900),
    ('depot', 'ben', 'Depot', 'brokerage', 'EUR', 'hifo', false, 2590),
    ('coins', 'ben', 'Coins', 'crypto', 'USD', 'average', false, 2000),
    ('welt', 'cleo', 'Welt', 'retirement', 'CHF', 'fifo', true, 2990),
    ('active', 'tara', 'Active', 'brokerage', 'USD', 'specific_lot', true, 1400);
INSERT INTO portfolios.portfolios (
    user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, created_at, updated_at,
        revision)
SELECT pg_temp.person(owner), pg_temp.portfolio(code), name, kind::portfolios.portfolio_kind, currency,
    method::app.cost_basis_method, tracks_cash, NULL, pg_temp.as_of() - days, pg_temp.as_of() - days, 1
FROM depot ORDER BY code;
INSERT INTO portfolios.portfolios (
    user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, archived_at, created_at, updated_at,
        revision)
VALUES (pg_temp.person('carl'), pg_temp.portfolio('carls'), 'Altes Depot', 'brokerage', 'EUR', 'fifo', true,
    pg_temp.as_of() - interval '950 days', pg_temp.as_of() - interval '1100 days',
        pg_temp.as_of() - interval '950 days', 2);

-- The first trading day of each month, counted back from the last.
CREATE TEMP TABLE month ON COMMIT DROP AS
SELECT (row_number() OVER (ORDER BY min(day) DESC) - 1)::int AS ago, min(day) AS day
FROM market.trading_days WHERE exchange = 'XDEM' AND day <= pg_temp.as_of() - 5 AND day > pg_temp.as_of() - 3625
GROUP BY date_trunc('month', day);

CREATE TEMP TABLE named_lot (code text, id uuid) ON COMMIT DROP;
CREATE TEMP TABLE event (
    depot text, at timestamptz, turn int, type text, symbol text, quantity numeric, amount numeric,
        fee numeric DEFAULT 0,
    fee_kind text DEFAULT 'commission', currency text, note text, investment uuid, code text
) ON COMMIT DROP;

-- ada: 400 a month, most of it into two funds; single shares, a mistake that was reversed, and baskets of late.
INSERT INTO event (depot, at, turn, type, symbol, amount, fee, currency)
SELECT 'long_run', m.day + e.time, e.turn, e.type, e.symbol, e.amount, e.fee, 'USD'
FROM month AS m
CROSS JOIN (VALUES
    (1, 'deposit', NULL, time '09:00', 400.00, 0, 1), (2, 'buy', 'WLDX', time '15:00', 150.00, 0.95, 1),
    (3, 'buy', 'UGOV', time '15:01', 80.00, 0, 1), (4, 'buy', 'HARB', time '15:02', 90.00, 1.95, 3),
    (5, 'sell', 'HARB', time '16:00', 140.00, 1.95, 17), (6, 'interest', NULL, time '17:00', 3.27, 0, 12),
    (7, 'fee', NULL, time '17:01', 12.00, 0, 12), (8, 'withdrawal', NULL, time '18:00', 600.00, 0, 41)
) AS e (turn, type, symbol, time, amount, fee, every)
WHERE m.ago % e.every = e.every - 1;
INSERT INTO event (depot, at, turn, type, symbol, quantity, fee, currency, note, code)
SELECT 'long_run', day + time '15:30', 1, 'buy', 'ORCA', 40, 1.95, 'USD', 'Forty instead of four.', 'mistake'
FROM month WHERE ago = 30;
INSERT INTO event (depot, at, turn, type, symbol, quantity, fee, currency, code)
SELECT 'long_run', day + time '15:30', 2, 'reversal', 'ORCA', 40, 0, 'USD', 'mistake' FROM month WHERE ago = 30;
INSERT INTO event (depot, at, turn, type, symbol, quantity, fee, currency)
SELECT 'long_run', day + time '15:40', 1, 'buy', 'ORCA', 4, 1.95, 'USD' FROM month WHERE ago = 30;

-- What goes into baskets: a rule on the tenth of the month, three pools of round-ups, one by hand, one that failed.
CREATE TEMP TABLE invest (code text, depot text, basket text, at timestamptz, amount numeric, source text,
    request text)
ON COMMIT DROP;
INSERT INTO invest
SELECT 'plan' || k, 'long_run', 'world-core', d.day + time '15:10', 50, 'auto_invest', 'rule:ada-payday:' || n.nominal
FROM generate_series(1, 11) AS k
CROSS JOIN LATERAL (SELECT (date_trunc('month', pg_temp.as_of()) - k * interval '1 month' + interval '9 days')::date
    AS nominal) AS n
CROSS JOIN LATERAL (
    SELECT min(day) AS day FROM market.trading_days WHERE exchange = 'XDEM' AND day >= n.nominal) AS d;
INSERT INTO invest
SELECT 'pool' || k, 'long_run', 'world-core', d.day + time '15:20', 5 + k * 0.27, 'round_up', 'rule:ada-change:pool:'
    || k
FROM generate_series(1, 3) AS k
CROSS JOIN LATERAL (
    SELECT min(day) AS day FROM market.trading_days WHERE exchange = 'XDEM' AND day >= pg_temp.as_of() - 90 + k * 20)
        AS d;
INSERT INTO invest
SELECT 'hand', 'long_run', 'calm-income', day + time '15:50', 250, 'manual', 'request:seed-1' FROM month
    WHERE ago = 6;
INSERT INTO invest
SELECT 'starter', 'play', 'makers', day + time '10:00', 25, 'starter', 'user.registered:ada' FROM month
    WHERE ago = 28;
INSERT INTO invest
SELECT 'welt' || ago, 'welt', 'swiss-home', day + time '14:00', 900, 'manual', 'request:welt-' || ago
FROM month WHERE ago IN (40, 20);
INSERT INTO portfolios.basket_investments (
    user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status, completed_at,
    revision, created_at, updated_at)
SELECT pg_temp.person(d.owner), pg_temp.entry('investment', i.code), pg_temp.portfolio(i.depot),
    pg_temp.entry('basket', i.basket), v.version, i.amount, d.currency, i.source::portfolios.investment_source,
        i.request,
    'completed', i.at, 3, i.at, i.at
FROM invest AS i JOIN depot AS d ON d.code = i.depot
CROSS JOIN LATERAL (
    SELECT max(version) AS version FROM portfolios.basket_versions
    WHERE basket_id = pg_temp.entry('basket', i.basket) AND created_at <= i.at) AS v
ORDER BY i.code;
INSERT INTO portfolios.basket_investments (
    user_id, id, portfolio_id, basket_id, basket_version, amount, currency, source, request_key, status,
        failure_reason,
    revision, created_at, updated_at)
VALUES (pg_temp.person('ada'), pg_temp.entry('investment', 'failed'), pg_temp.portfolio('long_run'),
    pg_temp.entry('basket', 'makers'), 1, 5000, 'USD', 'manual', 'request:seed-2', 'failed',
        'There was not enough cash.',
    2, pg_temp.as_of() - interval '60 days', pg_temp.as_of() - interval '60 days');
INSERT INTO event (depot, at, turn, type, symbol, amount, currency, investment)
SELECT i.depot, i.at, 5, 'buy', s.symbol, i.amount * a.weight / 100, d.currency, b.id
FROM invest AS i
JOIN depot AS d ON d.code = i.depot
JOIN portfolios.basket_investments AS b ON b.id = pg_temp.entry('investment', i.code)
JOIN portfolios.basket_assets AS a ON a.basket_id = b.basket_id AND a.version = b.basket_version
JOIN market.instruments AS s ON s.id = a.instrument_id;

-- ada plays, last in first out.
INSERT INTO event (depot, at, turn, type, symbol, amount, fee, currency)
SELECT 'play', m.day + e.time, e.turn, e.type, e.symbol, e.amount, e.fee, 'USD'
FROM month AS m
CROSS JOIN (VALUES
    (1, 'deposit', NULL, time '09:00', 1000.00, 0, 28, 28), (2, 'buy', 'BLUM', time '15:00', 70.00, 0.5, 27, 3),
    (3, 'buy', 'ORCA', time '15:30', 35.00, 0.5, 27, 2), (4, 'sell', 'BLUM', time '16:00', 110.00, 0.5, 26, 7),
    (5, 'sell', 'ORCA', time '16:10', 60.00, 0.5, 26, 5)
) AS e (turn, type, symbol, time, amount, fee, since, every)
WHERE m.ago <= e.since AND m.ago % e.every = 0 AND (e.type <> 'deposit' OR m.ago = 28);

-- ben keeps shares and coins, and no cash: an import, transfers, an opening balance, fees of the network.
INSERT INTO event (depot, at, turn, type, symbol, amount, fee, currency, code)
SELECT 'depot', m.day + e.time, e.turn, e.type, e.symbol, e.amount, e.fee, e.currency, 'import'
FROM month AS m
CROSS JOIN (VALUES
    (1, 'buy', 'EURX', time '10:00', 260.00, 1.20, 'EUR', 2),
        (2, 'buy', 'RHEI', time '10:05', 180.00, 4.90, 'EUR', 9),
    (3, 'buy', 'EGOV', time '10:10', 150.00, 1.20, 'EUR', 4),
        (4, 'sell', 'EURX', time '15:00', 333.33, 4.90, 'EUR', 13),
    (5, 'buy', 'WLDX', time '16:00', 200.00, 2.50, 'USD', 6)
) AS e (turn, type, symbol, time, amount, fee, currency, every)
WHERE m.ago <= 84 AND m.ago % e.every = e.every - 1;
INSERT INTO event (depot, at, turn, type, symbol, quantity, amount, currency, note)
SELECT 'depot', m.day + time '12:00', e.turn, e.type, e.symbol, e.quantity, e.amount, 'EUR', e.note
FROM month AS m
JOIN (VALUES
    (60, 1, 'transfer_in', 'RHEI', 12.5, 815.00, 'From the old broker, at its cost.'),
    (24, 2, 'transfer_out', 'RHEI', 5.25, 0, 'To the children.'),
    (50, 3, 'interest', 'EGOV', NULL, 4.44, NULL)
) AS e (ago, turn, type, symbol, quantity, amount, note) USING (ago);
INSERT INTO event (depot, at, turn, type, symbol, quantity, amount, fee, fee_kind, currency, note)
SELECT 'coins', m.day + time '20:00', 1, e.type, 'BLUM', e.quantity, e.amount, e.fee, 'network', 'USD', e.note
FROM month AS m
JOIN (VALUES
    (64, 'adjustment', 0.8, 400.00, 0, 'What was there when the book began.'), (60, 'buy', 0.25, NULL, 1.10, NULL),
    (54, 'buy', 0.3333, NULL, 1.45, NULL), (47, 'sell', 0.2, NULL, 2.20, NULL), (33, 'buy', 0.17, NULL, 0.99, NULL),
    (21, 'sell', 0.41, NULL, 2.35, NULL), (9, 'buy', 0.125, NULL, 1.05, NULL)
) AS e (ago, type, quantity, amount, fee, note) USING (ago);

-- cleo saves in three currencies, and owes a loan against it.
INSERT INTO event (depot, at, turn, type, symbol, amount, fee, currency)
SELECT 'welt', m.day + e.time, e.turn, e.type, e.symbol, e.amount, e.fee, e.currency
FROM month AS m
CROSS JOIN (VALUES
    (1, 'deposit', NULL, time '09:00', 1500.00, 0, 'CHF'), (2, 'deposit', NULL, time '09:01', 900.00, 0, 'USD'),
    (3, 'deposit', NULL, time '09:02', 450.00, 0, 'EUR'), (4, 'buy', 'SWSX', time '10:00', 600.00, 5.00, 'CHF'),
    (5, 'buy', 'ALPN', time '10:05', 240.00, 5.00, 'CHF'), (6, 'buy', 'WLDX', time '15:00', 810.00, 6.00, 'USD'),
    (7, 'buy', 'EURX', time '11:00', 400.00, 5.50, 'EUR')
) AS e (turn, type, symbol, time, amount, fee, currency)
WHERE m.ago <= 96 AND m.ago % 3 = 0;

-- tara names her lots.
INSERT INTO event (depot, at, turn, type, symbol, quantity, amount, fee, currency, code)
SELECT 'active', m.day + time '14:45', e.turn, e.type, e.symbol, e.quantity, e.amount, e.fee, 'USD', e.code
FROM month AS m
JOIN (VALUES
    (44, 1, 'deposit', NULL, NULL, 12000.00, 0, NULL), (43, 1, 'buy', 'HARB', 6, NULL, 1, 'first'),
    (40, 1, 'buy', 'HARB', 5, NULL, 1, 'second'), (36, 1, 'buy', 'HARB', 4, NULL, 1, 'third'),
    (34, 1, 'sell', 'HARB', 6, NULL, 1, 'second:4,third:2'), (30, 1, 'buy', 'AURM', 10, NULL, 1, NULL),
    (12, 1, 'sell', 'HARB', 3, NULL, 1, NULL), (8, 1, 'sell', 'AURM', 10, NULL, 1, NULL),
    (3, 1, 'buy', 'AURM', 2.5, NULL, 1, NULL)
) AS e (ago, turn, type, symbol, quantity, amount, fee, code) USING (ago);

-- cleo's portfolio follows a basket: a sale and a purchase bring it back to the weights.
INSERT INTO event (depot, at, turn, type, symbol, amount, fee, currency, note)
SELECT 'welt', m.day + time '13:00', e.turn, e.type, e.symbol, e.amount, 0, 'CHF', 'rebalance'
FROM month AS m CROSS JOIN (VALUES (1, 'sell', 'SWSX', 320.00), (2, 'buy', 'CGOV', 310.00))
    AS e (turn, type, symbol, amount)
WHERE m.ago = 10;

-- Splits, dividends and returned capital reach everyone who held on the day before.
INSERT INTO event (depot, at, turn, type, symbol, amount, currency)
SELECT d.code, c.ex_date + CASE c.kind WHEN 'split' THEN time '00:00' ELSE time '07:00' END, 0, c.kind::text,
    i.symbol,
    c.amount, i.currency
FROM market.corporate_actions AS c
JOIN market.instruments AS i ON i.id = c.instrument_id AND i.source = 'DEMO'
CROSS JOIN depot AS d
WHERE c.kind <> 'symbol_change' AND c.ex_date <= pg_temp.as_of()
    AND EXISTS (SELECT FROM event AS e WHERE e.depot = d.code AND e.symbol = i.symbol);

-- Every holding that comes about, empty at first: postings and lots refer to it.
INSERT INTO portfolios.portfolio_holdings (
    user_id, portfolio_id, instrument_id, quantity, currency, cost_basis, basis_fees, average_cost, realized_gain,
    income, fees, created_at, updated_at)
SELECT pg_temp.person(d.owner), pg_temp.portfolio(e.depot), pg_temp.instrument(e.symbol), 0, i.currency, 0, 0, 0, 0,
    0, 0,
    min(e.at), max(e.at)
FROM event AS e JOIN depot AS d ON d.code = e.depot
JOIN market.instruments AS i ON i.id = pg_temp.instrument(e.symbol)
GROUP BY d.owner, e.depot, e.symbol, i.currency ORDER BY e.depot, e.symbol;

DO $$
DECLARE
    e record;
    tx uuid;
    original uuid;
    price numeric;
    held numeric;
    units numeric;
    gross numeric;
    fee numeric;
    money text;
    settled numeric;
    instrument uuid;
    holding portfolios.portfolio_holdings;
    basis numeric;
BEGIN
    FOR e IN
        SELECT v.*, d.tracks_cash, d.method, pg_temp.person(d.owner) AS user_id, pg_temp.portfolio(v.depot)
            AS depot_id,
            d.currency AS base, row_number() OVER (PARTITION BY v.depot ORDER BY v.at, v.turn, v.symbol) AS number
        FROM event AS v JOIN depot AS d ON d.code = v.depot
        ORDER BY v.depot, v.at, v.turn, v.symbol
    LOOP
        tx := pg_temp.id(e.at, 'transaction ' || e.depot || e.number);
        instrument := CASE WHEN e.symbol IS NOT NULL THEN pg_temp.instrument(e.symbol) END;
        price := CASE WHEN e.type IN ('buy', 'sell', 'reversal') THEN pg_temp.close(instrument, e.at::date) END;
        SELECT h.* INTO holding FROM portfolios.portfolio_holdings AS h
        WHERE h.user_id = e.user_id AND h.portfolio_id = e.depot_id AND h.instrument_id = instrument;
        held := coalesce(holding.quantity, 0);
        CONTINUE WHEN held = 0 AND e.type IN ('sell', 'split', 'dividend', 'return_of_capital');
        units := CASE WHEN e.type IN ('buy', 'sell') THEN coalesce(e.quantity, trunc(e.amount / price, 4))
            WHEN e.type IN ('transfer_in', 'transfer_out', 'adjustment', 'reversal') THEN e.quantity END;
        IF e.type = 'sell' THEN units := least(units, held); END IF;
        gross := CASE WHEN e.type IN ('buy', 'sell', 'reversal') THEN pg_temp.half_even(units * price, 18)
            WHEN e.type IN ('dividend', 'return_of_capital') THEN pg_temp.half_even(held * e.amount, 2)
            WHEN e.type IN ('split', 'transfer_out') THEN 0 ELSE e.amount END;
        CONTINUE WHEN gross = 0 AND e.type IN ('dividend', 'return_of_capital');
        money := CASE WHEN e.tracks_cash THEN 'cash' ELSE 'external' END;
        settled := CASE WHEN e.tracks_cash THEN pg_temp.half_even(gross, 2) ELSE gross END;
        fee := coalesce(e.fee, 0);

        IF e.type = 'reversal' THEN
            SELECT t.id INTO original FROM portfolios.transactions AS t
            WHERE t.user_id = e.user_id AND t.portfolio_id = e.depot_id AND t.note = 'Forty instead of four.';
            UPDATE portfolios.transactions AS t SET status = 'reversed', updated_at = e.at + interval '5 minutes'
            WHERE t.user_id = e.user_id AND t.id = original;
        END IF;
        INSERT INTO portfolios.transactions (
            user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency,
                fx_rate,
            split_from, split_to, executed_at, external_source, external_id, reverses, note, basket_investment_id,
            created_at, updated_at)
        VALUES (e.user_id, tx, e.depot_id, (CASE e.type WHEN 'reversal' THEN 'buy' ELSE e.type
            END)::portfolios.transaction_type,
            'completed', instrument, units, price, gross, e.currency,
            CASE WHEN e.code = 'import' AND e.currency <> e.base THEN pg_temp.rate(e.currency, e.base, e.at::date)
                END,
            CASE e.type WHEN 'split' THEN 1 END, CASE e.type WHEN 'split' THEN 2 END, e.at,
            CASE e.code WHEN 'import' THEN 'ghostfolio' END, CASE e.code WHEN 'import' THEN 'seed-' || e.number END,
            CASE e.type WHEN 'reversal' THEN original END, e.note, e.investment, e.at, e.at);
        IF e.code IS NOT NULL THEN INSERT INTO named_lot VALUES (e.code, tx); END IF;
        IF fee > 0 THEN
            INSERT INTO portfolios.transaction_fees (user_id, id, transaction_id, kind, amount, currency, created_at)
            VALUES (e.user_id, pg_temp.sibling(tx, '9'), tx, e.fee_kind::portfolios.fee_kind, fee, e.currency, e.at);
        END IF;

        IF e.type = 'split' THEN
            UPDATE portfolios.portfolio_holdings AS h
            SET lot_restatements = lot_restatements + (
                SELECT count(*) FROM portfolios.lots AS l
                WHERE l.user_id = h.user_id AND l.portfolio_id = h.portfolio_id
                    AND l.instrument_id = h.instrument_id AND l.remaining > 0)
            WHERE h.user_id = e.user_id AND h.portfolio_id = e.depot_id AND h.instrument_id = instrument;
        END IF;
        CASE e.type
            WHEN 'buy', 'transfer_in', 'adjustment' THEN
                IF e.type = 'buy' THEN
                    PERFORM pg_temp.move(e.user_id, e.depot_id, tx, e.at, '8', money, 'external', e.currency, NULL,
                        settled);
                END IF;
                PERFORM pg_temp.move(e.user_id, e.depot_id, tx, e.at, '9',
                    CASE e.type WHEN 'adjustment' THEN 'opening' ELSE 'external' END, 'asset', NULL, instrument,
                        units);
                basis := CASE WHEN e.method <> 'average'
                    THEN pg_temp.unit_basis(gross + fee, units, holding.capital_returned) END;
                INSERT INTO portfolios.lots (
                    user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency,
                        cost,
                    remaining_cost, fees, remaining_fees, unit_basis, capital_returned, created_at, updated_at)
                VALUES (e.user_id, tx, e.depot_id, instrument, tx, e.at, units, units, e.currency, gross + fee,
                    gross + fee,
                    fee, fee, basis, holding.capital_returned, e.at, e.at);
                holding.quantity := held + units;
                holding.cost_basis := holding.cost_basis + gross + fee;
                holding.basis_fees := holding.basis_fees + fee;
                IF basis = 0 THEN holding.repaid_quantity := holding.repaid_quantity + units; END IF;
                PERFORM pg_temp.store(holding);
            WHEN 'sell', 'transfer_out' THEN
                PERFORM pg_temp.move(e.user_id, e.depot_id, tx, e.at, '8', 'asset', 'external', NULL, instrument,
                    units);
                IF e.type = 'sell' THEN
                    PERFORM pg_temp.move(e.user_id, e.depot_id, tx, e.at, '9', 'external', money, e.currency, NULL,
                        settled);
                END IF;
                PERFORM pg_temp.dispose(holding, e.method, tx, e.at, e.type, units, gross, fee,
                    CASE WHEN e.code LIKE '%:%' THEN e.code END);
            WHEN 'split' THEN
                PERFORM pg_temp.split(holding, tx, e.at, 1, 2);
            WHEN 'return_of_capital' THEN
                PERFORM pg_temp.move(e.user_id, e.depot_id, tx, e.at, '8', 'external', money, e.currency, NULL,
                    settled);
                PERFORM pg_temp.return_capital(holding, e.method, tx, e.at, gross);
            WHEN 'reversal' THEN
                INSERT INTO portfolios.postings (
                    user_id, id, portfolio_id, transaction_id, from_account, to_account, currency, instrument_id,
                        amount,
                    created_at)
                SELECT p.user_id, pg_temp.sibling(tx, substr('89ab', row_number() OVER (ORDER BY p.id)::int, 1)),
                    p.portfolio_id, tx, p.to_account, p.from_account, p.currency, p.instrument_id, p.amount, e.at
                FROM portfolios.postings AS p WHERE p.user_id = e.user_id AND p.transaction_id = original;
                SELECT held - l.remaining, holding.cost_basis - l.remaining_cost, holding.basis_fees - l.remaining_fees
                INTO holding.quantity, holding.cost_basis, holding.basis_fees
                FROM portfolios.lots AS l WHERE l.user_id = e.user_id AND l.id = original;
                DELETE FROM portfolios.lots AS l WHERE l.user_id = e.user_id AND l.id = original;
                PERFORM pg_temp.store(holding);
            ELSE
                PERFORM pg_temp.move(e.user_id, e.depot_id, tx, e.at, '8',
                    CASE e.type WHEN 'deposit' THEN 'external' WHEN 'withdrawal' THEN 'cash' WHEN 'fee' THEN money
                        ELSE 'income' END,
                    CASE e.type WHEN 'deposit' THEN 'cash' WHEN 'withdrawal' THEN 'external' WHEN 'fee' THEN 'fee'
                        ELSE money END,
                    e.currency, NULL, settled);
        END CASE;
        PERFORM pg_temp.move(e.user_id, e.depot_id, tx, e.at, 'a', money, 'fee', e.currency, NULL, fee);
    END LOOP;
END
$$;

UPDATE portfolios.portfolio_holdings AS h
SET realized_gain = coalesce(c.gain, 0),
    average_cost = CASE WHEN h.quantity > 0 THEN pg_temp.quotient(h.cost_basis, h.quantity) ELSE 0 END,
    income = t.income, fees = t.fees, latest_at = t.latest_at
FROM (
    SELECT t.user_id, t.portfolio_id, t.instrument_id, max(t.executed_at) AS latest_at,
        coalesce(sum(t.gross_amount) FILTER (WHERE t.type IN ('dividend', 'interest')), 0) AS income,
        coalesce(sum(f.amount), 0) + coalesce(sum(t.gross_amount) FILTER (WHERE t.type = 'fee'), 0) AS fees
    FROM portfolios.transactions AS t
    LEFT JOIN portfolios.transaction_fees AS f ON f.user_id = t.user_id AND f.transaction_id = t.id
    WHERE t.status = 'completed' AND t.reverses IS NULL
    GROUP BY t.user_id, t.portfolio_id, t.instrument_id
) AS t
LEFT JOIN (
    SELECT user_id, portfolio_id, instrument_id, sum(realized_gain) AS gain
    FROM portfolios.lot_closures GROUP BY user_id, portfolio_id, instrument_id
) AS c USING (user_id, portfolio_id, instrument_id)
WHERE h.user_id = t.user_id AND h.portfolio_id = t.portfolio_id AND h.instrument_id = t.instrument_id
    AND h.portfolio_id IN (SELECT pg_temp.portfolio(code) FROM depot);

INSERT INTO portfolios.cash_balances (user_id, portfolio_id, currency, balance, created_at, updated_at)
SELECT p.user_id, p.portfolio_id, p.currency, sum(CASE p.to_account WHEN 'cash' THEN p.amount ELSE -p.amount END),
    min(p.created_at), max(p.created_at)
FROM portfolios.postings AS p
WHERE 'cash' IN (p.from_account, p.to_account) AND p.portfolio_id IN (SELECT pg_temp.portfolio(code) FROM depot)
GROUP BY p.user_id, p.portfolio_id, p.currency ORDER BY p.user_id, p.portfolio_id, p.currency;

-- What moves nothing: a deposit on its way, and a withdrawal that the bank refused.
INSERT INTO portfolios.transactions (
    user_id, id, portfolio_id, type, status, gross_amount, currency, executed_at, note, created_at, updated_at)
SELECT pg_temp.person('ada'), pg_temp.id(t.at, 'transaction ' || t.status), pg_temp.portfolio('long_run'),
    t.type::portfolios.transaction_type, t.status::portfolios.transaction_status, t.amount, 'USD', t.at, t.note,
        t.at, t.at
FROM (VALUES
    ('deposit', 'pending', 400.00, pg_temp.as_of() - interval '9 hours', NULL),
    ('withdrawal', 'failed', 90.00, pg_temp.as_of() - interval '20 days', 'The bank knows no such account.')
) AS t (type, status, amount, at, note);
