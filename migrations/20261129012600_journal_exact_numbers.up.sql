-- Eighteen decimals, and twenty digits before the point: two holdings of eight billion dong are beyond numeric(18,8),
-- coins are quoted at 0.0000000074 and counted in trillions, and a token has eighteen decimals.
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE journal.journal_entries
    ALTER COLUMN strike TYPE numeric(38,18),
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN price TYPE numeric(38,18),
    ALTER COLUMN amount TYPE numeric(38,18),
    ALTER COLUMN fees TYPE numeric(38,18),
    ALTER COLUMN multiplier TYPE numeric(38,18);
