-- done when: SELECT EXISTS (SELECT FROM users.users WHERE email = 'ada@seed.example')
-- People of every tier and state: ada and ben invest, cleo curates, tara trades, olivia operates. The hash is of no
-- password, so no word logs in as one of them; set one by the reset of the users service, or in a database of your
-- own. users.signing_keys stays empty: only the service can seal a key. So do login_attempts and erasures, which
-- nobody owes.

CREATE TEMP TABLE cast_ ON COMMIT DROP AS
SELECT c.*, pg_temp.person(c.name) AS id, pg_temp.as_of() - c.days * interval '1 day' + interval '9 hours' AS at
FROM (VALUES
    ('ada', 3640, 'active', 'free', false, 'US', 'America/New_York', 'USD', 'en-US', 'balanced', 'beginner'),
    ('ben', 2600, 'active', 'plus', false, 'DE', 'Europe/Berlin', 'EUR', 'de-DE', 'growth', 'intermediate'),
    ('cleo', 3000, 'active', 'premium', false, 'CH', 'Europe/Zurich', 'CHF', 'de-CH', 'growth', 'advanced'),
    ('tara', 1500, 'active', 'premium', false, 'US', 'America/Chicago', 'USD', 'en-US', 'aggressive', 'advanced'),
    ('dan', 400, 'active', 'plus', false, 'GB', 'Europe/London', 'USD', 'en-GB', 'conservative', 'none'),
    ('olivia', 3645, 'active', 'free', true, 'CH', 'Europe/Zurich', 'CHF', 'de-CH', NULL, NULL),
    ('paul', 2, 'pending_verification', 'free', false, NULL, 'Europe/Paris', 'EUR', 'fr-FR', NULL, NULL),
    ('sara', 900, 'suspended', 'free', false, 'US', 'America/Denver', 'USD', 'en-US', 'balanced', 'beginner'),
    ('carl', 1200, 'closed', 'free', false, 'DE', 'Europe/Berlin', 'EUR', 'de-DE', 'conservative', 'beginner')
) AS c (name, days, status, tier, is_operator, country, zone, currency, locale, risk, experience);

INSERT INTO users.users (
    id, email, password_hash, status, subscription_tier, is_operator, wallet_address, email_verified_at, closed_at,
    created_at, updated_at)
SELECT id, name || '@seed.example', '$argon2id$v=19$m=19456,t=2,p=1$bm8gcGFzc3dvcmQ$' || md5('person ' || name),
    status::users.user_status, tier::users.subscription_tier, is_operator,
    CASE name WHEN 'cleo' THEN '0x52908400098527886E0F7030069857D2E4169EE7' END,
    CASE WHEN status <> 'pending_verification' THEN at + interval '12 minutes' END,
    CASE status WHEN 'closed' THEN at + interval '300 days' END, at, at
FROM cast_ ORDER BY name;

INSERT INTO users.user_profiles (
    user_id, display_name, country, date_of_birth, time_zone, risk_tolerance, experience, avatar_url, revision,
    created_at, updated_at)
SELECT id, initcap(name), country, CASE WHEN country IS NOT NULL THEN DATE '1970-03-01' + pg_temp.pick(name, 10000)
    END,
    zone, risk::users.risk_tolerance, experience::users.investing_experience,
    CASE name WHEN 'cleo' THEN 'https://seed.example/avatars/cleo.png' END, 2, at, at + interval '1 day'
FROM cast_ ORDER BY name;

INSERT INTO users.user_preferences (
    user_id, base_currency, locale, theme, cost_basis_method, settings, revision, created_at, updated_at)
SELECT id, currency, locale, (CASE name WHEN 'tara' THEN 'dark' ELSE 'system' END)::users.theme,
    (CASE name WHEN 'tara' THEN 'hifo' ELSE 'fifo' END)::app.cost_basis_method,
    CASE name WHEN 'ada' THEN '{"onboarding": {"questionnaire": "done"}, "hide_amounts": false}' ELSE '{}' END::jsonb,
    1, at, at
FROM cast_ ORDER BY name;

-- Each of the active has a session that goes on, and one that ended.
CREATE TEMP TABLE visit ON COMMIT DROP AS
SELECT c.id AS user_id, pg_temp.id(v.at, 'session ' || c.name || v.k) AS id, v.k, v.at
FROM cast_ AS c
CROSS JOIN LATERAL (VALUES (1, c.at + interval '1 hour'), (2, pg_temp.as_of() - interval '30 hours')) AS v (k, at)
WHERE c.status = 'active' ORDER BY c.name, v.k;
INSERT INTO users.sessions (
    user_id, id, user_agent, address, last_used_at, expires_at, ended_at, end_reason, created_at, updated_at)
