-- Loses which portfolio follows which basket, the rebalancing and the snapshots.

DROP POLICY portfolios_worker ON portfolios.portfolios;
DROP TABLE portfolios.portfolio_snapshots;
DROP TABLE portfolios.rebalance_orders;
DROP TABLE portfolios.rebalance_runs;
DROP TABLE portfolios.basket_subscriptions;
DROP TYPE portfolios.rebalance_skip_reason;
DROP TYPE portfolios.rebalance_order_status;
DROP TYPE portfolios.order_side;
DROP TYPE portfolios.rebalance_status;
DROP TYPE portfolios.rebalance_trigger;
DROP TYPE portfolios.rebalance_calendar;
