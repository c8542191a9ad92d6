-- Each return of capital leaves a closure for each open lot, and each split rounds each open lot: lots times such
-- transactions, which the ledger therefore limits for a portfolio. It counts them here, so that a posting that only
-- goes on from the open lots knows how many there were. What was posted before counts from its next replay.
ALTER TABLE portfolios.portfolio_holdings
    ADD COLUMN lot_restatements integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT portfolio_holdings_lot_restatements_check CHECK (lot_restatements >= 0) NOT VALID;
COMMENT ON COLUMN portfolios.portfolio_holdings.lot_restatements IS
    'How often splits and returns of capital changed an open lot; limited for a portfolio.';
