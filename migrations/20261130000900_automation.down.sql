-- Loses every row of automation.auto_invest_rules, automation.auto_invest_runs, automation.spending_sources,
-- automation.purchases, automation.round_up_rules, automation.round_up_pools, automation.round_up_entries.

DROP TABLE automation.round_up_entries;
DROP TABLE automation.round_up_pools;
DROP TABLE automation.round_up_rules;
DROP TABLE automation.purchases;
DROP TABLE automation.spending_sources;
DROP TABLE automation.auto_invest_runs;
DROP TABLE automation.auto_invest_rules;
DROP TYPE automation.round_up_pool_status;
DROP TYPE automation.round_up_entry_status;
DROP TYPE automation.whole_dollar;
DROP TYPE automation.purchase_status;
DROP TYPE automation.spending_source_status;
DROP TYPE automation.spending_source_kind;
DROP TYPE automation.auto_invest_run_status;
DROP TYPE automation.rule_status;
DROP TYPE automation.catch_up;
DROP TYPE automation.frequency;
DROP SCHEMA automation;
