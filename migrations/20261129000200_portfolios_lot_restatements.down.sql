-- Loses how often open lots were changed; the count begins anew.
ALTER TABLE portfolios.portfolio_holdings DROP COLUMN lot_restatements;
