DROP FUNCTION app.act_as(uuid);
CREATE FUNCTION app.act_as(user_id uuid) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    now_set text;
BEGIN
    now_set := set_config('app.user_id', coalesce(user_id::text, ''), true);
END
$$;
COMMENT ON FUNCTION app.act_as(uuid) IS 'Makes the user the acting one until the transaction ends.';
