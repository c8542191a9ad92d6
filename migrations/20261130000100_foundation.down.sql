DROP FUNCTION app.act_as(uuid);
DROP FUNCTION app.current_user_id();
DROP TYPE app.cost_basis_method;
DROP SCHEMA app;
