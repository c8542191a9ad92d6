-- How often a portfolio's books have changed: what is worked out before a transaction begins says on which books it was
-- made, and under the lock one comparison says whether they are the same still.

ALTER TABLE portfolios.portfolios ADD COLUMN books_revision bigint NOT NULL DEFAULT 0;

COMMENT ON COLUMN portfolios.portfolios.books_revision IS
    'Raised by whatever is posted, reversed or imported. The program''s own, unlike revision, which only an edit raises.';
