-- What the files of the seed share, in the session's own temporary schema: nothing of it stays. Randomness comes from
-- MD5 of a name, which is the same on every machine and of every version, as PostgreSQL's own hashes need not be.

-- From 0 to below the limit.
CREATE OR REPLACE FUNCTION pg_temp.pick(name text, limit_ int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (('x' || left(md5(name), 8))::bit(32)::bigint % limit_)::int $$;

-- A number of mean 0 and deviation 1, near enough to normal: eight bytes of the hash added up.
CREATE OR REPLACE FUNCTION pg_temp.normal(name text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    h bytea := decode(md5(name), 'hex');
BEGIN
    RETURN round((get_byte(h, 0) + get_byte(h, 1) + get_byte(h, 2) + get_byte(h, 3) + get_byte(h, 4) + get_byte(h, 5)
        + get_byte(h, 6) + get_byte(h, 7) - 1020) / 209.02, 6);
END
$$;

-- A version 7 UUID of a moment, so that ids rise with time as those of the services do.
CREATE OR REPLACE FUNCTION pg_temp.id(at timestamptz, name text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT overlay(overlay(overlay(md5(name)
        PLACING lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') FROM 1)
        PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid
$$;

-- Half-even, as Money rounds; PostgreSQL's round() takes a tie away from zero.
CREATE OR REPLACE FUNCTION pg_temp.half_even(amount numeric, decimals int) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN abs(amount - trunc(amount, decimals))
            = CASE decimals WHEN 2 THEN 0.005 WHEN 4 THEN 0.00005 WHEN 8 THEN 0.000000005
                WHEN 18 THEN 0.0000000000000000005 END
        THEN 2 * round(amount / 2, decimals) ELSE round(amount, decimals) END
$$;

-- A quotient to 18 decimals, half-even. PostgreSQL divides to as many decimals as the dividend shows: sixty, since a
-- product of two amounts has thirty-six.
CREATE OR REPLACE FUNCTION pg_temp.quotient(amount numeric, divisor numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT pg_temp.half_even(amount::numeric(100, 60) / divisor, 18) $$;

-- The day on which the seed's world stands, at midnight in UTC.
CREATE OR REPLACE FUNCTION pg_temp.as_of() RETURNS date LANGUAGE sql STABLE
AS $$ SELECT current_setting('seed.as_of')::date $$;

-- The id of a row that belongs to another: the same but for a hexadecimal digit, 9, a or b.
CREATE OR REPLACE FUNCTION pg_temp.sibling(id uuid, digit text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT overlay(id::text PLACING digit FROM 20)::uuid $$;

-- The ids by which the files of the demo name the same person, instrument, portfolio or entry of a catalogue.
CREATE OR REPLACE FUNCTION pg_temp.person(name text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT pg_temp.id('2016-11-21', 'person ' || name) $$;
CREATE OR REPLACE FUNCTION pg_temp.instrument(symbol text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT pg_temp.id('2016-01-04', 'instrument ' || symbol) $$;
CREATE OR REPLACE FUNCTION pg_temp.portfolio(name text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT pg_temp.id('2016-11-22', 'portfolio ' || name) $$;
CREATE OR REPLACE FUNCTION pg_temp.entry(kind text, code text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT pg_temp.id('2016-01-05', kind || ' ' || code) $$;

-- Stands where a service keeps a sealed secret. No key opens it, since it was never closed.
CREATE OR REPLACE FUNCTION pg_temp.no_secret() RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT convert_to('the seed knows no key, and this opens nothing', 'UTF8') $$;

-- What the ledger of the demo goes by; the load needs none of it. named_lot is a table of 40_portfolios.sql.

-- Takes units out of open lots in the order of the method, or as they were named ('code:quantity,…').
CREATE OR REPLACE FUNCTION pg_temp.dispose(
    of_user uuid, of_depot uuid, of_instrument uuid, method text, closing uuid, moment timestamptz, type text,
    units numeric, gross numeric, fee numeric, named text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    l record;
    weighed numeric := 0;
    gross_given numeric := 0;
    fee_given numeric := 0;
    taken numeric;
    part numeric;
    fee_part numeric;
    gone numeric;
    gone_fees numeric;
BEGIN
    FOR l IN
        SELECT o.*, n.quantity AS chosen FROM portfolios.lots AS o
        LEFT JOIN (
            SELECT t.id AS lot, split_part(s.part, ':', 2)::numeric AS quantity, s.k
            FROM string_to_table(named, ',') WITH ORDINALITY AS s (part, k)
            JOIN named_lot AS t ON t.code = split_part(s.part, ':', 1)) AS n ON n.lot = o.id
        WHERE o.user_id = of_user AND o.portfolio_id = of_depot AND o.instrument_id = of_instrument
            AND o.remaining > 0
            AND (named IS NULL OR n.lot IS NOT NULL)
        ORDER BY n.k, CASE method WHEN 'hifo' THEN -(o.remaining_cost::numeric(100, 60) / o.remaining) END,
            CASE method WHEN 'lifo' THEN -extract(epoch FROM o.opened_at) END, o.opened_at, o.id
    LOOP
        EXIT WHEN weighed = units;
        taken := coalesce(l.chosen, least(units - weighed, l.remaining));
        weighed := weighed + taken;
        part := pg_temp.quotient(gross * weighed, units) - gross_given;
        fee_part := pg_temp.quotient(fee * weighed, units) - fee_given;
        gross_given := gross_given + part;
        fee_given := fee_given + fee_part;
        gone := pg_temp.quotient(l.remaining_cost * taken, l.remaining);
        gone_fees := pg_temp.quotient(l.remaining_fees * taken, l.remaining);
        INSERT INTO portfolios.lot_closures (
            user_id, id, portfolio_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees, cost,
            cost_fees, realized_gain, created_at)
        VALUES (of_user, pg_temp.id(moment, closing || ' closes ' || l.id), of_depot, l.id, closing, moment,
            CASE type WHEN 'sell' THEN 'sale' ELSE 'transfer' END::portfolios.closure_kind, taken,
            CASE type WHEN 'sell' THEN part - fee_part ELSE gone END, CASE type WHEN 'sell' THEN fee_part ELSE 0 END,
                gone,
            gone_fees, CASE type WHEN 'sell' THEN part - fee_part - gone ELSE 0 END, moment);
        UPDATE portfolios.lots AS o
        SET remaining = o.remaining - taken, remaining_cost = o.remaining_cost - gone,
            remaining_fees = o.remaining_fees - gone_fees, updated_at = moment
        WHERE o.user_id = of_user AND o.id = l.id;
        IF named IS NOT NULL THEN
            INSERT INTO portfolios.lot_selections (user_id, portfolio_id, transaction_id, opened_by, quantity,
                created_at)
            VALUES (of_user, of_depot, closing, l.id, taken, moment);
        END IF;
    END LOOP;
    IF weighed <> units THEN
        RAISE EXCEPTION 'the seed sells % of %, and only % is held', units, of_instrument, weighed;
    END IF;
END
$$;

-- The average method spreads what the open lots cost over them, fees and the rest apart, after each purchase.
CREATE OR REPLACE FUNCTION pg_temp.spread(of_user uuid, of_depot uuid, of_instrument uuid) RETURNS void LANGUAGE sql
    AS $$
    WITH open AS (
        SELECT id, cost - remaining_cost AS gone, fees - remaining_fees AS gone_fees,
            sum(remaining) OVER w AS weighed, sum(remaining) OVER () AS whole,
            sum(remaining_fees) OVER () AS all_fees, sum(remaining_cost - remaining_fees) OVER () AS all_net
        FROM portfolios.lots
        WHERE user_id = of_user AND portfolio_id = of_depot AND instrument_id = of_instrument AND remaining > 0
        WINDOW w AS (ORDER BY opened_at, id)
    ), share AS (
        SELECT id, gone, gone_fees, weighed, pg_temp.quotient(all_fees * weighed, whole) AS fees,
            pg_temp.quotient(all_net * weighed, whole) AS net
        FROM open
    ), part AS (
        SELECT id, gone, gone_fees, fees - lag(fees, 1, 0::numeric) OVER w AS fees, net - lag(net, 1, 0::numeric)
            OVER w AS net
        FROM share WINDOW w AS (ORDER BY weighed)
    )
    UPDATE portfolios.lots AS l
    SET cost = p.gone + p.net + p.fees, remaining_cost = p.net + p.fees, fees = p.gone_fees + p.fees,
        remaining_fees = p.fees
    FROM part AS p WHERE l.user_id = of_user AND l.id = p.id;
$$;

-- Capital that came back lowers the cost of each open lot; what goes beyond it is gain.
CREATE OR REPLACE FUNCTION pg_temp.return_capital(
    of_user uuid, of_depot uuid, of_instrument uuid, closing uuid, moment timestamptz, gross numeric
) RETURNS void LANGUAGE sql AS $$
    WITH open AS (
        SELECT id, remaining_cost, remaining_fees,
            pg_temp.quotient(gross * sum(remaining) OVER w, sum(remaining) OVER ()) AS share,
            row_number() OVER w AS k
        FROM portfolios.lots
        WHERE user_id = of_user AND portfolio_id = of_depot AND instrument_id = of_instrument AND remaining > 0
        WINDOW w AS (ORDER BY opened_at, id)
    ), part AS (
        SELECT *, share - lag(share, 1, 0::numeric) OVER (ORDER BY k) AS part FROM open
    ), lowered AS (
        SELECT *, least(part, remaining_cost) AS lowered,
            remaining_fees - least(remaining_fees, remaining_cost - least(part, remaining_cost)) AS lowered_fees
        FROM part
    ), closed AS (
        INSERT INTO portfolios.lot_closures (
            user_id, id, portfolio_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees, cost,
            cost_fees, realized_gain, created_at)
        SELECT of_user, pg_temp.id(moment, closing || ' lowers ' || id), of_depot, id, closing, moment,
            'return_of_capital', 0, part, 0, lowered, lowered_fees, part - lowered, moment
        FROM lowered
    )
    UPDATE portfolios.lots AS l
    SET remaining_cost = l.remaining_cost - w.lowered, remaining_fees = l.remaining_fees - w.lowered_fees,
        updated_at = moment
    FROM lowered AS w WHERE l.user_id = of_user AND l.id = w.id;
$$;

CREATE OR REPLACE FUNCTION pg_temp.move(
    of_user uuid, of_depot uuid, transaction uuid, moment timestamptz, digit text, source text, target text,
    money text, of_instrument uuid, amount numeric
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO portfolios.postings (
        user_id, id, portfolio_id, transaction_id, from_account, to_account, currency, instrument_id, amount,
            created_at)
    SELECT of_user, pg_temp.sibling(transaction, digit), of_depot, transaction, source::portfolios.posting_account,
        target::portfolios.posting_account, money, of_instrument, amount, moment
    WHERE amount > 0 AND source <> target
$$;

-- A split restates the open lots, and brings the asset account to what they say.
CREATE OR REPLACE FUNCTION pg_temp.split(
    of_user uuid, of_depot uuid, of_instrument uuid, transaction uuid, moment timestamptz, from_ int, to_ int
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    held numeric;
    difference numeric;
BEGIN
    SELECT coalesce(sum(l.remaining), 0) INTO held FROM portfolios.lots AS l
    WHERE l.user_id = of_user AND l.portfolio_id = of_depot AND l.instrument_id = of_instrument;
    UPDATE portfolios.lots AS l
    SET quantity = pg_temp.quotient(l.quantity * to_, from_), remaining = pg_temp.quotient(l.remaining * to_, from_),
        updated_at = moment
    WHERE l.user_id = of_user AND l.portfolio_id = of_depot AND l.instrument_id = of_instrument AND l.remaining > 0;
    SELECT sum(l.remaining) - held INTO difference FROM portfolios.lots AS l
    WHERE l.user_id = of_user AND l.portfolio_id = of_depot AND l.instrument_id = of_instrument;
    PERFORM pg_temp.move(of_user, of_depot, transaction, moment, '8', CASE WHEN difference > 0 THEN 'opening'
        ELSE 'asset' END,
        CASE WHEN difference > 0 THEN 'asset' ELSE 'opening' END, NULL, of_instrument, abs(difference));
END
$$;

CREATE OR REPLACE FUNCTION pg_temp.close(of_instrument uuid, on_day date) RETURNS numeric LANGUAGE sql AS $$
    SELECT close FROM market.price_bars WHERE instrument_id = of_instrument AND day <= on_day
        ORDER BY day DESC LIMIT 1
$$;
-- Direct, then inverse, then through the dollar, as everywhere.
CREATE OR REPLACE FUNCTION pg_temp.rate(base_ text, quote_ text, on_day date) RETURNS numeric LANGUAGE sql AS $$
    SELECT CASE WHEN base_ = quote_ THEN 1
        WHEN base_ <> 'USD' AND quote_ <> 'USD'
            THEN round(pg_temp.rate(base_, 'USD', on_day) * pg_temp.rate('USD', quote_, on_day), 12)
        ELSE (
            SELECT CASE WHEN r.base = base_ THEN r.rate ELSE round(1 / r.rate, 12) END FROM market.exchange_rates AS r
            WHERE (r.base, r.quote) IN ((base_, quote_), (quote_, base_)) AND r.day <= on_day
            ORDER BY r.day DESC LIMIT 1)
        END
$$;
