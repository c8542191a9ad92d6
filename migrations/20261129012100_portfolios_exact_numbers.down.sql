-- Loses the decimals after the eighth, and stops at a value of 10^10 or more.
ALTER TABLE portfolios.basket_investments
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE portfolios.basket_subscriptions
    ALTER COLUMN minimum_order TYPE numeric(18,8);
ALTER TABLE portfolios.cash_balances
    ALTER COLUMN balance TYPE numeric(18,8);
ALTER TABLE portfolios.lot_closures
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN proceeds TYPE numeric(18,8),
    ALTER COLUMN sale_fees TYPE numeric(18,8),
    ALTER COLUMN cost TYPE numeric(18,8),
    ALTER COLUMN cost_fees TYPE numeric(18,8),
    ALTER COLUMN realized_gain TYPE numeric(18,8) USING round(proceeds, 8) - round(cost, 8);
ALTER TABLE portfolios.lot_selections
    ALTER COLUMN quantity TYPE numeric(18,8);
ALTER TABLE portfolios.lots
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN remaining TYPE numeric(18,8),
    ALTER COLUMN cost TYPE numeric(18,8),
    ALTER COLUMN remaining_cost TYPE numeric(18,8),
    ALTER COLUMN fees TYPE numeric(18,8),
    ALTER COLUMN remaining_fees TYPE numeric(18,8);
-- A change of type writes a condition anew, without the brackets that BETWEEN made.
ALTER TABLE portfolios.lots DROP CONSTRAINT lots_remaining_cost_check;
ALTER TABLE portfolios.lots
    ADD CONSTRAINT lots_remaining_cost_check CHECK (remaining_cost BETWEEN 0 AND cost AND (remaining > 0 OR remaining_cost = 0));
ALTER TABLE portfolios.portfolio_holdings
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN cost_basis TYPE numeric(18,8),
    ALTER COLUMN basis_fees TYPE numeric(18,8),
    ALTER COLUMN average_cost TYPE numeric(18,8),
    ALTER COLUMN realized_gain TYPE numeric(18,8),
    ALTER COLUMN income TYPE numeric(18,8),
    ALTER COLUMN fees TYPE numeric(18,8);
ALTER TABLE portfolios.portfolio_snapshots
    ALTER COLUMN value TYPE numeric(18,8),
    ALTER COLUMN net_invested TYPE numeric(18,8),
    ALTER COLUMN cash TYPE numeric(18,8);
ALTER TABLE portfolios.postings
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE portfolios.rebalance_orders
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE portfolios.transaction_fees
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE portfolios.transactions
    ALTER COLUMN quantity TYPE numeric(18,8),
    ALTER COLUMN unit_price TYPE numeric(18,8),
    ALTER COLUMN gross_amount TYPE numeric(18,8);
