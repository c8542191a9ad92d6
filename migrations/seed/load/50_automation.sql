-- A rule that buys an instrument, whose runs are buys of the ledger; a card whose change is pooled.
CREATE TEMP TABLE plan ON COMMIT DROP AS
SELECT DISTINCT ON (e.user_id, e.at::date) e.user_id, e.portfolio_id, e.instrument_id, e.currency, e.at, e.id,
    e.gross,
    p.n, p.at AS born, pg_temp.id(p.at + interval '2 hours', 'rule ' || p.n) AS rule_id
FROM person AS p
JOIN (SELECT user_id, min(number) AS number FROM entry GROUP BY user_id) AS first ON first.user_id = p.id
JOIN entry AS e ON e.number = first.number AND e.kind = 'buy'
WHERE p.n % 2 = 0 OR p.n = 1
ORDER BY e.user_id, e.at::date, e.at;
INSERT INTO automation.auto_invest_rules (
    user_id, id, portfolio_id, instrument_id, amount, currency, frequency, time_zone, starts_on, catch_up, status,
    next_nominal_date, revision, created_at, updated_at)
SELECT DISTINCT ON (n) user_id, rule_id, portfolio_id, instrument_id, 500, currency, 'daily', 'UTC', born::date,
    'skip',
    (CASE WHEN n % 3 = 0 THEN 'paused' ELSE 'active' END)::automation.rule_status, pg_temp.as_of() + 1, 1, born, born
FROM plan ORDER BY n, at;
INSERT INTO automation.auto_invest_runs (
    user_id, rule_id, nominal_date, status, amount, currency, executed_at, transaction_id, created_at, updated_at)
SELECT user_id, rule_id, at::date, 'completed', gross, currency, at, id, at, at FROM plan ORDER BY n, plan.at;

INSERT INTO automation.spending_sources (
    user_id, id, kind, provider, external_id, name, sealed_webhook_secret, status, last_event_at, revision,
        created_at,
    updated_at)
SELECT id, pg_temp.id(at, 'card ' || n), 'card', 'demo_bank', 'card-' || n, 'Card',
    pg_temp.no_secret(), 'active', pg_temp.as_of() - interval '1 day', 1, at, at
FROM person ORDER BY n;

-- Two pools: the first could not be invested, the second is open.
CREATE TEMP TABLE purchase ON COMMIT DROP AS
SELECT p.n, k, p.id AS user_id, p.currency, moment.at, pg_temp.id(moment.at, 'purchase ' || p.n || ' ' || k) AS id,
    -- Never a whole amount, so that every purchase leaves change.
    3 + pg_temp.pick('purchase ' || p.n || ' ' || k, 80) + (1 + k % 99) / 100.0 AS amount, k % 2 = 0 AS is_first
FROM person AS p
CROSS JOIN LATERAL generate_series(0, least(p.size / 16, 20000)) AS k
CROSS JOIN LATERAL (
    SELECT p.at + interval '5 hours' + k * (pg_temp.as_of() - p.at - interval '2 days') / (1 + p.size / 16) AS at)
        AS moment;
INSERT INTO automation.purchases (
    user_id, id, source_id, external_id, amount, currency, merchant, status, purchased_at, posted_at, created_at,
    updated_at)
SELECT u.user_id, u.id, pg_temp.id(p.at, 'card ' || p.n), 'p-' || u.n || '-' || u.k, u.amount, u.currency,
    (ARRAY['Bakery', 'Grocer', 'Railway', 'Bookshop'])[1 + u.k % 4], 'posted', u.at, u.at + interval '1 day', u.at,
    u.at + interval '1 day'
FROM purchase AS u JOIN person AS p ON p.id = u.user_id ORDER BY u.n, u.k;
INSERT INTO automation.round_up_rules (
    user_id, id, portfolio_id, basket_id, currency, multiplier, threshold, whole_dollar, monthly_cap, status,
        revision,
    created_at, updated_at)
SELECT p.id, pg_temp.id(p.at, 'round-up ' || p.n), d.id, b.id, p.currency, (ARRAY[1, 2, 3, 10])[1 + p.n % 4], 5,
    'none',
    NULL, 'active', 1, p.at, p.at
FROM person AS p
JOIN depot AS d ON d.user_id = p.id AND d.k = 1
JOIN portfolios.baskets AS b ON b.slug = 'world-core' AND b.owner_id IS NULL
ORDER BY p.n;
INSERT INTO automation.round_up_pools (
    user_id, id, rule_id, number, total, status, requested_at, reason, created_at, updated_at)
SELECT p.id, pg_temp.id(p.at, 'pool ' || p.n || ' ' || g), pg_temp.id(p.at, 'round-up ' || p.n), g,
    coalesce(s.change, 0) * (ARRAY[1, 2, 3, 10])[1 + p.n % 4],
    (CASE g WHEN 1 THEN 'failed' ELSE 'open' END)::automation.round_up_pool_status,
    CASE g WHEN 1 THEN pg_temp.as_of() - interval '3 days' END, CASE g WHEN 1 THEN 'there was no cash' END, p.at,
    pg_temp.as_of() - interval '3 days'
FROM person AS p
CROSS JOIN generate_series(1, 2) AS g
LEFT JOIN (
    SELECT user_id, is_first, sum(ceil(amount) - amount) AS change FROM purchase GROUP BY user_id, is_first
) AS s ON s.user_id = p.id AND s.is_first = (g = 1)
ORDER BY p.n, g;
INSERT INTO automation.round_up_entries (
    user_id, rule_id, purchase_id, amount, status, pool_id, created_at, updated_at)
SELECT u.user_id, pg_temp.id(p.at, 'round-up ' || p.n), u.id,
    (ceil(u.amount) - u.amount) * (ARRAY[1, 2, 3, 10])[1 + p.n % 4], 'pooled', o.id, u.at, u.at
FROM purchase AS u
JOIN person AS p ON p.id = u.user_id
JOIN automation.round_up_pools AS o ON o.user_id = u.user_id AND o.rule_id = pg_temp.id(p.at, 'round-up ' || p.n)
    AND o.number = CASE WHEN u.is_first THEN 1 ELSE 2 END
ORDER BY u.n, u.k;
