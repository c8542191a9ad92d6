-- The ledger. In each portfolio every instrument has its own sequence of transactions, in groups of five: money in
-- (or, where no cash is tracked, a buy), two buys, a sale, a dividend. The n-th sale sells the whole lot of the n-th
-- buy, the oldest that is open, so that lots, closures and roll-ups follow without a replay, and exactly.
CREATE TEMP TABLE depot ON COMMIT DROP AS
SELECT p.n, k, p.id AS user_id, pg_temp.id(p.at + k * interval '1 hour', 'load portfolio ' || p.n || ' ' || k) AS id,
    p.at + k * interval '1 hour' AS at, p.size, p.currency, k = 1 AS tracks_cash
FROM person AS p CROSS JOIN LATERAL generate_series(1, CASE WHEN p.size > 120 THEN 2 ELSE 1 END) AS k;
INSERT INTO portfolios.portfolios (
    user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, created_at, updated_at, revision)
SELECT user_id, id, CASE k WHEN 1 THEN 'Main' ELSE 'Second' END,
    CASE k WHEN 1 THEN 'brokerage' ELSE 'retirement' END::portfolios.portfolio_kind, currency, 'fifo', tracks_cash,
    at, at, 1
FROM depot ORDER BY n, k;

CREATE TEMP TABLE trading ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY day)::int AS number, day FROM market.trading_days
WHERE exchange = 'XDEM' AND day <= pg_temp.as_of() - 30;
CREATE UNIQUE INDEX ON trading (number);
CREATE UNIQUE INDEX ON trading (day);
ANALYZE trading;

-- Closes by the number of the day, as the sequences count.
CREATE TEMP TABLE closing ON COMMIT DROP AS
SELECT b.instrument_id, i.currency, t.number, t.day, b.close,
    dense_rank() OVER (PARTITION BY i.currency ORDER BY i.symbol) AS rank
FROM market.instruments AS i JOIN market.price_bars AS b ON b.instrument_id = i.id JOIN trading AS t USING (day)
WHERE i.source = 'DEMO' AND i.owner_id IS NULL;

CREATE TEMP TABLE sequence ON COMMIT DROP AS
SELECT s.n, row_number() OVER (ORDER BY s.n, s.k, s.rank) AS number, s.user_id, s.id AS portfolio_id, s.currency,
    s.tracks_cash, s.instrument_id, 'load ' || s.n || ' ' || s.k || ' ' || s.rank || ' ' AS name,
    s.size / s.total + CASE WHEN s.place <= s.size % s.total THEN 1 ELSE 0 END AS length,
    (SELECT t.number FROM trading AS t WHERE t.day > s.at::date ORDER BY t.day LIMIT 1) AS first,
    (SELECT max(t.number) FROM trading AS t) AS last
FROM (
    SELECT d.*, c.instrument_id, c.rank, row_number() OVER (PARTITION BY d.n ORDER BY d.k, c.rank) AS place,
        count(*) OVER (PARTITION BY d.n) AS total
    FROM depot AS d
    JOIN (SELECT DISTINCT instrument_id, currency, rank FROM closing) AS c
        ON c.currency = d.currency AND c.rank <= 1 + d.size / 40
) AS s;

-- Whole-number time: the days of the span are shared out evenly, and so are the hours of a day.
CREATE TEMP TABLE step ON COMMIT DROP AS
SELECT s.number, s.user_id, s.portfolio_id, s.instrument_id, s.currency, s.tracks_cash, s.position, s.hash,
    s.kind, s.buy, c.close,
    c.day + time '08:00' + s.rest * 28800000000 / s.length * interval '1 microsecond' AS at
FROM (
    SELECT q.*, p AS position, md5(q.name || p) AS hash,
        CASE p % 5 WHEN 0 THEN CASE WHEN q.tracks_cash THEN 'deposit' ELSE 'buy' END WHEN 3 THEN 'sell'
            WHEN 4 THEN 'dividend' ELSE 'buy' END AS kind,
        -- Which buy of the sequence it is, or which one a sale sells.
        CASE WHEN p % 5 = 3 THEN p / 5
            WHEN p % 5 < 3 THEN CASE WHEN q.tracks_cash THEN p / 5 * 2 + p % 5 - 1 ELSE p / 5 * 3 + p % 5 END
        END AS buy,
        q.first + (p::bigint * (q.last - q.first) / q.length)::int AS day_number,
        p::bigint * (q.last - q.first) % q.length AS rest
    FROM sequence AS q CROSS JOIN LATERAL generate_series(0, q.length - 1) AS p
) AS s
JOIN closing AS c ON c.instrument_id = s.instrument_id AND c.number = s.day_number;

