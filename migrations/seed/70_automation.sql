-- done when: SELECT EXISTS (SELECT FROM automation.auto_invest_rules WHERE id = pg_temp.entry('rule', 'payday'))
-- Rules that invest at a rhythm, with what became of each date; a card whose change is pooled and invested.

INSERT INTO automation.auto_invest_rules (
    user_id, id, portfolio_id, basket_id, instrument_id, amount, currency, frequency, anchor_day, time_zone,
        starts_on,
    ends_on, catch_up, monthly_cap, status, next_nominal_date, revision, created_at, updated_at)
SELECT pg_temp.person(r.name), pg_temp.entry('rule', r.code), pg_temp.portfolio(r.depot),
    CASE WHEN r.basket IS NOT NULL THEN pg_temp.entry('basket', r.basket) END,
    CASE WHEN r.symbol IS NOT NULL THEN pg_temp.instrument(r.symbol) END, r.amount, r.currency,
    r.frequency::automation.frequency, r.anchor, r.zone, r.starts, r.ends, r.catch_up::automation.catch_up, r.cap,
    r.status::automation.rule_status, r.next, 2, r.starts - 1, r.starts - 1
FROM (VALUES
    ('ada', 'payday', 'long_run', 'world-core', NULL, 50.00, 'USD', 'monthly', 10, 'America/New_York',
        (date_trunc('month', pg_temp.as_of()) - interval '12 months')::date, NULL, 'once', 200.00, 'active',
        (date_trunc('month', pg_temp.as_of()) + interval '1 month 9 days')::date),
    ('ben', 'weekly', 'depot', NULL, 'EURX', 25.00, 'EUR', 'weekly', 5, 'Europe/Berlin', pg_temp.as_of() - 300, NULL,
        'skip',
        NULL, 'paused', pg_temp.as_of() + 4),
    ('cleo', 'quarter', 'welt', 'swiss-home', NULL, 300.00, 'CHF', 'quarterly', 31, 'Europe/Zurich',
        pg_temp.as_of() - 900,
        pg_temp.as_of() - 100, 'all', NULL, 'ended', NULL::date)
) AS r (name, code, depot, basket, symbol, amount, currency, frequency, anchor, zone, starts, ends, catch_up, cap,
    status, next)
ORDER BY r.code;

-- The investments say which date asked for them. The first date had no money behind it; this month's was asked for.
INSERT INTO automation.auto_invest_runs (
    user_id, rule_id, nominal_date, status, amount, currency, executed_at, basket_investment_id, reason, created_at,
    updated_at)
SELECT user_id, pg_temp.entry('rule', 'payday'), split_part(request_key, ':', 3)::date, 'completed', amount, currency,
    completed_at, id, NULL, completed_at, completed_at
FROM portfolios.basket_investments
WHERE user_id = pg_temp.person('ada') AND source = 'auto_invest' AND request_key LIKE 'rule:ada-payday:%'
UNION ALL
SELECT pg_temp.person('ada'), pg_temp.entry('rule', 'payday'), d.day, d.status::automation.auto_invest_run_status,
    50, 'USD',
    NULL, NULL, d.reason, d.day, d.day
FROM (VALUES
    ((date_trunc('month', pg_temp.as_of()) - interval '12 months' + interval '9 days')::date, 'failed',
        'There was not enough cash.'),
    ((date_trunc('month', pg_temp.as_of()) + interval '9 days')::date, 'requested', NULL)
) AS d (day, status, reason)
ORDER BY 3;
INSERT INTO automation.auto_invest_runs (
    user_id, rule_id, nominal_date, status, amount, currency, reason, created_at, updated_at)
SELECT pg_temp.person('ben'), pg_temp.entry('rule', 'weekly'), day::date, 'skipped', 25, 'EUR',
    'The market was closed.', day, day
FROM generate_series(pg_temp.as_of() - interval '30 days', pg_temp.as_of() - interval '20 days', interval '7 days')
    AS day;

INSERT INTO automation.spending_sources (
    user_id, id, kind, provider, external_id, name, sealed_webhook_secret, status, last_event_at, revision,
        created_at,
    updated_at)
SELECT pg_temp.person(s.name), pg_temp.entry('source', s.code), s.kind::automation.spending_source_kind, 'demo_bank',
    'seed-' || s.code, s.title, pg_temp.no_secret(), s.status::automation.spending_source_status,
    pg_temp.as_of() - interval '5 hours', 1, pg_temp.as_of() - 130, pg_temp.as_of() - 130
