CREATE OR REPLACE FUNCTION app.act_as(user_id uuid) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    EXECUTE format('SET LOCAL app.user_id = %L', user_id);
END
$$;
