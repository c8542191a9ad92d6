-- What every context stands on: the acting user, and the types that several contexts share.

CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'Functions and types that several contexts share.';

-- Shared by users and portfolios: a portfolio chooses its method, and a person prefers one for new portfolios.
CREATE TYPE app.cost_basis_method AS ENUM ('fifo', 'lifo', 'hifo', 'average', 'specific_lot');

-- STABLE, so that a policy evaluates it once and can use it with an index. After its first use in a session
-- the setting is '' and not NULL; nullif makes both mean nobody.
CREATE FUNCTION app.current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
COMMENT ON FUNCTION app.current_user_id() IS 'The user that app.act_as() has set in this transaction, or NULL.';

-- A function in SQL whose body is one expression of its own type is put into the statement that calls it, so nothing is
-- called at all, before every statement of a user. For that it has to give back what set_config() does, which nobody
-- looks at. NULL sets '', which is nobody.
--
-- set_config() stays on the node where it runs. A Citus deployment, whose workers must have the user by SET LOCAL, puts a
-- body in plpgsql in its place.
CREATE FUNCTION app.act_as(user_id uuid) RETURNS text
LANGUAGE sql VOLATILE
AS $$ SELECT set_config('app.user_id', coalesce(user_id::text, ''), true) $$;
COMMENT ON FUNCTION app.act_as(uuid) IS 'Makes the user the acting one until the transaction ends.';
