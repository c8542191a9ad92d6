-- Loses every row of portfolios.portfolios, portfolios.baskets, portfolios.basket_versions, portfolios.basket_assets,
-- portfolios.basket_investments, portfolios.transactions, portfolios.transaction_fees, portfolios.lot_selections,
-- portfolios.portfolio_holdings, portfolios.postings, portfolios.lots, portfolios.lot_closures,
-- portfolios.cash_balances, portfolios.basket_subscriptions, portfolios.rebalance_runs, portfolios.rebalance_orders,
-- portfolios.portfolio_snapshots.

DROP FUNCTION portfolios.share_basket;
DROP FUNCTION portfolios.publish_basket_version;
DROP FUNCTION portfolios.has_booked;
DROP TABLE portfolios.portfolio_snapshots;
DROP TABLE portfolios.rebalance_orders;
DROP TABLE portfolios.rebalance_runs;
DROP TABLE portfolios.basket_subscriptions;
DROP TABLE portfolios.cash_balances;
DROP TABLE portfolios.lot_closures;
DROP TABLE portfolios.lots;
DROP TABLE portfolios.postings;
DROP TABLE portfolios.portfolio_holdings;
DROP TABLE portfolios.lot_selections;
DROP TABLE portfolios.transaction_fees;
DROP TABLE portfolios.transactions;
DROP TABLE portfolios.basket_investments;
DROP TABLE portfolios.basket_assets;
DROP TABLE portfolios.basket_versions;
DROP TABLE portfolios.baskets;
DROP TABLE portfolios.portfolios;
DROP TYPE portfolios.rebalance_skip_reason;
DROP TYPE portfolios.rebalance_order_status;
DROP TYPE portfolios.order_side;
DROP TYPE portfolios.rebalance_status;
DROP TYPE portfolios.rebalance_trigger;
DROP TYPE portfolios.rebalance_calendar;
DROP TYPE portfolios.investment_status;
DROP TYPE portfolios.investment_source;
DROP TYPE portfolios.basket_status;
DROP TYPE portfolios.basket_visibility;
DROP TYPE portfolios.risk_level;
DROP TYPE portfolios.posting_account;
DROP TYPE portfolios.closure_kind;
DROP TYPE portfolios.fee_kind;
DROP TYPE portfolios.transaction_status;
DROP TYPE portfolios.transaction_type;
DROP TYPE portfolios.portfolio_kind;
DROP SCHEMA portfolios;
