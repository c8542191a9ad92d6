-- Loses every row of market.quotes, market.trading_days, market.congress_trades, market.ingest_checkpoints,
-- market.job_runs.

DROP TABLE market.job_runs;
DROP TABLE market.ingest_checkpoints;
DROP TABLE market.congress_trades;
DROP TABLE market.trading_days;
DROP TABLE market.quotes;
DROP TYPE market.job_run_status;
DROP TYPE market.congress_owner;
DROP TYPE market.congress_transaction;
DROP TYPE market.congress_chamber;
