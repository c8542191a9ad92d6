import ExactTypes
import Foundation
import SharedTypes

/// A lot as the contract shows it.
struct LotAnswer: Encodable {
    let id: Lot.ID
    let instrumentID: Instrument.ID
    let openedBy: Transaction.ID
    let openedAt: Date
    let quantity: FixedDecimal
    let remaining: FixedDecimal
    let currency: Currency
    let cost: FixedDecimal
    let remainingCost: FixedDecimal
    let fees: FixedDecimal
    let remainingFees: FixedDecimal

    init(_ listed: ListedLot) {
        id = listed.id
        instrumentID = listed.instrumentID
        openedBy = listed.lot.openedBy
        openedAt = listed.lot.openedAt
        quantity = listed.lot.quantity
        remaining = listed.lot.remaining
        currency = listed.currency
        cost = listed.lot.cost
        remainingCost = listed.lot.remainingCost
        fees = listed.lot.fees
        remainingFees = listed.lot.remainingFees
    }
}

/// A realized gain as the contract shows it.
struct GainAnswer: Encodable {
    let id: LotClosure.ID
    let instrumentID: Instrument.ID
    let lotID: Lot.ID?
    let openedBy: Transaction.ID?
    let openedAt: Date?
    let closedBy: Transaction.ID
    let closedAt: Date
    let kind: ClosureKind
    let quantity: FixedDecimal
    let currency: Currency
    let proceeds: FixedDecimal
    let saleFees: FixedDecimal
    let cost: FixedDecimal
    let costFees: FixedDecimal
    let realizedGain: FixedDecimal

    init(_ row: ListGainsRow) {
        id = row.id
        instrumentID = row.instrumentID
        lotID = row.lotID
        openedBy = row.openedBy
        openedAt = row.openedAt
        closedBy = row.closedBy
        closedAt = row.closedAt
        kind = row.kind
        quantity = row.quantity
        currency = row.currency
        proceeds = row.proceeds
        saleFees = row.saleFees
        cost = row.cost
        costFees = row.costFees
        realizedGain = row.realizedGain
    }
}
