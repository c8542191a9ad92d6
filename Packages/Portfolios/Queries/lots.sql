-- name: listOpenLots :many
-- The lots of an instrument that are not used up, in the order in which they were opened: what a split restates.
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis, capital_returned, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
ORDER BY opened_at, id;

-- name: listOldestLots :many
-- Some of them, the oldest first.
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis, capital_returned, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
ORDER BY opened_at, id
LIMIT :row_limit OFFSET :row_offset;

-- name: listNewestLots :many
-- The same, the newest first.
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis, capital_returned, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
ORDER BY opened_at DESC, id DESC
LIMIT :row_limit OFFSET :row_offset;

-- name: listDearestLots :many
-- Those that are not repaid, the dearest first, of equal ones the oldest.
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis AS "unit_basis?", capital_returned, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
    AND unit_basis > 0
ORDER BY unit_basis DESC, opened_at, id
LIMIT :row_limit OFFSET :row_offset;

-- name: listCheapestLots :many
-- The same from the other end: what a return of capital may repay.
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis AS "unit_basis?", capital_returned, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
    AND unit_basis > 0
ORDER BY unit_basis, opened_at DESC, id DESC
LIMIT :row_limit OFFSET :row_offset;

-- name: listRepaidLots :many
-- Those whose cost has come back, the oldest first.
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis AS "unit_basis?", capital_returned, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
    AND unit_basis = 0
ORDER BY opened_at, id
LIMIT :row_limit OFFSET :row_offset;

-- name: findOpenLots :many
-- The lots that a sale names, as far as they are not used up. A lot has the id of the transaction that opened it.
-- param: lot_ids [Lot.ID]
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis, capital_returned, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
    AND id = ANY (:lot_ids::uuid[]);

-- name: listLots :many
-- A page of lots by instrument, the oldest first, after an instrument, moment and id, and by what they stand.
-- param: after_instrument_id Instrument.ID
-- param: after_id Lot.ID
SELECT l.id, l.instrument_id, l.opened_by, l.opened_at, l.quantity, l.remaining, l.currency, l.cost,
    l.remaining_cost, l.fees, l.remaining_fees, l.unit_basis, l.capital_returned, h.quantity AS held_quantity,
    h.cost_basis AS held_cost, h.basis_fees AS held_fees, h.capital_returned AS held_capital_returned
FROM portfolios.lots l
JOIN portfolios.portfolio_holdings h
    ON h.user_id = l.user_id AND h.portfolio_id = l.portfolio_id AND h.instrument_id = l.instrument_id
WHERE l.user_id = :user_id AND l.portfolio_id = :portfolio_id
    AND (l.instrument_id, l.opened_at, l.id) > (:after_instrument_id, :after_at, :after_id)
    /*? AND l.instrument_id = :instrument_id */
    AND (l.remaining > 0 OR :include_closed)
ORDER BY l.instrument_id, l.opened_at, l.id
LIMIT :row_limit;

-- name: storeLots :exec
-- Writes lots as they now stand, whether they are new or known.
-- rows: StoredLot
INSERT INTO portfolios.lots (
    user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, unit_basis, capital_returned, created_at, updated_at)
SELECT :user_id, lot.id, :portfolio_id, lot.instrument_id, lot.opened_by, lot.opened_at, lot.quantity,
    lot.remaining, lot.currency, lot.cost, lot.remaining_cost, lot.fees, lot.remaining_fees, lot.unit_basis,
    lot.capital_returned, :now, :now
FROM unnest(
    :ids::uuid[], :instrument_ids::uuid[], :opened_by::uuid[], :opened_at::timestamptz[],
    :quantities::numeric[], :remaining::numeric[], :currencies::text[], :costs::numeric[],
    :remaining_costs::numeric[], :fees::numeric[], :remaining_fees::numeric[], :unit_bases::numeric[],
    :capital_returned::numeric[]
) AS lot (
    id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost, remaining_cost, fees,
    remaining_fees, unit_basis, capital_returned)
ON CONFLICT ON CONSTRAINT lots_pkey DO UPDATE
SET quantity = excluded.quantity, remaining = excluded.remaining, cost = excluded.cost,
    remaining_cost = excluded.remaining_cost, fees = excluded.fees, remaining_fees = excluded.remaining_fees,
    unit_basis = excluded.unit_basis, capital_returned = excluded.capital_returned, updated_at = excluded.updated_at;

-- name: deleteLots :exec
-- Forgets the lots of instruments before a replay writes them anew.
-- param: instrument_ids [Instrument.ID]
DELETE FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = ANY (:instrument_ids::uuid[]);

-- name: deleteLotClosures :exec
-- Forgets what closed lots of instruments, and the capital that came back on them, before a replay writes it anew.
-- param: instrument_ids [Instrument.ID]
DELETE FROM portfolios.lot_closures
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = ANY (:instrument_ids::uuid[]);

-- name: insertLotClosures :exec
-- Cost that left lots, and what came for it.
-- RETURNING 1: a Citus cluster would COPY the rows, which row-level security refuses.
-- rows: NewLotClosure
INSERT INTO portfolios.lot_closures (
    user_id, id, portfolio_id, instrument_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees, cost,
    cost_fees, realized_gain, created_at)
SELECT :user_id, closure.id, :portfolio_id, closure.instrument_id, closure.lot_id, closure.closed_by,
    closure.closed_at, closure.kind, closure.quantity, closure.proceeds, closure.sale_fees, closure.cost,
    closure.cost_fees, closure.realized_gain, :now
FROM unnest(
    :ids::uuid[], :instrument_ids::uuid[], :lot_ids::uuid[], :closed_by::uuid[], :closed_at::timestamptz[],
    :kinds::portfolios.closure_kind[], :quantities::numeric[], :proceeds::numeric[], :sale_fees::numeric[],
    :costs::numeric[], :cost_fees::numeric[], :realized_gains::numeric[]
) AS closure (
    id, instrument_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees, cost, cost_fees,
    realized_gain)
RETURNING 1;

-- name: listGains :many
-- A page of closures before a moment and id, the latest first.
-- param: before_id LotClosure.ID
SELECT c.id, c.instrument_id, c.lot_id, l.opened_by, l.opened_at, c.closed_by,
    c.closed_at, c.kind, c.quantity, h.currency, c.proceeds, c.sale_fees, c.cost, c.cost_fees, c.realized_gain
FROM portfolios.lot_closures c
JOIN portfolios.portfolio_holdings h
    ON h.user_id = c.user_id AND h.portfolio_id = c.portfolio_id AND h.instrument_id = c.instrument_id
LEFT JOIN portfolios.lots l ON l.user_id = c.user_id AND l.portfolio_id = c.portfolio_id AND l.id = c.lot_id
WHERE c.user_id = :user_id AND c.portfolio_id = :portfolio_id
    AND c.closed_at >= :from_at AND (c.closed_at, c.id) < (:before_at, :before_id)
    /*? AND c.instrument_id = :instrument_id */
ORDER BY c.closed_at DESC, c.id DESC
LIMIT :row_limit;
