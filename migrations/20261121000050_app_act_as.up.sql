-- An assignment is evaluated in plpgsql's fast path: about a third of the time of a SET LOCAL that is put together
-- and parsed at each call, and it is called before every statement of a user. NULL sets '', which is nobody.
--
-- set_config() stays on the node where it runs. A Citus deployment, whose workers must hear of the user, puts the
-- body of the first migration back (SET LOCAL); name, signature and meaning are the same.
CREATE OR REPLACE FUNCTION app.act_as(user_id uuid) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    now_set text;
BEGIN
    now_set := set_config('app.user_id', coalesce(user_id::text, ''), true);
END
$$;
