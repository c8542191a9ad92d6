-- Checks the key of 20261121000500 against the rows that were there: writers go on meanwhile.

ALTER TABLE portfolios.transactions VALIDATE CONSTRAINT transactions_basket_investment_fkey;
