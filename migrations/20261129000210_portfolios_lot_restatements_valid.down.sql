ALTER TABLE portfolios.portfolio_holdings
    DROP CONSTRAINT portfolio_holdings_lot_restatements_check,
    ADD CONSTRAINT portfolio_holdings_lot_restatements_check CHECK (lot_restatements >= 0) NOT VALID;
