-- Loses the decimals after the eighth, and stops at a value of 10^10 or more.
ALTER TABLE journal.journal_entries
    ALTER COLUMN strike TYPE numeric(18,8),
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN price TYPE numeric(18,8),
    ALTER COLUMN amount TYPE numeric(18,8),
    ALTER COLUMN fees TYPE numeric(18,8),
    ALTER COLUMN multiplier TYPE numeric(18,8);
