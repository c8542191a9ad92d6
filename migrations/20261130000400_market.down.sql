-- Loses every row of market.instruments, market.price_bars, market.owner_prices, market.quotes, market.exchange_rates,
-- market.corporate_actions, market.trading_days, market.congress_trades, market.ingest_checkpoints, market.job_runs,
-- market.feeds, market.feed_gaps, market.price_disagreements.

DROP FUNCTION market.adoption_candidates;
DROP FUNCTION market.adopt_instrument;
DROP FUNCTION market.correct_currency;
DROP FUNCTION market.search_instruments;
DROP FUNCTION market.register_instrument;
DROP FUNCTION market.calendar_of;
DROP TABLE market.price_disagreements;
DROP TABLE market.feed_gaps;
DROP TABLE market.feeds;
DROP TABLE market.job_runs;
DROP TABLE market.ingest_checkpoints;
DROP TABLE market.congress_trades;
DROP TABLE market.trading_days;
DROP TABLE market.corporate_actions;
DROP TABLE market.exchange_rates;
DROP TABLE market.quotes;
DROP TABLE market.owner_prices;
DROP TABLE market.price_bars;
DROP TABLE market.instruments;
DROP TYPE market.feed_content;
DROP TYPE market.job_run_status;
DROP TYPE market.congress_owner;
DROP TYPE market.congress_transaction;
DROP TYPE market.congress_chamber;
DROP TYPE market.price_adjustment;
DROP TYPE market.corporate_action_kind;
DROP TYPE market.instrument_class;
DROP EXTENSION pg_trgm;
DROP SCHEMA market;
