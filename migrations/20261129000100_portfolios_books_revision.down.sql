ALTER TABLE portfolios.portfolios DROP COLUMN books_revision;
