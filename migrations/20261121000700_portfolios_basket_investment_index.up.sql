-- no-transaction
-- The index that serves the key of 20261121000500, without holding up writers. May run twice.

CREATE INDEX CONCURRENTLY IF NOT EXISTS transactions_basket_investment_idx
    ON portfolios.transactions (user_id, portfolio_id, basket_investment_id, executed_at, id)
    WHERE basket_investment_id IS NOT NULL;
