ALTER TABLE portfolios.portfolio_holdings DROP COLUMN lot_restatements;
