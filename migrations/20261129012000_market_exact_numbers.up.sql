-- Eighteen decimals, and twenty digits before the point: two holdings of eight billion dong are beyond numeric(18,8),
-- coins are quoted at 0.0000000074 and counted in trillions, and a token has eighteen decimals.
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE market.congress_trades
    ALTER COLUMN amount_low TYPE numeric(38,18),
    ALTER COLUMN amount_high TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE market.corporate_actions
    ALTER COLUMN new_shares TYPE numeric(38,18),
    ALTER COLUMN old_shares TYPE numeric(38,18),
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE market.price_bars
    ALTER COLUMN open TYPE numeric(38,18),
    ALTER COLUMN high TYPE numeric(38,18),
    ALTER COLUMN low TYPE numeric(38,18),
    ALTER COLUMN close TYPE numeric(38,18),
    ALTER COLUMN volume TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE market.quotes
    ALTER COLUMN price TYPE numeric(38,18);
