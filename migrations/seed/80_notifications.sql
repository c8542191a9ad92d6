-- done when: SELECT EXISTS (SELECT FROM notifications.recipients WHERE email = 'ada@seed.example')
-- What people were told, by which ways, and what became of each: sent, waiting, put off by quiet hours or for a
-- digest, failed, and not wanted after all.

INSERT INTO notifications.recipients (
    user_id, email, display_name, locale, time_zone, source_updated_at, created_at, updated_at)
SELECT u.id, CASE WHEN u.email_verified_at IS NOT NULL THEN u.email END, f.display_name, p.locale, f.time_zone,
    u.updated_at,
    u.created_at, u.updated_at
FROM users.users AS u
JOIN users.user_profiles AS f ON f.user_id = u.id
JOIN users.user_preferences AS p ON p.user_id = u.id
WHERE u.id IN (SELECT pg_temp.person(n) FROM unnest('{ada,ben,cleo,tara,dan,olivia,paul,sara,carl}'::text[]) AS n)
ORDER BY u.id;

-- Minutes of the day: from 22:30 to 07:00, over midnight.
INSERT INTO notifications.notification_preferences (
    user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at, updated_at)
SELECT pg_temp.person(p.name), p.category::notifications.notification_category,
    p.channel::notifications.notification_channel, p.enabled, p.quiet_from, p.quiet_until,
    p.digest::notifications.digest_frequency, 1, pg_temp.as_of() - 300, pg_temp.as_of() - 300
FROM (VALUES
    ('ada', 'automation', 'push', true, 1350, 420, 'none'), ('ada', 'gamification', 'push', true, 1350, 420, 'none'),
    ('ada', 'experts', 'email', true, NULL, NULL, 'weekly'), ('ada', 'product', 'email', false, NULL, NULL, 'none'),
    ('cleo', 'loans', 'email', true, NULL, NULL, 'none'), ('cleo', 'trading', 'webhook', true, NULL, NULL, 'none'),
    ('tara', 'trading', 'push', true, 0, 360, 'none'), ('tara', 'gamification', 'in_app', false, NULL, NULL, 'none'),
    ('ben', 'experts', 'email', true, NULL, NULL, 'daily')
) AS p (name, category, channel, enabled, quiet_from, quiet_until, digest)
ORDER BY p.name, p.category, p.channel;

CREATE TEMP TABLE message (user_id uuid, category text, template text, title text, body text, data jsonb, key text,
    priority text, at timestamptz) ON COMMIT DROP;
INSERT INTO message
SELECT user_id, 'automation', 'investment.completed', 'Invested', trim_scale(amount)::text || ' ' || currency
    || ' went into your basket.',
    jsonb_build_object('investment_id', id, 'amount', trim_scale(amount)::text, 'currency', currency), 'investment.completed:'
        || id, 'normal',
    completed_at
FROM portfolios.basket_investments WHERE status = 'completed' AND request_key NOT LIKE 'load%';
INSERT INTO message
SELECT i.user_id, 'loans', 'loan.instalment_due', 'An instalment is due',
    (i.principal + i.interest)::text || ' ' || l.currency || ' are due on ' || i.due_on || '.',
    jsonb_build_object('loan_id', i.loan_id, 'number', i.number), 'loan.instalment_due:' || i.loan_id || ':'
        || i.number, 'normal',
    i.due_on - interval '3 days'
FROM loans.loan_instalments AS i JOIN loans.loans AS l ON l.user_id = i.user_id AND l.id = i.loan_id
WHERE i.due_on <= pg_temp.as_of() + 3
    AND l.id IN (SELECT pg_temp.entry('loan', code) FROM unnest('{kitchen,bicycle,machine}'::text[]) AS code);
INSERT INTO message
SELECT user_id, 'loans', 'loan.ltv_breached', CASE level WHEN 'call' THEN 'Bring your loan back'
    ELSE 'Your loan nears its limit' END,
    ltv::text || ' % of the collateral.', jsonb_build_object('level', level, 'episode', episode),
    'loan.ltv_breached:' || loan_id || ':' || level || ':' || episode, CASE level WHEN 'call' THEN 'critical'
        ELSE 'high' END, created_at
