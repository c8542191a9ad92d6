-- Who is told, what, and by which way it went.
INSERT INTO notifications.recipients (
    user_id, email, display_name, locale, time_zone, source_updated_at, created_at, updated_at)
SELECT p.id, 'load-' || p.n || '@seed.example', f.display_name, 'en-US', f.time_zone, p.at, p.at, p.at
FROM person AS p JOIN users.user_profiles AS f ON f.user_id = p.id ORDER BY p.n;
INSERT INTO notifications.notification_preferences (
    user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at)
SELECT p.id, c.category::notifications.notification_category, c.channel::notifications.notification_channel,
    p.n % 3 > 0, CASE c.channel WHEN 'push' THEN 1320 END, CASE c.channel WHEN 'push' THEN 420 END,
    (CASE c.category WHEN 'product' THEN 'weekly' ELSE 'none' END)::notifications.digest_frequency, 1, p.at, p.at
FROM person AS p
CROSS JOIN (VALUES ('gamification', 'push'), ('product', 'email'), ('experts', 'email')) AS c (category, channel)
ORDER BY p.n, c.category;

CREATE TEMP TABLE message ON COMMIT DROP AS
SELECT p.n, k, p.id AS user_id, moment.at, pg_temp.id(moment.at, 'message ' || p.n || ' ' || k) AS id,
    (ARRAY['automation', 'gamification', 'experts', 'product', 'automation', 'security'])[1 + k % 6] AS category,
    moment.at < pg_temp.as_of() - interval '3 days' AS is_old
FROM person AS p
CROSS JOIN LATERAL generate_series(0, least(p.size / 8, 50000)) AS k
CROSS JOIN LATERAL (SELECT p.at + (k + 1) * (pg_temp.as_of() - p.at) / (2 + p.size / 8) AS at) AS moment;
INSERT INTO notifications.notifications (
    user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
    updated_at)
SELECT user_id, id, category::notifications.notification_category, category || '.told', 'Something happened',
    'It is listed in your history.', jsonb_build_object('number', k), 'seed:' || k, 'normal',
    CASE WHEN is_old AND k % 4 > 0 THEN at + interval '1 day' END,
    CASE WHEN is_old AND k % 4 = 1 THEN at + interval '2 days' END, at, at
FROM message ORDER BY n, k;
INSERT INTO notifications.digests (
    user_id, id, channel, frequency, day, state, sent_at, created_at, updated_at)
SELECT id, pg_temp.id(pg_temp.as_of(), 'digest ' || n), 'email', 'weekly', pg_temp.as_of() + 2, 'open', NULL,
    pg_temp.as_of(), pg_temp.as_of()
FROM person ORDER BY n;
-- The newest wait: mail about the product for the digest, the rest for its turn.
INSERT INTO notifications.notification_deliveries (
    user_id, notification_id, channel, status, attempts, next_attempt_at, digest_id, provider_id, sent_at, created_at,
    updated_at)
SELECT m.user_id, m.id, c.channel::notifications.notification_channel,
    (CASE WHEN m.is_old OR c.channel = 'in_app' THEN 'sent' ELSE 'deferred' END)::notifications.delivery_status,
    CASE WHEN m.is_old OR c.channel = 'in_app' THEN 1 ELSE 0 END,
    CASE WHEN NOT m.is_old AND c.channel = 'email' AND m.category <> 'product'
        THEN pg_temp.as_of() + interval '7 hours' END,
    CASE WHEN NOT m.is_old AND c.channel = 'email' AND m.category = 'product'
        THEN pg_temp.id(pg_temp.as_of(), 'digest ' || m.n) END,
    CASE WHEN m.is_old AND c.channel = 'email' THEN 'mail-' || m.n || '-' || m.k END,
    CASE WHEN m.is_old OR c.channel = 'in_app' THEN m.at + interval '2 seconds' END, m.at, m.at + interval '2 seconds'
FROM message AS m CROSS JOIN (VALUES ('in_app'), ('email')) AS c (channel)
WHERE c.channel = 'in_app' OR m.k % 2 = 1
ORDER BY m.n, m.k, c.channel;
INSERT INTO notifications.push_devices (
    user_id, id, platform, token, name, last_seen_at, created_at, updated_at)
SELECT id, pg_temp.id(at, 'device ' || n), 'apns', 'no-device-' || n, 'Phone', pg_temp.as_of() - interval '1 day',
    at, at
FROM person WHERE n % 3 = 0 ORDER BY n;
INSERT INTO notifications.webhook_endpoints (
    user_id, id, url, sealed_secret, consecutive_failures, disabled_at, disabled_reason, revision, created_at,
    updated_at)
SELECT id, pg_temp.id(at, 'webhook ' || n), 'https://hooks.seed.example/' || n,
    pg_temp.no_secret(), 0, at, 'its secret cannot be opened: make another one', 2, at, at
FROM person WHERE n % 20 = 0 ORDER BY n;
-- Some were posted, the newest wait.
INSERT INTO notifications.webhook_deliveries (
    user_id, notification_id, webhook_endpoint_id, status, attempts, next_attempt_at, sent_at, created_at, updated_at)
SELECT n.user_id, n.id, e.id,
    (CASE WHEN n.created_at < pg_temp.as_of() - 10 THEN 'sent' ELSE 'deferred' END)::notifications.delivery_status, 1,
    CASE WHEN n.created_at >= pg_temp.as_of() - 10 THEN pg_temp.as_of() + interval '7 hours' END,
    CASE WHEN n.created_at < pg_temp.as_of() - 10 THEN n.created_at END, n.created_at, n.created_at
FROM notifications.webhook_endpoints AS e
JOIN notifications.notifications AS n ON n.user_id = e.user_id
JOIN person AS p ON p.id = e.user_id
ORDER BY n.user_id, n.id;