CREATE TEMP TABLE entry ON COMMIT DROP AS
WITH bought AS (
    SELECT number, buy,
        round((100 + ('x' || left(hash, 6))::bit(24)::int % 900) / close, 4) AS quantity
    FROM step WHERE kind = 'buy'
), priced AS (
    SELECT s.number, s.position, s.user_id, s.portfolio_id, s.instrument_id, s.currency, s.tracks_cash, s.kind, s.buy,
        s.at, pg_temp.id(s.at, s.hash) AS id, b.quantity, s.close,
        CASE s.kind WHEN 'deposit' THEN 2500
            WHEN 'dividend' THEN (50 + ('x' || right(s.hash, 4))::bit(16)::int % 1500) / 100.0
            ELSE b.quantity * s.close END AS gross,
        CASE WHEN s.kind IN ('buy', 'sell') AND s.hash < '5'
            THEN (100 + ('x' || right(s.hash, 4))::bit(16)::int % 396) / 100.0 ELSE 0 END::numeric(18, 2) AS fee
    FROM step AS s LEFT JOIN bought AS b ON b.number = s.number AND b.buy = s.buy AND s.kind IN ('buy', 'sell')
)
-- Sorted once: what is read from here in one pass keeps the order.
SELECT *, CASE WHEN tracks_cash THEN pg_temp.half_even(gross, 2) ELSE gross END AS settled FROM priced
ORDER BY number, position;
ANALYZE entry (user_id, portfolio_id, number, kind);

INSERT INTO portfolios.transactions (
    user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency,
    executed_at, created_at, updated_at)
SELECT user_id, id, portfolio_id, kind::portfolios.transaction_type, 'completed',
    CASE WHEN kind <> 'deposit' THEN instrument_id END, quantity, CASE WHEN kind IN ('buy', 'sell') THEN close END,
    gross, currency, at, at, at
FROM entry;

INSERT INTO portfolios.transaction_fees (user_id, id, transaction_id, kind, amount, currency, created_at)
SELECT user_id, pg_temp.sibling(id, '9'), id, 'commission', fee, currency, at
FROM entry WHERE fee > 0;

-- A buy with the sale of its lot, where it has one.
CREATE TEMP TABLE lot ON COMMIT DROP AS
SELECT b.number, b.buy, b.user_id, b.portfolio_id, b.instrument_id, b.currency, b.id, b.at, b.quantity,
    b.gross + b.fee AS cost, b.fee, s.id AS sale_id, s.at AS sold_at, s.gross - s.fee AS proceeds, s.fee AS sale_fee
FROM entry AS b LEFT JOIN entry AS s ON s.number = b.number AND s.buy = b.buy AND s.kind = 'sell'
WHERE b.kind = 'buy'
ORDER BY b.number, b.buy;

INSERT INTO portfolios.portfolio_holdings (
    user_id, portfolio_id, instrument_id, quantity, currency, cost_basis, basis_fees, average_cost, realized_gain,
    income, fees, latest_at, created_at, updated_at)
SELECT e.user_id, e.portfolio_id, e.instrument_id, coalesce(l.quantity, 0), e.currency, coalesce(l.cost, 0),
    coalesce(l.fees, 0), CASE WHEN l.quantity > 0 THEN pg_temp.quotient(l.cost, l.quantity) ELSE 0 END,
    coalesce(l.gain, 0), e.income, e.fees, e.last_at, e.first_at, e.last_at
FROM (
    SELECT number, user_id, portfolio_id, instrument_id, currency, min(at) AS first_at, max(at) AS last_at,
        coalesce(sum(gross) FILTER (WHERE kind = 'dividend'), 0) AS income, sum(fee) AS fees
    FROM entry WHERE kind <> 'deposit' GROUP BY number, user_id, portfolio_id, instrument_id, currency
) AS e
LEFT JOIN (
    SELECT number, sum(quantity) FILTER (WHERE sale_id IS NULL) AS quantity,
        sum(cost) FILTER (WHERE sale_id IS NULL) AS cost, sum(fee) FILTER (WHERE sale_id IS NULL) AS fees,
        sum(proceeds - cost) AS gain
    FROM lot GROUP BY number
) AS l USING (number)
ORDER BY number;