FROM loans.collateral_events WHERE loan_id = pg_temp.entry('loan', 'machine');
INSERT INTO message
SELECT q.user_id, 'gamification', 'quest.completed', 'Done: ' || c.title, c.experience_reward || ' points are yours.',
    jsonb_build_object('quest', c.code, 'period', q.period), 'quest.completed:' || c.code || ':' || q.period, 'low',
        q.completed_at
FROM gamification.user_quests AS q JOIN gamification.quests AS c ON c.id = q.quest_id
WHERE q.completed_at IS NOT NULL AND (c.kind <> 'daily' OR q.completed_at > pg_temp.as_of() - 10)
    AND q.user_id IN (SELECT pg_temp.person(n) FROM unnest('{ada,cleo}'::text[]) AS n);
INSERT INTO message
SELECT user_id, 'experts', 'tip.published', title, body, jsonb_build_object('tip_id', id), 'tip.published:' || id,
    'normal', created_at
FROM experts.ai_tips WHERE trigger_key LIKE 'seed:%';
INSERT INTO message
SELECT pg_temp.person(n), 'security', 'session.new_device', 'A new device logged in', 'Was it you?',
    '{"device": "Firefox on Linux"}',
    'session.new_device:' || n, 'high', pg_temp.as_of() - interval '30 hours'
FROM unnest('{ada,ben,cleo,tara,dan,olivia}'::text[]) AS n;
INSERT INTO message VALUES (pg_temp.person('ada'), 'product', 'product.season', 'A new season',
    'Roots: until the new year.',
    '{"season": 7}', 'product.season:7', 'low', pg_temp.as_of() - interval '50 days');

INSERT INTO notifications.notifications (
    user_id, id, category, template, title, body, data, dedupe_key, priority, read_at, archived_at, created_at,
        updated_at)
SELECT user_id, pg_temp.id(m.at, 'message ' || user_id || key), category::notifications.notification_category,
    template, title,
    body, data, key, priority::notifications.notification_priority,
    CASE WHEN m.at < pg_temp.as_of() - 5 THEN m.at + interval '3 hours' END,
    CASE WHEN m.at < pg_temp.as_of() - 200 THEN m.at + interval '30 days' END, m.at, m.at
FROM message AS m ORDER BY m.at, user_id, key;

INSERT INTO notifications.digests (
    user_id, id, channel, frequency, day, state, sent_at, created_at, updated_at)
SELECT pg_temp.person(d.name), pg_temp.entry('digest', d.name || d.day), 'email',
    d.frequency::notifications.digest_frequency, d.day,
    CASE WHEN d.day <= pg_temp.as_of() - 2 THEN 'sent' ELSE 'open' END::notifications.digest_state,
    CASE WHEN d.day <= pg_temp.as_of() - 2 THEN d.day + time '07:00' END, d.day - 6, d.day
FROM (VALUES ('ada', 'weekly', pg_temp.as_of() - 4), ('ada', 'weekly', pg_temp.as_of() + 3),
    ('ben', 'daily', pg_temp.as_of()))
    AS d (name, frequency, day) ORDER BY d.name, d.day;

-- In the app at once; by mail or push as people wanted it. The newest are on their way.
INSERT INTO notifications.notification_deliveries (
    user_id, notification_id, channel, status, attempts, next_attempt_at, digest_id, provider_id, error, sent_at,
        created_at,
    updated_at)
SELECT n.user_id, n.id, c.channel::notifications.notification_channel, s.status::notifications.delivery_status,
    CASE s.status WHEN 'sent' THEN 1 WHEN 'failed' THEN 5 ELSE 0 END,
    CASE WHEN s.status IN ('pending', 'deferred') AND s.digest IS NULL THEN pg_temp.as_of() + interval '7 hours' END,
        s.digest,
    CASE WHEN s.status = 'sent' AND c.channel = 'email' THEN '<seed-' || n.id || '@seed.example>' END,
    CASE s.status WHEN 'failed' THEN '550 no such mailbox' END,
    CASE s.status WHEN 'sent' THEN n.created_at + interval '2 seconds' END, n.created_at,
        n.created_at + interval '2 seconds'
