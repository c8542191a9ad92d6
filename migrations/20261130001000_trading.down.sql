-- Loses every row of trading.strategies, trading.backtests, trading.backtest_trades, trading.equity_points,
-- trading.broker_accounts, trading.trades, trading.executions, trading.positions.

DROP TABLE trading.positions;
DROP TABLE trading.executions;
DROP TABLE trading.trades;
DROP TABLE trading.broker_accounts;
DROP TABLE trading.equity_points;
DROP TABLE trading.backtest_trades;
DROP TABLE trading.backtests;
DROP TABLE trading.strategies;
DROP TYPE trading.position_side;
DROP TYPE trading.trade_status;
DROP TYPE trading.time_in_force;
DROP TYPE trading.order_type;
DROP TYPE trading.trade_source;
DROP TYPE trading.trading_mode;
DROP TYPE trading.fill_reason;
DROP TYPE trading.trade_side;
DROP TYPE trading.backtest_status;
DROP TYPE trading.strategy_status;
DROP TYPE trading.strategy_kind;
DROP SCHEMA trading;
