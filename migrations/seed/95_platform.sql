-- done when: SELECT EXISTS (SELECT FROM platform.consumers WHERE name = 'seed.examples')
-- What happened, as the services would have written it down; an example of a consumer that is past it, with an event
-- that was parked and one that waits behind it; timed work; answers that are kept; and who did what.

-- Transaction 1 of epoch 1 is older than any that a service will write, so all of this comes before what is to come.
CREATE TEMP TABLE happened ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY h.at, h.type, h.key)::int - 1 AS position, h.*,
    pg_temp.id(h.at, 'event ' || h.type || h.key) AS id
FROM (
    SELECT u.id AS owner_id, 'user.registered' AS type, u.id::text AS key, jsonb_build_object('user_id', u.id)
        AS payload,
        u.created_at AS at
    FROM users.users AS u WHERE u.email LIKE '%@seed.example' AND u.email NOT LIKE 'load-%'
    UNION ALL
    SELECT c.user_id, 'user.tier_changed', coalesce(c.billing_event, c.id::text),
        jsonb_build_object('from', c.from_tier, 'to', c.to_tier), c.created_at
    FROM users.subscription_changes AS c WHERE c.billing_event LIKE 'evt_seed_%'
    UNION ALL
    SELECT i.user_id, 'investment.completed', i.request_key,
        jsonb_build_object('investment_id', i.id, 'amount', trim_scale(i.amount)::text, 'currency', i.currency), i.completed_at
    FROM portfolios.basket_investments AS i
    WHERE i.status = 'completed' AND i.user_id = pg_temp.person('ada')
    UNION ALL
    SELECT l.user_id, 'loan.disbursed', l.id::text,
        jsonb_build_object('loan_id', l.id, 'principal', trim_scale(l.principal)::text, 'currency', l.currency), l.disbursed_at
    FROM loans.loans AS l WHERE l.id IN (SELECT pg_temp.entry('loan', code)
        FROM unnest('{kitchen,bicycle,machine}'::text[]) AS code)
    UNION ALL
    SELECT e.user_id, 'loan.ltv_breached', e.loan_id || ':' || e.level || ':' || e.episode,
        jsonb_build_object('level', e.level, 'ltv', e.ltv::text), e.created_at
    FROM loans.collateral_events AS e WHERE e.loan_id = pg_temp.entry('loan', 'machine')
    UNION ALL
    SELECT NULL, 'job.finished', r.type || ':' || r.trading_date_et, r.stats, r.finished_at
    FROM market.job_runs AS r WHERE r.trading_date_et > pg_temp.as_of() - 8
) AS h;
INSERT INTO platform.events (
    id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at,
        created_at)
SELECT id, owner_id, 1, 1, position, type, 1, key, payload, 'seed', h.at, h.at FROM happened AS h ORDER BY position;

INSERT INTO platform.consumers (name, partitions, paused_at, created_at, updated_at)
VALUES ('seed.examples', 1, pg_temp.as_of(), pg_temp.as_of() - 3600, pg_temp.as_of());
INSERT INTO platform.consumer_cursors (
    consumer, partition, epoch, transaction_number, position, handled, created_at, updated_at)
SELECT 'seed.examples', 0, 1, 1, max(position), count(*) - 2, pg_temp.as_of() - 3600, pg_temp.as_of() FROM happened;
INSERT INTO platform.parked_events (
    consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, resolved_at,
        resolved_by,
    resolution, created_at, updated_at)
SELECT 'seed.examples', id, owner_id, 1, 1, position,
    (CASE rank WHEN 2 THEN 'parked' WHEN 1 THEN 'held' ELSE 'skipped' END)::platform.parked_event_status,
    CASE rank WHEN 1 THEN 0 ELSE 5 END, CASE rank WHEN 1 THEN NULL ELSE 'no quest counts this' END,
    CASE rank WHEN 3 THEN h.at + interval '1 day' END, CASE rank WHEN 3 THEN pg_temp.person('olivia')::text END,
    CASE rank WHEN 3 THEN 'It was counted by hand.' END, h.at, h.at
FROM (
    SELECT *, row_number() OVER (ORDER BY position DESC) AS rank FROM happened WHERE owner_id = pg_temp.person('ada')
) AS h WHERE rank <= 3 ORDER BY position;