SELECT user_id, id, CASE k WHEN 1 THEN 'Safari on iPhone' ELSE 'Firefox on Linux' END, '192.0.2.' || 10 + k,
    at + interval '3 hours', at + interval '90 days', CASE k WHEN 1 THEN at + interval '4 hours' END,
    CASE k WHEN 1 THEN 'logged_out' END::users.session_end_reason, at, at + interval '4 hours'
FROM visit;
INSERT INTO users.refresh_tokens (
    user_id, id, session_id, parent_id, generation, token_hash, expires_at, rotated_at, revoked_at, created_at,
    updated_at)
SELECT v.user_id, pg_temp.id(v.at + g * interval '1 hour', 'token ' || v.id || g), v.id,
    CASE WHEN g > 1 THEN pg_temp.id(v.at + (g - 1) * interval '1 hour', 'token ' || v.id || g - 1) END, g,
    sha256(convert_to('no token ' || v.id || g, 'UTF8')), v.at + interval '30 days',
    CASE WHEN g < 3 THEN v.at + (g + 1) * interval '1 hour' END,
    CASE WHEN v.k = 1 AND g = 3 THEN v.at + interval '4 hours' END, v.at + g * interval '1 hour',
        v.at + interval '4 hours'
FROM visit AS v CROSS JOIN generate_series(1, 3) AS g;

INSERT INTO users.email_tokens (
    user_id, id, kind, token_hash, email, expires_at, used_at, created_at, updated_at)
SELECT id, pg_temp.id(at, 'email token ' || name), 'verification', sha256(convert_to('no token ' || name, 'UTF8')),
    name || '@seed.example', at + interval '1 day',
    CASE WHEN status <> 'pending_verification' THEN at + interval '12 minutes' END, at, at
FROM cast_ ORDER BY name;

INSERT INTO users.subscription_changes (
    user_id, id, from_tier, to_tier, reason, billing_event, changed_by, created_at)
SELECT c.id, pg_temp.id(c.at + s.days * interval '1 day', 'change ' || c.name || s.k),
    s.from_tier::users.subscription_tier, s.to_tier::users.subscription_tier,
    s.reason::users.subscription_change_reason, s.event, s.changed_by, c.at + s.days * interval '1 day'
FROM cast_ AS c
JOIN (VALUES
    ('ben', 1, 200, 'free', 'plus', 'purchase', 'evt_seed_1', 'provider'),
    ('cleo', 1, 90, 'free', 'plus', 'purchase', 'evt_seed_2', 'provider'),
    ('cleo', 2, 500, 'plus', 'premium', 'upgrade', 'evt_seed_3', 'provider'),
    ('tara', 1, 10, 'free', 'premium', 'purchase', 'evt_seed_4', 'provider'),
    ('dan', 1, 30, 'free', 'plus', 'granted', NULL, 'operator'),
    ('sara', 1, 60, 'free', 'plus', 'purchase', 'evt_seed_5', 'provider'),
    ('sara', 2, 425, 'plus', 'free', 'renewal_failed', 'evt_seed_6', 'provider')
) AS s (name, k, days, from_tier, to_tier, reason, event, changed_by) USING (name)
ORDER BY c.name, s.k;

INSERT INTO users.curator_profiles (
    user_id, status, name, bio, philosophy, applied_at, decided_at, decided_by, decision_reason, revision, created_at,
    updated_at)
SELECT c.id, p.status::users.curator_status, p.title, p.bio, p.philosophy, p.at,
    CASE WHEN p.status <> 'applied' THEN p.at + interval '3 days' END,
    CASE WHEN p.status <> 'applied' THEN pg_temp.person('olivia')::text END, p.reason, 1, p.at, p.at
FROM cast_ AS c
JOIN (VALUES
    ('cleo', 'approved', 'Cleo invests', 'Ten years of index funds, written up for beginners.',
        'Broad, cheap, and seldom touched.', pg_temp.as_of() - interval '1500 days', NULL),
    ('dan', 'applied', 'Dan starts', 'New, and keen to share.', 'To be written.',
        pg_temp.as_of() - interval '5 days', NULL),
    ('ben', 'declined', 'Ben picks', 'Single shares.', 'Conviction.', pg_temp.as_of() - interval '800 days',
        'The baskets need a track record of a year first.')
) AS p (name, status, title, bio, philosophy, at, reason) USING (name)
ORDER BY c.name;
