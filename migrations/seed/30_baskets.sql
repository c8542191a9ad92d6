-- done when: SELECT EXISTS (SELECT FROM portfolios.baskets WHERE slug = 'world-core')
-- Baskets: the platform's own, one that a curator shares, one that is private. Their contents come in by the one door
-- that there is, portfolios.publish_basket_version(), as whoever may.

CREATE TEMP TABLE basket (
    slug text, version int, days int, name text, description text, risk text, category text, owner text,
    symbols text[], weights numeric[]
) ON COMMIT DROP;
INSERT INTO basket VALUES
    ('world-core', 1, 3640, 'World core', 'Shares of the whole world, and government bonds for calm.', 'moderate',
        'core', NULL, '{WLDX,UGOV}', '{60,40}'),
    ('world-core', 2, 700, 'World core', '', '', '', NULL, '{WLDX,UGOV,AURM}', '{55,35,10}'),
    ('calm-income', 1, 3600, 'Calm income', 'Bonds, and a little gold.', 'low', 'income', NULL, '{UGOV,AURM}',
        '{82.5,17.5}'),
    ('euro-mix', 1, 3000, 'Euro mix', 'Europe in euros.', 'moderate', 'regional', NULL, '{EURX,RHEI,EGOV}',
        '{45,15,40}'),
    ('swiss-home', 1, 3000, 'Swiss home', 'Switzerland in francs.', 'moderate', 'regional', NULL, '{SWSX,ALPN,CGOV}',
        '{50,20,30}'),
    ('makers', 1, 1200, 'Makers', 'Those who build machines and programs.', 'very_high', 'theme', NULL, '{HARB,ORCA}',
        '{50,50}'),
    ('cleo-steady', 1, 1400, 'Cleo''s steady three', 'Three funds, three currencies.', 'moderate', 'core', 'cleo',
        '{WLDX,EURX,SWSX}', '{55.5,24.5,20}'),
    ('my-mix', 1, 300, 'My mix', 'To try things out.', 'high', 'own', 'ada', '{WLDX,HARB,BLUM}',
        '{70,22.3333,7.6667}');

INSERT INTO portfolios.baskets (
    id, owner_id, slug, name, description, risk_level, category, visibility, status, revision, created_at, updated_at)
SELECT pg_temp.entry('basket', slug), CASE WHEN owner IS NOT NULL THEN pg_temp.person(owner) END, slug, name,
    description, risk::portfolios.risk_level, category,
    CASE WHEN owner IS NULL THEN 'curated' ELSE 'private' END::portfolios.basket_visibility, 'active', 1,
    pg_temp.as_of() - days, pg_temp.as_of() - days
FROM basket WHERE version = 1 ORDER BY slug;

-- One after the other, each as its owner; the platform's own are for operators.
DO $$
DECLARE
    b record;
BEGIN
    FOR b IN SELECT * FROM basket ORDER BY slug, version LOOP
        PERFORM app.act_as(pg_temp.person(coalesce(b.owner, 'olivia')));
        PERFORM portfolios.publish_basket_version(
            pg_temp.entry('basket', b.slug),
            (SELECT array_agg(pg_temp.instrument(s) ORDER BY k) FROM unnest(b.symbols) WITH ORDINALITY AS s (s, k)),
            b.weights, CASE b.version WHEN 2 THEN 'Gold comes in.' END, pg_temp.as_of() - b.days);
    END LOOP;
    PERFORM app.act_as(pg_temp.person('cleo'));
    PERFORM portfolios.share_basket(pg_temp.entry('basket', 'cleo-steady'), pg_temp.as_of() - 1390);
END
$$;
