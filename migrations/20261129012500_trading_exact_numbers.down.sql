-- Loses the decimals after the eighth, and stops at a value of 10^10 or more.
ALTER TABLE trading.backtest_trades
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN price TYPE numeric(18,8),
    ALTER COLUMN commission TYPE numeric(18,8),
    ALTER COLUMN realized_gain TYPE numeric(18,8);
ALTER TABLE trading.backtests
    ALTER COLUMN initial_cash TYPE numeric(18,8);
ALTER TABLE trading.broker_accounts
    ALTER COLUMN notional_per_filing TYPE numeric(18,8),
    ALTER COLUMN daily_cap TYPE numeric(18,8),
    ALTER COLUMN symbol_cap TYPE numeric(18,8);
ALTER TABLE trading.equity_points
    ALTER COLUMN equity TYPE numeric(18,8),
    ALTER COLUMN cash TYPE numeric(18,8);
ALTER TABLE trading.executions
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN price TYPE numeric(18,8),
    ALTER COLUMN commission TYPE numeric(18,8);
ALTER TABLE trading.positions
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN average_price TYPE numeric(18,8),
    ALTER COLUMN realized_gain TYPE numeric(18,8);
ALTER TABLE trading.trades
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN notional TYPE numeric(18,8),
    ALTER COLUMN limit_price TYPE numeric(18,8),
    ALTER COLUMN stop_price TYPE numeric(18,8),
    ALTER COLUMN filled_quantity TYPE numeric(18,8),
    ALTER COLUMN average_price TYPE numeric(18,8),
    ALTER COLUMN commission TYPE numeric(18,8);
