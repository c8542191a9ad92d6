-- name: listOpenLots :many
-- The lots of an instrument that are not used up, in the order in which they were opened.
SELECT user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, created_at, updated_at
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = :instrument_id AND remaining > 0
ORDER BY opened_at, id;

-- name: listLots :many
-- A page of lots by instrument, the oldest first, after an instrument, moment and id.
-- param: after_instrument_id Instrument.ID
-- param: after_id Lot.ID
SELECT id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost, remaining_cost, fees,
    remaining_fees
FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id
    AND (instrument_id, opened_at, id) > (:after_instrument_id, :after_at, :after_id)
    /*? AND instrument_id = :instrument_id */
    AND (remaining > 0 OR :include_closed)
ORDER BY instrument_id, opened_at, id
LIMIT :row_limit;

-- name: storeLots :exec
-- Writes lots as they now stand, whether they are new or known.
-- rows: StoredLot
INSERT INTO portfolios.lots (
    user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
    remaining_cost, fees, remaining_fees, created_at, updated_at)
SELECT :user_id, lot.id, :portfolio_id, lot.instrument_id, lot.opened_by, lot.opened_at, lot.quantity,
    lot.remaining, lot.currency, lot.cost, lot.remaining_cost, lot.fees, lot.remaining_fees, :now, :now
FROM unnest(
    :ids::uuid[], :instrument_ids::uuid[], :opened_by::uuid[], :opened_at::timestamptz[],
    :quantities::numeric[], :remaining::numeric[], :currencies::text[], :costs::numeric[],
    :remaining_costs::numeric[], :fees::numeric[], :remaining_fees::numeric[]
) AS lot (
    id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost, remaining_cost, fees,
    remaining_fees)
ON CONFLICT ON CONSTRAINT lots_pkey DO UPDATE
SET quantity = excluded.quantity, remaining = excluded.remaining, cost = excluded.cost,
    remaining_cost = excluded.remaining_cost, fees = excluded.fees, remaining_fees = excluded.remaining_fees,
    updated_at = excluded.updated_at;

-- name: deleteLots :exec
-- Forgets the lots of instruments, and their closures with them, before a replay writes them anew.
-- param: instrument_ids [Instrument.ID]
DELETE FROM portfolios.lots
WHERE user_id = :user_id AND portfolio_id = :portfolio_id AND instrument_id = ANY (:instrument_ids::uuid[]);

-- name: insertLotClosures :exec
-- Cost that left lots, and what came for it.
-- rows: NewLotClosure
INSERT INTO portfolios.lot_closures (
    user_id, id, portfolio_id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees, cost, cost_fees,
    realized_gain, created_at)
SELECT :user_id, closure.id, :portfolio_id, closure.lot_id, closure.closed_by, closure.closed_at,
    closure.kind, closure.quantity, closure.proceeds, closure.sale_fees, closure.cost, closure.cost_fees,
    closure.realized_gain, :now
FROM unnest(
    :ids::uuid[], :lot_ids::uuid[], :closed_by::uuid[], :closed_at::timestamptz[],
    :kinds::portfolios.closure_kind[], :quantities::numeric[], :proceeds::numeric[], :sale_fees::numeric[],
    :costs::numeric[], :cost_fees::numeric[], :realized_gains::numeric[]
) AS closure (
    id, lot_id, closed_by, closed_at, kind, quantity, proceeds, sale_fees, cost, cost_fees, realized_gain);

-- name: listGains :many
-- A page of closures before a moment and id, the latest first.
-- param: before_id LotClosure.ID
SELECT c.id, l.instrument_id, c.lot_id, l.opened_by, l.opened_at, c.closed_by, c.closed_at, c.kind, c.quantity,
    l.currency, c.proceeds, c.sale_fees, c.cost, c.cost_fees, c.realized_gain
FROM portfolios.lot_closures c
JOIN portfolios.lots l ON l.user_id = c.user_id AND l.portfolio_id = c.portfolio_id AND l.id = c.lot_id
WHERE c.user_id = :user_id AND c.portfolio_id = :portfolio_id
    AND c.closed_at >= :from_at AND (c.closed_at, c.id) < (:before_at, :before_id)
    /*? AND l.instrument_id = :instrument_id */
ORDER BY c.closed_at DESC, c.id DESC
LIMIT :row_limit;
