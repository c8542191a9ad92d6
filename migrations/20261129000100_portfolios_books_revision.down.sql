-- Loses how often the books were changed; the count begins anew.
ALTER TABLE portfolios.portfolios DROP COLUMN books_revision;
