-- What was done to whose data, what happened, what was answered, and what waits for its time.
INSERT INTO audit.entries (
    user_id, id, actor_kind, actor, service, action, entity, entity_id, before, after, request_id, created_at)
SELECT p.id, pg_temp.id(m.at, 'audit ' || p.n || ' ' || k), 'user', p.id::text, 'portfolios', 'portfolio.renamed',
    'portfolios.portfolio', 'p-' || k % 3, '{"name": "Main"}', '{"name": "Savings"}', 'load-' || p.n || '-' || k, m.at
FROM person AS p
CROSS JOIN LATERAL generate_series(0, least(p.size / 20, 20000)) AS k
CROSS JOIN LATERAL (SELECT p.at + (k + 1) * (pg_temp.as_of() - p.at) / (2 + p.size / 20) AS at) AS m
ORDER BY p.n, k;
-- Transaction 2 of epoch 1 is older than any that a service will write; the demo has 1.
INSERT INTO platform.events (
    id, owner_id, epoch, transaction_number, position, type, version, key, payload, request_id, occurred_at,
        created_at)
SELECT pg_temp.id(p.at + k * interval '10 minutes', 'event ' || p.n || ' ' || k), p.id, 1, 2, p.n * 2 + k,
    CASE k WHEN 0 THEN 'user.registered' ELSE 'user.email_verified' END, 1, p.id::text,
        jsonb_build_object('user_id', p.id),
    'load-' || p.n, p.at + k * interval '10 minutes', p.at + k * interval '10 minutes'
FROM person AS p CROSS JOIN generate_series(0, 1) AS k ORDER BY p.n, k;
INSERT INTO platform.idempotency_keys (
    user_id, operation, key, request_hash, response_status, response_headers, response_body, created_at, expires_at)
SELECT user_id, 'createPortfolio', 'load-' || k, sha256(convert_to('request ' || n || ' ' || k, 'UTF8')), 201, '{}',
    '{}',
    at, at + interval '1 day'
FROM depot ORDER BY n, k;
INSERT INTO platform.jobs (
    id, owner_id, type, key, payload, status, run_at, attempts, maximum_attempts, finished_at, created_at, updated_at)
SELECT pg_temp.id(pg_temp.as_of() - interval '1 day', 'job ' || p.n), p.id, 'notifications.send_digest',
    (pg_temp.as_of() - 5)::text, '{}', 'succeeded', pg_temp.as_of() - interval '5 days', 1, 5,
    pg_temp.as_of() - interval '5 days', pg_temp.as_of() - interval '6 days', pg_temp.as_of() - interval '5 days'
FROM person AS p ORDER BY p.n;
