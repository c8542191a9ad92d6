-- What the files of the seed share, in the session's own temporary schema: nothing of it stays. Randomness comes
-- from MD5 of a name, which is the same on every machine and of every version, as PostgreSQL's own hashes need not be.

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
            = CASE decimals WHEN 2 THEN 0.005 WHEN 4 THEN 0.00005 WHEN 8 THEN 0.000000005 END
        THEN 2 * round(amount / 2, decimals) ELSE round(amount, decimals) END
$$;

-- A quotient to 8 decimals, half-even.
CREATE OR REPLACE FUNCTION pg_temp.quotient(amount numeric, divisor numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT pg_temp.half_even(amount::numeric(60, 30) / divisor, 8) $$;

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
