-- Eighteen decimals, and twenty digits before the point: two holdings of eight billion dong are beyond numeric(18,8),
-- coins are quoted at 0.0000000074 and counted in trillions, and a token has eighteen decimals.
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.basket_investments
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.basket_subscriptions
    ALTER COLUMN minimum_order TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.cash_balances
    ALTER COLUMN balance TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.lot_closures
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN proceeds TYPE numeric(38,18),
    ALTER COLUMN sale_fees TYPE numeric(38,18),
    ALTER COLUMN cost TYPE numeric(38,18),
    ALTER COLUMN cost_fees TYPE numeric(38,18),
    ALTER COLUMN realized_gain TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.lot_selections
    ALTER COLUMN quantity TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.lots
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN remaining TYPE numeric(38,18),
    ALTER COLUMN cost TYPE numeric(38,18),
    ALTER COLUMN remaining_cost TYPE numeric(38,18),
    ALTER COLUMN fees TYPE numeric(38,18),
    ALTER COLUMN remaining_fees TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.portfolio_holdings
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN cost_basis TYPE numeric(38,18),
    ALTER COLUMN basis_fees TYPE numeric(38,18),
    ALTER COLUMN average_cost TYPE numeric(38,18),
    ALTER COLUMN realized_gain TYPE numeric(38,18),
    ALTER COLUMN income TYPE numeric(38,18),
    ALTER COLUMN fees TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.portfolio_snapshots
    ALTER COLUMN value TYPE numeric(38,18),
    ALTER COLUMN net_invested TYPE numeric(38,18),
    ALTER COLUMN cash TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.postings
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.rebalance_orders
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.transaction_fees
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE portfolios.transactions
    ALTER COLUMN quantity TYPE numeric(38,18),
    ALTER COLUMN unit_price TYPE numeric(38,18),
    ALTER COLUMN gross_amount TYPE numeric(38,18);