FROM notifications.notifications AS n
JOIN users.users AS u ON u.id = n.user_id AND u.email LIKE '%@seed.example' AND u.email NOT LIKE 'load-%'
CROSS JOIN (VALUES ('in_app'), ('email'), ('push')) AS c (channel)
LEFT JOIN notifications.notification_preferences AS p
    ON p.user_id = n.user_id AND p.category = n.category AND p.channel = c.channel::notifications.notification_channel
LEFT JOIN notifications.digests AS d
    ON d.user_id = n.user_id AND d.sent_at IS NULL AND p.digest <> 'none'
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.channel = 'in_app' THEN 'sent' WHEN p.enabled = false THEN 'suppressed'
        WHEN u.id = pg_temp.person('dan') AND c.channel = 'email' THEN 'failed'
        WHEN n.created_at < pg_temp.as_of() - 10 THEN 'sent'
        WHEN p.digest <> 'none' OR p.quiet_from IS NOT NULL THEN 'deferred' ELSE 'pending' END AS status,
        CASE WHEN c.channel = 'email' AND n.created_at >= pg_temp.as_of() - 10 AND p.enabled THEN d.id END AS digest)
            AS s
WHERE c.channel = 'in_app' OR p.enabled IS NOT NULL OR n.category = 'security' AND c.channel = 'email'
ORDER BY n.created_at, n.id, c.channel;

INSERT INTO notifications.push_devices (
    user_id, id, platform, token, name, last_seen_at, disabled_at, created_at, updated_at)
SELECT pg_temp.person(d.name), pg_temp.entry('device', d.name || d.platform), d.platform::notifications.push_platform,
    'no-token-' || d.name || d.platform, d.title, pg_temp.as_of() - d.days, CASE WHEN d.days > 100
        THEN pg_temp.as_of() - 90 END,
    pg_temp.as_of() - 400, pg_temp.as_of() - d.days
FROM (VALUES ('ada', 'apns', 'Ada''s iPhone', 0), ('ada', 'web', 'Old laptop', 200), ('tara', 'fcm', 'Pixel', 1))
    AS d (name, platform, title, days) ORDER BY d.name, d.platform;
INSERT INTO notifications.webhook_endpoints (
    user_id, id, url, sealed_secret, consecutive_failures, last_delivered_at, disabled_at, disabled_reason, revision,
    created_at, updated_at)
VALUES (pg_temp.person('cleo'), pg_temp.entry('webhook', 'cleo'), 'https://hooks.seed.example/cleo',
    pg_temp.no_secret(), 0,
        pg_temp.as_of() - interval '9 days', pg_temp.as_of() - interval '8 days',
        'its secret cannot be opened: make another one', 2, pg_temp.as_of() - 200, pg_temp.as_of() - 8),
    (pg_temp.person('tara'), pg_temp.entry('webhook', 'tara'), 'https://hooks.seed.example/tara',
        pg_temp.no_secret(), 20, NULL,
        pg_temp.as_of() - interval '60 days', 'Twenty deliveries in a row were answered with 410.', 2,
            pg_temp.as_of() - 90,
        pg_temp.as_of() - 60);

-- What went to Cleo's webhook while it was on.
INSERT INTO notifications.webhook_deliveries (
    user_id, notification_id, webhook_endpoint_id, status, attempts, sent_at, created_at, updated_at)
SELECT n.user_id, n.id, pg_temp.entry('webhook', 'cleo'), 'sent', 1, n.created_at + interval '2 seconds', n.created_at,
    n.created_at + interval '2 seconds'
FROM notifications.notifications AS n
WHERE n.user_id = pg_temp.person('cleo') AND n.created_at BETWEEN pg_temp.as_of() - 200 AND pg_temp.as_of() - 9
ORDER BY n.id;