FROM (VALUES ('ada', 'card', 'card', 'Everyday card', 'active'), ('ada', 'bank', 'bank', 'Joint account', 'paused'),
    ('ben', 'old-card', 'card', 'Alte Karte', 'revoked')) AS s (name, code, kind, title, status)
ORDER BY s.code;

-- Change by pool, in order: each of the first three reaches the threshold of five with its last purchase; the fourth
-- is open; a refund took its change back, and what is still pending at the bank is in no pool.
CREATE TEMP TABLE change ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY c.pool, t.k)::int AS n, c.pool, t.k, t.change::numeric,
    CASE WHEN c.pool < 5 THEN pg_temp.as_of() - 108 + c.pool * 20 + t.k * interval '2 days' + interval '12 hours'
        ELSE pg_temp.as_of() - 2 + t.k * interval '7 hours' END AS at
FROM (VALUES
    (1, '{0.90,0.90,0.90,0.90,0.90,0.77}'), (2, '{0.62,0.62,0.90,0.90,0.90,0.90,0.70}'),
    (3, '{0.90,0.90,0.90,0.90,0.90,0.41,0.90}'), (4, '{0.35,0.70,0.00}'), (5, '{0.55,0.15}')
) AS c (pool, changes)
CROSS JOIN LATERAL unnest(c.changes::numeric[]) WITH ORDINALITY AS t (change, k);
INSERT INTO automation.purchases (
    user_id, id, source_id, external_id, amount, currency, merchant, status, purchased_at, posted_at, refunded_at,
    created_at, updated_at)
SELECT pg_temp.person('ada'), pg_temp.entry('purchase', n::text), pg_temp.entry('source', 'card'), 'p-' || n,
    4 + pg_temp.pick('spent ' || n, 40) - change, 'USD',
    (ARRAY['Bakery', 'Grocer', 'Railway', 'Bookshop', 'Café'])[1 + n % 5],
    (CASE WHEN pool < 5 THEN 'posted' WHEN k = 1 THEN 'pending' ELSE 'refunded' END)::automation.purchase_status,
        c.at,
    CASE WHEN pool < 5 THEN c.at + interval '1 day' END, CASE WHEN pool = 5 AND k = 2 THEN c.at + interval '3 hours'
        END, c.at,
    c.at + interval '3 hours'
FROM change AS c ORDER BY n;
INSERT INTO automation.round_up_rules (
    user_id, id, portfolio_id, basket_id, currency, multiplier, threshold, whole_dollar, monthly_cap, status,
        revision,
    created_at, updated_at)
VALUES (pg_temp.person('ada'), pg_temp.entry('round-up', 'change'), pg_temp.portfolio('long_run'),
    pg_temp.entry('basket', 'world-core'), 'USD', 1, 5, 'none', 40, 'active', 1, pg_temp.as_of() - 130,
    pg_temp.as_of() - 130);
INSERT INTO automation.round_up_pools (
    user_id, id, rule_id, number, total, status, requested_at, completed_at, basket_investment_id, created_at,
        updated_at)
SELECT pg_temp.person('ada'), pg_temp.entry('pool', c.pool::text), pg_temp.entry('round-up', 'change'), c.pool,
    sum(c.change),
    (CASE WHEN c.pool < 4 THEN 'completed' ELSE 'open' END)::automation.round_up_pool_status,
    CASE WHEN c.pool < 4 THEN i.completed_at - interval '1 minute' END, i.completed_at, i.id, min(c.at), max(c.at)
FROM change AS c
LEFT JOIN portfolios.basket_investments AS i
    ON i.user_id = pg_temp.person('ada') AND i.request_key = 'rule:ada-change:pool:' || c.pool
WHERE c.pool < 5 GROUP BY c.pool, i.id, i.completed_at ORDER BY c.pool;
INSERT INTO automation.round_up_entries (
    user_id, rule_id, purchase_id, amount, status, pool_id, reversed_at, created_at, updated_at)
SELECT pg_temp.person('ada'), pg_temp.entry('round-up', 'change'), pg_temp.entry('purchase', n::text), change,
    (CASE WHEN pool < 5 THEN 'pooled' WHEN k = 1 THEN 'pending' ELSE 'reversed'
        END)::automation.round_up_entry_status,
    CASE WHEN pool < 5 THEN pg_temp.entry('pool', pool::text) END, CASE WHEN pool = 5 AND k = 2
        THEN c.at + interval '3 hours' END,
    c.at, c.at
FROM change AS c ORDER BY n;
