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

-- What a lot costs by now: less the capital that came back since it was last taken from, or its share of the whole.
CREATE OR REPLACE FUNCTION pg_temp.standing(l portfolios.lots, h portfolios.portfolio_holdings)
RETURNS portfolios.lots LANGUAGE plpgsql AS $$
DECLARE
    cost numeric := 0;
    fees numeric := 0;
BEGIN
    IF l.unit_basis IS NULL THEN
        IF l.remaining > 0 THEN
            cost := pg_temp.quotient(h.cost_basis * l.remaining, h.quantity);
            fees := pg_temp.quotient(h.basis_fees * l.remaining, h.quantity);
        END IF;
        l.cost := l.cost - l.remaining_cost + cost;
        l.fees := l.fees - l.remaining_fees + fees;
        l.remaining_cost := cost;
        l.remaining_fees := fees;
        RETURN l;
    END IF;
    IF l.unit_basis > 0 THEN
        l.remaining_cost := greatest(0, l.remaining_cost
            - pg_temp.half_even(l.remaining * (h.capital_returned - l.capital_returned), 18));
        l.remaining_fees := least(l.remaining_fees, l.remaining_cost);
    END IF;
    l.capital_returned := h.capital_returned;
    RETURN l;
END
$$;

-- What a unit of a lot costs, with the capital that has come back on one; 0 where it cost nothing.
CREATE OR REPLACE FUNCTION pg_temp.unit_basis(cost numeric, units numeric, returned numeric) RETURNS numeric
LANGUAGE sql AS $$
    SELECT CASE WHEN unit = 0 THEN 0 ELSE unit + returned END FROM (SELECT pg_temp.quotient(cost, units) AS unit) AS u
$$;

-- Writes a lot, and what the holding has to show for all of its lots.
CREATE OR REPLACE FUNCTION pg_temp.store(l portfolios.lots, moment timestamptz) RETURNS void LANGUAGE sql AS $$
    UPDATE portfolios.lots AS o
    SET quantity = l.quantity, remaining = l.remaining, cost = l.cost, remaining_cost = l.remaining_cost, fees = l.fees,
        remaining_fees = l.remaining_fees, unit_basis = l.unit_basis, capital_returned = l.capital_returned,
        updated_at = moment
    WHERE o.user_id = l.user_id AND o.id = l.id
$$;
CREATE OR REPLACE FUNCTION pg_temp.store(h portfolios.portfolio_holdings) RETURNS void LANGUAGE sql AS $$
    UPDATE portfolios.portfolio_holdings AS o
    SET quantity = h.quantity, cost_basis = h.cost_basis, basis_fees = h.basis_fees,
        capital_returned = h.capital_returned, repaid_quantity = h.repaid_quantity
    WHERE o.user_id = h.user_id AND o.portfolio_id = h.portfolio_id AND o.instrument_id = h.instrument_id
$$;

