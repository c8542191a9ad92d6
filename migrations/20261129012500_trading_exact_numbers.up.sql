-- Eighteen decimals, and twenty digits before the point: two holdings of eight billion dong are beyond numeric(18,8),
-- coins are quoted at 0.0000000074 and counted in trillions, and a token has eighteen decimals.
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE trading.backtest_trades
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN price TYPE numeric(38,18),
    ALTER COLUMN commission TYPE numeric(38,18),
    ALTER COLUMN realized_gain TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE trading.backtests
    ALTER COLUMN initial_cash TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE trading.broker_accounts
    ALTER COLUMN notional_per_filing TYPE numeric(38,18),
    ALTER COLUMN daily_cap TYPE numeric(38,18),
    ALTER COLUMN symbol_cap TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE trading.equity_points
    ALTER COLUMN equity TYPE numeric(38,18),
    ALTER COLUMN cash TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE trading.executions
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN price TYPE numeric(38,18),
    ALTER COLUMN commission TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE trading.positions
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN average_price TYPE numeric(38,18),
    ALTER COLUMN realized_gain TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE trading.trades
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN notional TYPE numeric(38,18),
    ALTER COLUMN limit_price TYPE numeric(38,18),
    ALTER COLUMN stop_price TYPE numeric(38,18),
    ALTER COLUMN filled_quantity TYPE numeric(38,18),
    ALTER COLUMN average_price TYPE numeric(38,18),
    ALTER COLUMN commission TYPE numeric(38,18);
