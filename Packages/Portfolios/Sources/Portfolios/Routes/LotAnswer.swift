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

    init(_ row: ListLotsRow) {
        id = row.id
        instrumentID = row.instrumentID
        openedBy = row.openedBy
        openedAt = row.openedAt
        quantity = row.quantity
        remaining = row.remaining
        currency = row.currency
        cost = row.cost
        remainingCost = row.remainingCost
        fees = row.fees
        remainingFees = row.remainingFees
    }
}

/// A realized gain as the contract shows it.
struct GainAnswer: Encodable {
    let id: LotClosure.ID
    let instrumentID: Instrument.ID
    let lotID: Lot.ID
    let openedBy: Transaction.ID
    let openedAt: Date
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
