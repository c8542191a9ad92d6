-- name: listHoldings :many
-- A page of what a portfolio holds after an instrument, with what it held once if asked.
-- param: after_id Instrument.ID
SELECT h.instrument_id, i.symbol, i.name, h.quantity, h.currency, h.cost_basis, h.basis_fees, h.average_cost,
    h.realized_gain, h.income, h.fees
FROM portfolios.portfolio_holdings h
JOIN market.instruments i ON i.id = h.instrument_id
WHERE h.user_id = :user_id AND h.portfolio_id = :portfolio_id AND h.instrument_id > :after_id
    AND (h.quantity > 0 OR :include_closed)
ORDER BY h.instrument_id
LIMIT :row_limit;

-- name: findHoldings :many
-- The holdings of some instruments in a portfolio.
-- param: instrument_ids [Instrument.ID]
SELECT user_id, portfolio_id, instrument_id, quantity, currency, cost_basis, basis_fees, average_cost,
    realized_gain, income, fees, lot_restatements, capital_returned, repaid_quantity, latest_at, created_at,
    updated_at
FROM portfolios.portfolio_holdings
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = ANY (:instrument_ids::uuid[]);

-- name: countLotRestatements :one
-- How often splits changed an open lot of a portfolio.
SELECT coalesce(sum(lot_restatements), 0) AS total
FROM portfolios.portfolio_holdings
WHERE user_id = :user_id AND portfolio_id = :portfolio_id;

-- name: measureHistory :one
-- How much a replay of a portfolio is: its transactions, counted up to a bound, and how often splits
-- changed an open lot.
SELECT (
        SELECT count(*)
        FROM (
            SELECT 1
            FROM portfolios.transactions t
            WHERE t.user_id = :user_id AND t.portfolio_id = :portfolio_id
            LIMIT :bound
        ) AS counted
    ) AS transactions, (
        SELECT coalesce(sum(h.lot_restatements), 0)
        FROM portfolios.portfolio_holdings h
        WHERE h.user_id = :user_id AND h.portfolio_id = :portfolio_id
    ) AS restatements;

-- name: storeHoldings :exec
-- Writes holdings as they now stand, whether they are new or known.
-- rows: StoredHolding
INSERT INTO portfolios.portfolio_holdings (
    user_id, portfolio_id, instrument_id, quantity, currency, cost_basis, basis_fees, average_cost, realized_gain,
    income, fees, lot_restatements, capital_returned, repaid_quantity, latest_at, created_at, updated_at)
SELECT :user_id, :portfolio_id, holding.instrument_id, holding.quantity, holding.currency, holding.cost_basis,
    holding.basis_fees, holding.average_cost, holding.realized_gain, holding.income, holding.fees,
    holding.lot_restatements, holding.capital_returned, holding.repaid_quantity, holding.latest_at, :now, :now
FROM unnest(
    :instrument_ids::uuid[], :quantities::numeric[], :currencies::text[], :cost_bases::numeric[],
    :basis_fees::numeric[], :average_costs::numeric[], :realized_gains::numeric[], :incomes::numeric[],
    :fees::numeric[], :lot_restatements::int[], :capital_returned::numeric[], :repaid_quantities::numeric[],
    :latest_at::timestamptz[]
) AS holding (
    instrument_id, quantity, currency, cost_basis, basis_fees, average_cost, realized_gain, income, fees,
    lot_restatements, capital_returned, repaid_quantity, latest_at)
ON CONFLICT ON CONSTRAINT portfolio_holdings_pkey DO UPDATE
SET quantity = excluded.quantity, currency = excluded.currency, cost_basis = excluded.cost_basis, basis_fees = excluded.basis_fees,
    average_cost = excluded.average_cost, realized_gain = excluded.realized_gain, income = excluded.income,
    fees = excluded.fees, lot_restatements = excluded.lot_restatements,
    capital_returned = excluded.capital_returned, repaid_quantity = excluded.repaid_quantity,
    latest_at = excluded.latest_at, updated_at = excluded.updated_at;
