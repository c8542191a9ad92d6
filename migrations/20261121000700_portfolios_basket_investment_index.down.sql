-- no-transaction

DROP INDEX CONCURRENTLY IF EXISTS portfolios.transactions_basket_investment_idx;