INSERT INTO platform.jobs (
    id, owner_id, type, key, payload, status, run_at, attempts, maximum_attempts, finished_at, error, created_at,
        updated_at)
SELECT pg_temp.entry('job', j.type || j.key), CASE WHEN j.name IS NOT NULL THEN pg_temp.person(j.name) END, j.type,
    j.key, '{}',
    j.status::platform.job_status, pg_temp.as_of() + j.run, j.attempts, 5,
    CASE WHEN j.status <> 'scheduled' THEN pg_temp.as_of() + j.run + interval '3 seconds' END, j.error,
        pg_temp.as_of() - 60,
    pg_temp.as_of() - 1
FROM (VALUES
    (NULL, 'gamification.end_season', 'season-6', 'succeeded', interval '-50 days', 1, NULL),
    (NULL, 'gamification.end_season', 'season-7', 'scheduled', interval '40 days', 0, NULL),
    ('ada', 'notifications.send_digest', 'weekly', 'scheduled', interval '3 days', 0, NULL),
    ('dan', 'notifications.send_digest', 'daily', 'failed', interval '-2 days', 5, '550 no such mailbox')
) AS j (name, type, key, status, run, attempts, error) ORDER BY j.type, j.key;

INSERT INTO platform.idempotency_keys (
    user_id, operation, key, request_hash, response_status, response_headers, response_body, created_at, expires_at)
SELECT p.user_id, 'createPortfolio', 'seed-' || p.name, sha256(convert_to('seed ' || p.name, 'UTF8')), 201,
    jsonb_build_object('Location', '/v1/portfolios/' || p.id),
        convert_to(jsonb_build_object('id', p.id)::text, 'UTF8'),
    pg_temp.as_of() - interval '3 hours', pg_temp.as_of() + interval '21 hours'
FROM portfolios.portfolios AS p
WHERE p.id IN (SELECT pg_temp.portfolio(code) FROM unnest('{play,active}'::text[]) AS code) ORDER BY p.name;

INSERT INTO audit.entries (
    user_id, id, actor_kind, actor, service, action, entity, entity_id, before, after, request_id, created_at)
SELECT pg_temp.person(a.name), pg_temp.id(pg_temp.as_of() - a.days, 'audit ' || a.name || a.action || a.days),
    a.kind::audit.actor_kind,
    CASE a.kind WHEN 'operator' THEN pg_temp.person('olivia')::text WHEN 'user' THEN pg_temp.person(a.name)::text
        ELSE a.service END,
    a.service, a.action, a.entity, a.entity_id, a.before::jsonb, a.after::jsonb, 'seed-' || a.days,
        pg_temp.as_of() - a.days
FROM (VALUES
    ('dan', 370, 'operator', 'users', 'subscription.granted', 'users.user', NULL, '{"tier": "free"}',
        '{"tier": "plus"}'),
    ('cleo', 1497, 'operator', 'users', 'curator.approved', 'users.curator_profile', NULL, '{"status": "applied"}',
        '{"status": "approved"}'),
    ('ben', 797, 'operator', 'users', 'curator.declined', 'users.curator_profile', NULL, '{"status": "applied"}',
        '{"status": "declined"}'),
    ('sara', 400, 'service', 'users', 'user.suspended', 'users.user', NULL, '{"status": "active"}',
        '{"status": "suspended"}'),
    ('ada', 890, 'user', 'portfolios', 'portfolio.created', 'portfolios.portfolio', 'play', NULL, '{"name": "Play"}'),
    ('carl', 950, 'user', 'portfolios', 'portfolio.archived', 'portfolios.portfolio', 'carls', '{"archived": false}',
        '{"archived": true}'),
    ('tara', 100, 'user', 'trading', 'broker_account.kill_switch', 'trading.broker_account', 'live', '{"on": false}',
        '{"on": true}'),
    ('cleo', 1390, 'user', 'portfolios', 'basket.shared', 'portfolios.basket', 'cleo-steady',
        '{"visibility": "private"}', '{"visibility": "shared"}')
) AS a (name, days, kind, service, action, entity, entity_id, before, after)
ORDER BY a.days DESC, a.name;
