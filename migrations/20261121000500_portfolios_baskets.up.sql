-- Portfolios: baskets with their weights, and what is invested in them.

CREATE TYPE portfolios.risk_level AS ENUM ('low', 'moderate', 'high', 'very_high');
CREATE TYPE portfolios.basket_visibility AS ENUM ('curated', 'shared', 'private');
COMMENT ON TYPE portfolios.basket_visibility IS
    'curated is the platform''s own, shared a curator''s, private is seen by its owner only.';
CREATE TYPE portfolios.basket_status AS ENUM ('draft', 'active', 'retired');
CREATE TYPE portfolios.investment_source AS ENUM (
    'manual', 'auto_invest', 'round_up', 'rebalance', 'starter', 'reward');
CREATE TYPE portfolios.investment_status AS ENUM ('planned', 'executing', 'completed', 'failed');

CREATE TABLE portfolios.baskets (
    id uuid NOT NULL,
    owner_id uuid,
    slug text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    risk_level portfolios.risk_level NOT NULL,
    category text NOT NULL,
    visibility portfolios.basket_visibility NOT NULL,
    status portfolios.basket_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT baskets_pkey PRIMARY KEY (id),
    CONSTRAINT baskets_slug_key UNIQUE NULLS NOT DISTINCT (owner_id, slug),
    CONSTRAINT baskets_owner_key UNIQUE (id, owner_id),
    CONSTRAINT baskets_owner_fkey FOREIGN KEY (owner_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT baskets_slug_check CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 80),
    CONSTRAINT baskets_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT baskets_description_check CHECK (char_length(description) <= 2000),
    CONSTRAINT baskets_category_check CHECK (category ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT baskets_visibility_check CHECK (
        CASE visibility WHEN 'private' THEN owner_id IS NOT NULL WHEN 'curated' THEN owner_id IS NULL ELSE true END),
    CONSTRAINT baskets_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE portfolios.baskets IS
    'A mix of instruments to invest in together. Its contents are its newest version.';
COMMENT ON COLUMN portfolios.baskets.owner_id IS
    'Whose it is; NULL for the platform''s own, and for a shared one whose curator was erased.';
COMMENT ON COLUMN portfolios.baskets.slug IS 'Its name in an address.';
COMMENT ON CONSTRAINT baskets_slug_key ON portfolios.baskets IS
    'Among its owner''s: a taken slug tells nothing of private baskets. baskets_public_slug_key covers the others.';
COMMENT ON CONSTRAINT baskets_owner_key ON portfolios.baskets IS
    'For the foreign keys by which contents name the same owner.';
CREATE UNIQUE INDEX baskets_public_slug_key ON portfolios.baskets (slug) WHERE visibility <> 'private';
CREATE INDEX baskets_public_idx ON portfolios.baskets (id) WHERE visibility <> 'private' AND status = 'active';

CREATE TABLE portfolios.basket_versions (
    basket_id uuid NOT NULL,
    version int NOT NULL,
    private_to uuid,
    total_weight numeric(7,4) NOT NULL,
    note text,
    created_at timestamptz NOT NULL,
    CONSTRAINT basket_versions_pkey PRIMARY KEY (basket_id, version),
    CONSTRAINT basket_versions_basket_fkey FOREIGN KEY (basket_id)
        REFERENCES portfolios.baskets (id) ON DELETE CASCADE,
    CONSTRAINT basket_versions_private_to_fkey FOREIGN KEY (basket_id, private_to)
        REFERENCES portfolios.baskets (id, owner_id) ON DELETE CASCADE,
    CONSTRAINT basket_versions_version_check CHECK (version >= 1),
    CONSTRAINT basket_versions_total_weight_check CHECK (total_weight = 100),
    CONSTRAINT basket_versions_note_check CHECK (char_length(note) BETWEEN 1 AND 1000)
);
COMMENT ON TABLE portfolios.basket_versions IS
    'The contents of a basket from a moment on. Comes in through portfolios.publish_basket_version() and stays as it is.';
COMMENT ON COLUMN portfolios.basket_versions.version IS 'From 1; the highest is the one that is invested in.';
COMMENT ON COLUMN portfolios.basket_versions.private_to IS
    'The owner while the basket is private: a policy may not look into another table. It can name no one else.';
COMMENT ON COLUMN portfolios.basket_versions.total_weight IS
    'The sum of its weights in percent, as the function inserted them.';
CREATE INDEX basket_versions_private_to_idx ON portfolios.basket_versions (basket_id, private_to);

CREATE TABLE portfolios.basket_assets (
    basket_id uuid NOT NULL,
    version int NOT NULL,
    instrument_id uuid NOT NULL,
    private_to uuid,
    weight numeric(7,4) NOT NULL,
    CONSTRAINT basket_assets_pkey PRIMARY KEY (basket_id, version, instrument_id),
    CONSTRAINT basket_assets_version_fkey FOREIGN KEY (basket_id, version)
        REFERENCES portfolios.basket_versions (basket_id, version) ON DELETE CASCADE,
    CONSTRAINT basket_assets_private_to_fkey FOREIGN KEY (basket_id, private_to)
        REFERENCES portfolios.baskets (id, owner_id) ON DELETE CASCADE,
    CONSTRAINT basket_assets_instrument_fkey FOREIGN KEY (instrument_id)
        REFERENCES market.instruments (id) ON DELETE RESTRICT,
    CONSTRAINT basket_assets_weight_check CHECK (weight > 0 AND weight <= 100)
);
COMMENT ON TABLE portfolios.basket_assets IS 'An instrument of a basket''s version. Insert only, by the function.';
COMMENT ON COLUMN portfolios.basket_assets.weight IS 'Percent of the basket''s value, exact to four decimals.';
COMMENT ON COLUMN portfolios.basket_assets.private_to IS 'As in basket_versions.';
CREATE INDEX basket_assets_private_to_idx ON portfolios.basket_assets (basket_id, private_to);
CREATE INDEX basket_assets_instrument_idx ON portfolios.basket_assets (instrument_id);

CREATE TABLE portfolios.basket_investments (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    portfolio_id uuid NOT NULL,
    basket_id uuid NOT NULL,
    basket_version int NOT NULL,
    amount numeric(18,8) NOT NULL,
    currency text NOT NULL,
    source portfolios.investment_source NOT NULL,
    request_key text NOT NULL,
    status portfolios.investment_status NOT NULL,
    completed_at timestamptz,
    failure_reason text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT basket_investments_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT basket_investments_portfolio_key UNIQUE (user_id, portfolio_id, id),
    CONSTRAINT basket_investments_request_key UNIQUE (user_id, request_key, source),
    CONSTRAINT basket_investments_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT basket_investments_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT basket_investments_basket_fkey FOREIGN KEY (basket_id, basket_version)
        REFERENCES portfolios.basket_versions (basket_id, version) ON DELETE RESTRICT,
    CONSTRAINT basket_investments_amount_check CHECK (amount >= 1),
    CONSTRAINT basket_investments_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT basket_investments_request_key_check CHECK (char_length(request_key) BETWEEN 1 AND 200),
    CONSTRAINT basket_investments_completed_at_check CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CONSTRAINT basket_investments_failure_reason_check CHECK (
        (status = 'failed') = (failure_reason IS NOT NULL) AND char_length(failure_reason) BETWEEN 1 AND 500),
    CONSTRAINT basket_investments_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE portfolios.basket_investments IS
    'An amount put into a basket. Its buys are transactions that name it: all of them come about, or none.';
COMMENT ON COLUMN portfolios.basket_investments.amount IS 'What was asked for; what rounding leaves over stays cash.';
COMMENT ON COLUMN portfolios.basket_investments.currency IS 'ISO 4217 code. swift:Currency';
COMMENT ON COLUMN portfolios.basket_investments.request_key IS
    'Of the request that asked for it, as rule and nominal date: the same one invests once.';
COMMENT ON CONSTRAINT basket_investments_request_key ON portfolios.basket_investments IS
    'The text before the enum: under a policy an enum does not drive an index.';
COMMENT ON CONSTRAINT basket_investments_basket_fkey ON portfolios.basket_investments IS
    'A version that somebody invested in stays, so that every holding can be explained.';
COMMENT ON CONSTRAINT basket_investments_portfolio_key ON portfolios.basket_investments IS
    'For the foreign key of transactions, which name an investment of their own portfolio.';
CREATE INDEX basket_investments_basket_idx ON portfolios.basket_investments (basket_id, basket_version);
CREATE INDEX basket_investments_open_idx ON portfolios.basket_investments (user_id, id)
    WHERE status IN ('planned', 'executing');

-- A buy of a basket names its investment. The key is checked, and indexed, by the next two migrations, which do not
-- hold up writers of a large table.
ALTER TABLE portfolios.transactions ADD COLUMN basket_investment_id uuid;
ALTER TABLE portfolios.transactions ADD CONSTRAINT transactions_basket_investment_fkey
    FOREIGN KEY (user_id, portfolio_id, basket_investment_id)
    REFERENCES portfolios.basket_investments (user_id, portfolio_id, id) ON DELETE CASCADE NOT VALID;
COMMENT ON COLUMN portfolios.transactions.basket_investment_id IS
    'The investment in a basket that this buy or sale is part of.';

-- A catalogue row is visible when its owner is nobody or the acting user; a shared basket to everyone.
ALTER TABLE portfolios.baskets ENABLE ROW LEVEL SECURITY;
CREATE POLICY baskets_owner ON portfolios.baskets TO PUBLIC
    USING (owner_id IS NULL OR owner_id = app.current_user_id())
    WITH CHECK (owner_id IS NULL OR owner_id = app.current_user_id());
CREATE POLICY baskets_published ON portfolios.baskets FOR SELECT TO PUBLIC
    USING (visibility <> 'private' AND status <> 'draft');
ALTER TABLE portfolios.basket_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY basket_versions_visible ON portfolios.basket_versions FOR SELECT TO PUBLIC
    USING (private_to IS NULL OR private_to = app.current_user_id());
ALTER TABLE portfolios.basket_assets ENABLE ROW LEVEL SECURITY;
CREATE POLICY basket_assets_visible ON portfolios.basket_assets FOR SELECT TO PUBLIC
    USING (private_to IS NULL OR private_to = app.current_user_id());
ALTER TABLE portfolios.basket_investments ENABLE ROW LEVEL SECURITY;
CREATE POLICY basket_investments_owner ON portfolios.basket_investments TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY basket_investments_worker ON portfolios.basket_investments FOR SELECT TO portfolios_worker USING (true);

-- The one door for the contents of a basket. Who acts must own it; the platform's own are for operators. The version
-- and its assets are one statement, so that the sum is that of the rows that went in.
CREATE FUNCTION portfolios.publish_basket_version(
    basket_id uuid,
    instrument_ids uuid[],
    weights numeric[],
    note text,
    at timestamptz
) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    acting_user uuid := app.current_user_id();
    basket portfolios.baskets;
    new_version int;
    stranger uuid;
BEGIN
    -- The lock makes the versions of one basket come one after the other.
    SELECT b.* INTO basket FROM portfolios.baskets AS b
    WHERE b.id = publish_basket_version.basket_id
        AND (b.owner_id = acting_user
            OR b.owner_id IS NULL AND EXISTS (
                SELECT FROM users.users AS u WHERE u.id = acting_user AND u.is_operator))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'publish_basket_version needs a basket that the acting user may change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF cardinality(instrument_ids) <> cardinality(weights) THEN
        RAISE EXCEPTION 'publish_basket_version needs a weight for every instrument'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- What others may see holds only what others may see.
    SELECT asset.id INTO stranger
    FROM unnest(instrument_ids) AS asset (id)
    WHERE NOT EXISTS (
        SELECT FROM market.instruments AS i
        WHERE i.id = asset.id
            AND (i.owner_id IS NULL OR basket.visibility = 'private' AND i.owner_id = basket.owner_id))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the basket may not hold the instrument %', stranger
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'portfolios', TABLE = 'basket_assets',
                CONSTRAINT = 'basket_assets_instrument_fkey';
    END IF;
    SELECT coalesce(max(v.version), 0) + 1 INTO new_version
    FROM portfolios.basket_versions AS v WHERE v.basket_id = basket.id;
    WITH assets AS (
        INSERT INTO portfolios.basket_assets (basket_id, version, instrument_id, private_to, weight)
        SELECT basket.id, new_version, asset.id, CASE WHEN basket.visibility = 'private' THEN basket.owner_id END,
            asset.weight
        FROM unnest(instrument_ids, weights) AS asset (id, weight)
        RETURNING weight
    )
    INSERT INTO portfolios.basket_versions (basket_id, version, private_to, total_weight, note, created_at)
    SELECT basket.id, new_version, CASE WHEN basket.visibility = 'private' THEN basket.owner_id END,
        coalesce(sum(assets.weight), 0), publish_basket_version.note, publish_basket_version.at
    FROM assets;
    RETURN new_version;
END
$$;
COMMENT ON FUNCTION portfolios.publish_basket_version IS
    'Makes the next version of a basket from instruments and their weights in percent, and gives its number.';

-- A private basket becomes everyone's to see: its contents must lose their owner in the same breath.
CREATE FUNCTION portfolios.share_basket(basket_id uuid, at timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    acting_user uuid := app.current_user_id();
    shared uuid;
BEGIN
    SELECT b.id INTO shared FROM portfolios.baskets AS b
    WHERE b.id = share_basket.basket_id AND b.owner_id = acting_user AND b.visibility = 'private'
        AND EXISTS (
            SELECT FROM users.curator_profiles AS c WHERE c.user_id = acting_user AND c.status = 'approved')
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM portfolios.basket_assets AS a JOIN market.instruments AS i ON i.id = a.instrument_id
        WHERE a.basket_id = shared AND i.owner_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a basket with private instruments cannot be shared'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'portfolios', TABLE = 'basket_assets',
                CONSTRAINT = 'basket_assets_instrument_fkey';
    END IF;
    UPDATE portfolios.basket_assets AS a SET private_to = NULL WHERE a.basket_id = shared;
    UPDATE portfolios.basket_versions AS v SET private_to = NULL WHERE v.basket_id = shared;
    UPDATE portfolios.baskets AS b
    SET visibility = 'shared', revision = b.revision + 1, updated_at = share_basket.at
    WHERE b.id = shared;
    RETURN shared;
END
$$;
COMMENT ON FUNCTION portfolios.share_basket IS
    'Shares a private basket of the acting user, who must be an approved curator; NULL where there is none to share.';

REVOKE ALL ON FUNCTION portfolios.publish_basket_version FROM PUBLIC;
REVOKE ALL ON FUNCTION portfolios.share_basket FROM PUBLIC;
