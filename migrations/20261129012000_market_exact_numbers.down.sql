-- Loses the decimals after the eighth, and stops at a value of 10^10 or more.
ALTER TABLE market.congress_trades
    ALTER COLUMN amount_low TYPE numeric(18,8),
    ALTER COLUMN amount_high TYPE numeric(18,8);
ALTER TABLE market.corporate_actions
    ALTER COLUMN new_shares TYPE numeric(18,8),
    ALTER COLUMN old_shares TYPE numeric(18,8),
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE market.price_bars
    ALTER COLUMN open TYPE numeric(18,8),
    ALTER COLUMN high TYPE numeric(18,8),
    ALTER COLUMN low TYPE numeric(18,8),
    ALTER COLUMN close TYPE numeric(18,8),
    ALTER COLUMN volume TYPE numeric(18,8);
ALTER TABLE market.quotes
    ALTER COLUMN price TYPE numeric(18,8);
