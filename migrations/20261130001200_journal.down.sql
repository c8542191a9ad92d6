-- Loses every row of journal.accounts, journal.imports, journal.journal_entries.

DROP TABLE journal.journal_entries;
DROP TABLE journal.imports;
DROP TABLE journal.accounts;
DROP TYPE journal.import_status;
DROP TYPE journal.option_right;
DROP TYPE journal.journal_entry_type;
DROP TYPE journal.month_policy;
DROP TYPE journal.premium_policy;
DROP SCHEMA journal;
