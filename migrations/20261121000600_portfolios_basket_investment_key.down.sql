-- A validated key cannot be unvalidated, so it is made anew as it was.

ALTER TABLE portfolios.transactions DROP CONSTRAINT transactions_basket_investment_fkey;
ALTER TABLE portfolios.transactions ADD CONSTRAINT transactions_basket_investment_fkey
    FOREIGN KEY (user_id, portfolio_id, basket_investment_id)
    REFERENCES portfolios.basket_investments (user_id, portfolio_id, id) ON DELETE CASCADE NOT VALID;
