-- Loses the decimals after the eighth, and stops at a value of 10^10 or more.
ALTER TABLE automation.auto_invest_rules
    ALTER COLUMN amount TYPE numeric(18,8),
    ALTER COLUMN monthly_cap TYPE numeric(18,8);
ALTER TABLE automation.auto_invest_runs
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE automation.purchases
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE automation.round_up_entries
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE automation.round_up_pools
    ALTER COLUMN total TYPE numeric(18,8);
ALTER TABLE automation.round_up_rules
    ALTER COLUMN threshold TYPE numeric(18,8),
    ALTER COLUMN monthly_cap TYPE numeric(18,8);
