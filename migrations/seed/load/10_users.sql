-- The users of the batch that are not there yet. All the other files of the load go from this table, so a user comes
-- with everything or not at all. The rule of sizes: the first user has as many transactions as was asked for, the
-- second a tenth of that, every hundredth one, all others from 1 to 199.
CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT n, pg_temp.id(at, 'load user ' || n) AS id, at,
    CASE WHEN n = 1 THEN current_setting('seed.heaviest')::int
        WHEN n = 2 THEN greatest(1, current_setting('seed.heaviest')::int / 10)
        WHEN n % 100 = 3 THEN 1
        ELSE 1 + pg_temp.pick('load size ' || n, 199) END AS size,
    (ARRAY['USD', 'USD', 'EUR', 'CHF'])[1 + pg_temp.pick('load currency ' || n, 4)] AS currency
FROM (
    SELECT n,
        (pg_temp.as_of() - 200 - CASE WHEN n < 3 THEN 2500 ELSE pg_temp.pick('load day ' || n, 1400) END)::timestamptz
            + pg_temp.pick('load second ' || n, 40000) * interval '1 second' AS at
    FROM generate_series(current_setting('seed.first')::int, current_setting('seed.last')::int) AS n
) AS born
WHERE NOT EXISTS (
    SELECT FROM users.users AS u WHERE lower(u.email COLLATE "C") = 'load-' || born.n || '@seed.example');
CREATE UNIQUE INDEX ON person (id);
ANALYZE person;

-- The hash is of no password: no word logs in with it.
INSERT INTO users.users (
    id, email, password_hash, status, subscription_tier, email_verified_at, created_at, updated_at)
SELECT id, 'load-' || n || '@seed.example', '$argon2id$v=19$m=19456,t=2,p=1$bm8gcGFzc3dvcmQ$'
    || md5('load user ' || n),
    'active', (ARRAY['free', 'free', 'free', 'plus', 'premium'])[1 + n % 5]::users.subscription_tier,
    at + interval '10 minutes', at, at
FROM person ORDER BY n;

INSERT INTO users.user_profiles (
    user_id, display_name, country, date_of_birth, time_zone, risk_tolerance, experience, revision, created_at,
    updated_at)
SELECT id, 'Load user ' || n, (ARRAY['US', 'DE', 'CH', 'GB'])[1 + n % 4],
    DATE '1960-01-01' + pg_temp.pick('age' || n, 15000),
    (ARRAY['America/New_York', 'Europe/Berlin', 'Europe/Zurich', 'Europe/London'])[1 + n % 4],
    (ARRAY['conservative', 'balanced', 'growth', 'aggressive'])[1 + n / 4 % 4]::users.risk_tolerance,
    (ARRAY['none', 'beginner', 'intermediate', 'advanced'])[1 + n / 16 % 4]::users.investing_experience, 1, at, at
FROM person ORDER BY n;

INSERT INTO users.user_preferences (
    user_id, base_currency, locale, theme, cost_basis_method, settings, revision, created_at, updated_at)
SELECT id, currency, (ARRAY['en-US', 'de-DE', 'de-CH', 'en-GB'])[1 + n % 4], 'system', 'fifo', '{}', 1, at, at
FROM person ORDER BY n;

-- Ended sessions grow with use; each has the tokens of its lineage.
CREATE TEMP TABLE visit ON COMMIT DROP AS
SELECT p.id AS user_id, pg_temp.id(v.at, 'visit ' || p.n || ' ' || v.k) AS id, v.at, p.n, v.k
FROM person AS p
CROSS JOIN LATERAL (
    SELECT k, p.at + k * (pg_temp.as_of() - p.at) / (2 + p.size / 40) AS at
    FROM generate_series(0, least(p.size / 40, 2000)) AS k) AS v;
INSERT INTO users.sessions (
    user_id, id, user_agent, address, last_used_at, expires_at, ended_at, end_reason, created_at, updated_at)
SELECT user_id, id, 'grove-load/1', '192.0.2.' || n % 250, at + interval '2 hours', at + interval '90 days',
    at + interval '2 hours', 'logged_out', at, at + interval '2 hours'
FROM visit ORDER BY n, k;
INSERT INTO users.refresh_tokens (
    user_id, id, session_id, parent_id, generation, token_hash, expires_at, rotated_at, created_at, updated_at)
SELECT v.user_id, pg_temp.sibling(v.id, CASE g WHEN 1 THEN '8' ELSE '9' END), v.id,
    CASE g WHEN 2 THEN v.id END, g, sha256(convert_to(v.id::text || g, 'UTF8')), v.at + interval '30 days',
    CASE g WHEN 1 THEN v.at + interval '1 hour' END, v.at + (g - 1) * interval '1 hour', v.at + interval '1 hour'
FROM visit AS v CROSS JOIN generate_series(1, 2) AS g ORDER BY v.n, v.k, g;

INSERT INTO users.subscription_changes (
    user_id, id, from_tier, to_tier, reason, billing_event, changed_by, created_at)
SELECT id, pg_temp.id(at + interval '20 days', 'change ' || n), 'free',
    (ARRAY['free', 'free', 'free', 'plus', 'premium'])[1 + n % 5]::users.subscription_tier, 'purchase', 'evt_load_'
        || n,
    'provider', at + interval '20 days'
FROM person WHERE n % 5 > 2 ORDER BY n;