-- Money, then units, then fees. A transaction's first posting has its id.
INSERT INTO portfolios.postings (
    user_id, id, portfolio_id, transaction_id, from_account, to_account, currency, instrument_id, amount, created_at)
SELECT user_id, id, portfolio_id, id,
    CASE kind WHEN 'deposit' THEN 'external' WHEN 'buy' THEN 'cash' WHEN 'sell' THEN 'external' ELSE 'income' END
        ::portfolios.posting_account,
    CASE WHEN kind = 'buy' OR NOT tracks_cash THEN 'external' ELSE 'cash' END::portfolios.posting_account,
    currency, NULL::uuid, settled, at
FROM entry WHERE tracks_cash OR kind = 'dividend'
UNION ALL
SELECT user_id, pg_temp.sibling(id, '9'), portfolio_id, id, CASE kind WHEN 'buy' THEN 'external' ELSE 'asset' END
        ::portfolios.posting_account,
    CASE kind WHEN 'buy' THEN 'asset' ELSE 'external' END::portfolios.posting_account, NULL, instrument_id, quantity,
        at
FROM entry WHERE kind IN ('buy', 'sell')
UNION ALL
SELECT user_id, pg_temp.sibling(id, 'a'), portfolio_id, id,
    CASE WHEN tracks_cash THEN 'cash' ELSE 'external' END::portfolios.posting_account, 'fee', currency, NULL, fee, at
FROM entry WHERE fee > 0;

INSERT INTO portfolios.lots (
    user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis, created_at, updated_at)
SELECT user_id, id, portfolio_id, instrument_id, id, at, quantity, CASE WHEN sale_id IS NULL THEN quantity ELSE 0 END,
    currency, cost, CASE WHEN sale_id IS NULL THEN cost ELSE 0 END, fee,
    CASE WHEN sale_id IS NULL THEN fee ELSE 0 END, pg_temp.quotient(cost, quantity), at, coalesce(sold_at, at)
FROM lot;

INSERT INTO portfolios.lot_closures (
    user_id, id, portfolio_id, instrument_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees, cost,
    cost_fees, realized_gain, created_at)
SELECT user_id, pg_temp.sibling(sale_id, '9'), portfolio_id, instrument_id, id, sale_id, sold_at, 'sale', quantity, proceeds,
    sale_fee,
    cost, fee, proceeds - cost, sold_at
FROM lot WHERE sale_id IS NOT NULL;

INSERT INTO portfolios.cash_balances (user_id, portfolio_id, currency, balance, created_at, updated_at)
SELECT user_id, portfolio_id, currency,
    sum(CASE kind WHEN 'buy' THEN -1 ELSE 1 END * settled - fee), min(at), max(at)
FROM entry WHERE tracks_cash GROUP BY user_id, portfolio_id, currency ORDER BY user_id, portfolio_id;

-- The last five trading days, on which nothing more happened: what is held at that day's close, and cash. An
-- instrument has its portfolio's currency, so no exchange rate is needed.
INSERT INTO portfolios.portfolio_snapshots (
    user_id, portfolio_id, day, currency, value, net_invested, cash, has_stale_prices, created_at, updated_at)
SELECT d.user_id, d.id, t.day, d.currency, coalesce(h.value, 0) + coalesce(c.balance, 0), m.invested,
    coalesce(c.balance, 0), false, t.day + time '22:00', t.day + time '22:00'
FROM depot AS d
CROSS JOIN (
    SELECT day FROM market.trading_days WHERE exchange = 'XDEM' AND day <= pg_temp.as_of() ORDER BY day DESC LIMIT 5
) AS t
JOIN (
    SELECT portfolio_id,
        sum(CASE WHEN tracks_cash THEN CASE kind WHEN 'deposit' THEN gross ELSE 0 END
            ELSE CASE kind WHEN 'buy' THEN gross + fee WHEN 'sell' THEN fee - gross ELSE -gross END END) AS invested
    FROM entry GROUP BY portfolio_id
) AS m ON m.portfolio_id = d.id
LEFT JOIN portfolios.cash_balances AS c ON c.user_id = d.user_id AND c.portfolio_id = d.id
LEFT JOIN LATERAL (
    SELECT sum(pg_temp.half_even(h.quantity * b.close, 18)) AS value
    FROM portfolios.portfolio_holdings AS h
    JOIN market.price_bars AS b ON b.instrument_id = h.instrument_id AND b.day = t.day
    WHERE h.user_id = d.user_id AND h.portfolio_id = d.id
) AS h ON true
ORDER BY d.n, d.k, t.day;