-- Takes units out of open lots in the order of the method, or as they were named ('code:quantity,…').
CREATE OR REPLACE FUNCTION pg_temp.dispose(
    h portfolios.portfolio_holdings, method text, closing uuid, moment timestamptz, type text,
    units numeric, gross numeric, fee numeric, named text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at_first portfolios.portfolio_holdings := h;
    l portfolios.lots;
    r record;
    weighed numeric := 0;
    gross_given numeric := 0;
    fee_given numeric := 0;
    net_given numeric := 0;
    fees_given numeric := 0;
    taken numeric;
    part numeric;
    fee_part numeric;
    gone numeric;
    gone_fees numeric;
    all_fees numeric := pg_temp.quotient(h.basis_fees * units, h.quantity);
    all_net numeric := pg_temp.quotient(h.cost_basis * units, h.quantity) - all_fees;
BEGIN
    FOR r IN
        SELECT o AS lot, n.quantity AS chosen FROM portfolios.lots AS o
        LEFT JOIN (
            SELECT t.id AS lot, split_part(s.part, ':', 2)::numeric AS quantity, s.k
            FROM string_to_table(named, ',') WITH ORDINALITY AS s (part, k)
            JOIN named_lot AS t ON t.code = split_part(s.part, ':', 1)) AS n ON n.lot = o.id
        WHERE o.user_id = h.user_id AND o.portfolio_id = h.portfolio_id AND o.instrument_id = h.instrument_id
            AND o.remaining > 0
            AND (named IS NULL OR n.lot IS NOT NULL)
        ORDER BY n.k, CASE method WHEN 'hifo' THEN -o.unit_basis END,
            CASE method WHEN 'lifo' THEN -extract(epoch FROM o.opened_at) END, o.opened_at, o.id
    LOOP
        EXIT WHEN weighed = units;
        l := r.lot;
        taken := coalesce(r.chosen, least(units - weighed, l.remaining));
        weighed := weighed + taken;
        part := pg_temp.quotient(gross * weighed, units) - gross_given;
        fee_part := pg_temp.quotient(fee * weighed, units) - fee_given;
        gross_given := gross_given + part;
        fee_given := fee_given + fee_part;
        IF method = 'average' THEN
            gone_fees := pg_temp.quotient(all_fees * weighed, units) - fees_given;
            gone := pg_temp.quotient(all_net * weighed, units) - net_given + gone_fees;
            fees_given := fees_given + gone_fees;
            net_given := net_given + gone - gone_fees;
            l.cost := l.cost - l.remaining_cost + gone;
            l.fees := l.fees - l.remaining_fees + gone_fees;
            l.remaining := l.remaining - taken;
            l.remaining_cost := 0;
            l.remaining_fees := 0;
        ELSE
            l := pg_temp.standing(l, at_first);
            gone := least(pg_temp.quotient(l.remaining_cost * taken, l.remaining), h.cost_basis);
            gone_fees := greatest(h.basis_fees - (h.cost_basis - gone),
                least(pg_temp.quotient(l.remaining_fees * taken, l.remaining), h.basis_fees, gone));
            IF taken = h.quantity THEN
                gone := h.cost_basis;
                gone_fees := h.basis_fees;
            END IF;
            l.remaining := l.remaining - taken;
            l.remaining_cost := CASE WHEN l.remaining > 0 THEN greatest(0, l.remaining_cost - gone) ELSE 0 END;
            l.remaining_fees := least(l.remaining_cost, greatest(0, l.remaining_fees - gone_fees));
            IF l.unit_basis = 0 THEN h.repaid_quantity := h.repaid_quantity - taken; END IF;
        END IF;
        h.quantity := h.quantity - taken;
        h.cost_basis := h.cost_basis - gone;
        h.basis_fees := h.basis_fees - gone_fees;
        INSERT INTO portfolios.lot_closures (
            user_id, id, portfolio_id, instrument_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees,
            cost, cost_fees, realized_gain, created_at)
        VALUES (h.user_id, pg_temp.id(moment, closing || ' closes ' || l.id), h.portfolio_id, h.instrument_id, l.id,
            closing, moment, CASE type WHEN 'sell' THEN 'sale' ELSE 'transfer' END::portfolios.closure_kind, taken,
            CASE type WHEN 'sell' THEN part - fee_part ELSE gone END, CASE type WHEN 'sell' THEN fee_part ELSE 0 END,
            gone, gone_fees, CASE type WHEN 'sell' THEN part - fee_part - gone ELSE 0 END, moment);
        PERFORM pg_temp.store(l, moment);
        IF named IS NOT NULL THEN
            INSERT INTO portfolios.lot_selections (user_id, portfolio_id, transaction_id, opened_by, quantity,
                created_at)
            VALUES (h.user_id, h.portfolio_id, closing, l.id, taken, moment);
        END IF;
    END LOOP;
    IF weighed <> units THEN
        RAISE EXCEPTION 'the seed sells % of %, and only % is held', units, h.instrument_id, weighed;
    END IF;
    -- What stays of the last lot is its share again.
    IF method = 'average' THEN PERFORM pg_temp.store(pg_temp.standing(l, h), moment); END IF;
    PERFORM pg_temp.store(h);
END
$$;

-- Capital that came back lowers the cost on each unit alike; what goes beyond the cost of a lot is gain.
CREATE OR REPLACE FUNCTION pg_temp.return_capital(
    h portfolios.portfolio_holdings, method text, closing uuid, moment timestamptz, gross numeric
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    l portfolios.lots;
    returned numeric := h.capital_returned + pg_temp.quotient(gross, h.quantity);
    repaid_cost numeric := 0;
    repaid_fees numeric := 0;
    lowered numeric := least(gross, h.cost_basis);
    lowered_fees numeric;
BEGIN
    IF method <> 'average' THEN
        FOR l IN
            SELECT o.* FROM portfolios.lots AS o
            WHERE o.user_id = h.user_id AND o.portfolio_id = h.portfolio_id AND o.instrument_id = h.instrument_id
                AND o.remaining > 0 AND o.unit_basis > 0 AND o.unit_basis <= returned
        LOOP
            l := pg_temp.standing(l, h);
            repaid_cost := repaid_cost + l.remaining_cost;
            repaid_fees := repaid_fees + l.remaining_fees;
            h.repaid_quantity := h.repaid_quantity + l.remaining;
            l.remaining_cost := 0;
            l.remaining_fees := 0;
            l.unit_basis := 0;
            l.capital_returned := returned;
            PERFORM pg_temp.store(l, moment);
        END LOOP;
        IF h.repaid_quantity <> h.quantity THEN
            lowered := least(lowered, greatest(0,
                gross - pg_temp.quotient(gross * h.repaid_quantity, h.quantity) + repaid_cost));
        END IF;
        h.capital_returned := returned;
    END IF;
    lowered_fees := greatest(h.basis_fees - (h.cost_basis - lowered), least(repaid_fees, h.basis_fees, lowered));
    h.cost_basis := h.cost_basis - lowered;
    h.basis_fees := h.basis_fees - lowered_fees;
    INSERT INTO portfolios.lot_closures (
        user_id, id, portfolio_id, instrument_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees,
        cost, cost_fees, realized_gain, created_at)
    VALUES (h.user_id, pg_temp.id(moment, closing || ' lowers'), h.portfolio_id, h.instrument_id, NULL, closing,
        moment, 'return_of_capital', 0, gross, 0, lowered, lowered_fees, gross - lowered, moment);
    PERFORM pg_temp.store(h);
END
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
    h portfolios.portfolio_holdings, transaction uuid, moment timestamptz, from_ int, to_ int
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at_first portfolios.portfolio_holdings := h;
    l portfolios.lots;
    difference numeric;
BEGIN
    h.quantity := 0;
    h.repaid_quantity := 0;
    h.capital_returned := 0;
    FOR l IN
        SELECT o.* FROM portfolios.lots AS o
        WHERE o.user_id = h.user_id AND o.portfolio_id = h.portfolio_id AND o.instrument_id = h.instrument_id
            AND o.remaining > 0
    LOOP
        l := pg_temp.standing(l, at_first);
        l.quantity := pg_temp.quotient(l.quantity * to_, from_);
        l.remaining := pg_temp.quotient(l.remaining * to_, from_);
        l.capital_returned := 0;
        l.unit_basis := CASE WHEN l.unit_basis > 0
            THEN pg_temp.quotient((l.unit_basis - at_first.capital_returned) * from_, to_) ELSE l.unit_basis END;
        IF l.unit_basis = 0 THEN h.repaid_quantity := h.repaid_quantity + l.remaining; END IF;
        h.quantity := h.quantity + l.remaining;
        PERFORM pg_temp.store(l, moment);
    END LOOP;
    difference := h.quantity - at_first.quantity;
    PERFORM pg_temp.store(h);
    PERFORM pg_temp.move(h.user_id, h.portfolio_id, transaction, moment, '8',
        CASE WHEN difference > 0 THEN 'opening' ELSE 'asset' END,
        CASE WHEN difference > 0 THEN 'asset' ELSE 'opening' END, NULL, h.instrument_id, abs(difference));
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
