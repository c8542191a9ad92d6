-- Eighteen decimals, and twenty digits before the point: two holdings of eight billion dong are beyond numeric(18,8),
-- coins are quoted at 0.0000000074 and counted in trillions, and a token has eighteen decimals.
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE automation.auto_invest_rules
    ALTER COLUMN amount TYPE numeric(38,18),
    ALTER COLUMN monthly_cap TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE automation.auto_invest_runs
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE automation.purchases
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE automation.round_up_entries
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE automation.round_up_pools
    ALTER COLUMN total TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE automation.round_up_rules
    ALTER COLUMN threshold TYPE numeric(38,18),
    ALTER COLUMN monthly_cap TYPE numeric(38,18);
