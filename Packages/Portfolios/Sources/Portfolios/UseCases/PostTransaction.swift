import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// A transaction as a client states it.
struct NewTransaction: Sendable {
    let type: TransactionType
    let instrument: InstrumentReference?
    let quantity: Quantity?
    let unitPrice: FixedDecimal?
    let amount: FixedDecimal?
    let currency: Currency?
    let fxRate: ExchangeRate?
    let split: TransactionDraft.SplitCounts?
    let executedAt: Date
    let fees: [TransactionDraft.Fee]
    let lots: [LedgerTransaction.LotSelection]
    let note: String?
}

/// Posts a transaction to a portfolio. Throws `.archived`, and what ``Ledger/record(_:)`` throws.
func postTransaction(
    _ new: NewTransaction, to portfolioID: Portfolio.ID, events: EventLog, in context: OperationContext
) async throws -> TransactionDetail {
    let ledger = try await Ledger.open(portfolioID, events: events, in: context)
    let draft = try await ledger.draft(new)
    return try await ledger.record(LedgerChange(posts: [draft])).detail(of: draft)
}

extension Ledger {
    /// Completes what a client states: finds the instrument, and works out the amounts that follow from others.
    func draft(_ new: NewTransaction) async throws -> TransactionDraft {
        if let reason = LedgerTransaction.reasonAgainst(new.executedAt, now: now) {
            throw FieldError(field: "executed_at", reason: reason)
        }
        try new.checkFigures()
        var instrument: InstrumentSummary?
        var currency = new.currency
        if let reference = new.instrument {
            let found = try await resolveInstrument(
                reference, currency: currency, of: userID, in: transaction, at: now)
            instrument = found
            currency = found.currency
        }
        guard let currency else { throw FieldError(field: "currency", reason: "is required") }
        let (unitPrice, grossAmount) = try new.amounts()
        do {
            let draft = try TransactionDraft(
                LedgerTransaction(
                    id: .version7(at: now), type: new.type, instrumentID: instrument?.id,
                    quantity: new.quantity, unitPrice: unitPrice, grossAmount: grossAmount,
                    currency: currency, executedAt: new.executedAt, lots: new.lots),
                fees: new.fees, fxRate: new.fxRate, split: new.split, note: new.note,
                isInstrumentShared: instrument?.isShared)
            try draft.entry.validate(tracksCash: portfolio.tracksCash)
            return draft
        } catch let fault as LedgerFault {
            throw PortfoliosError.refused(fault)
        } catch is ArithmeticError {
            throw PortfoliosError.outOfRange(field: "split_to")
        }
    }
}

extension NewTransaction {
    /// Refuses figures that the type cannot mean; what a type needs, the rules ask for.
    fileprivate func checkFigures() throws(FieldError) {
        switch type {
        case .deposit, .withdrawal, .interest, .fee, .split:
            if quantity != nil { throw FieldError(field: "quantity", reason: "does not belong to this type") }
            if unitPrice != nil {
                throw FieldError(field: "unit_price", reason: "does not belong to this type")
            }
        case .transferIn, .adjustment:
            if unitPrice == nil && amount == nil {
                throw FieldError(
                    field: "amount", reason: "is required, or unit_price: what the quantity had cost")
            }
        case .buy, .sell, .dividend, .transferOut, .returnOfCapital: break
        }
        if type == .split && amount != nil {
            throw FieldError(field: "amount", reason: "does not belong to this type")
        }
        if unitPrice != nil && quantity == nil {
            throw FieldError(field: "quantity", reason: "is required with unit_price")
        }
        if unitPrice != nil && amount != nil {
            throw FieldError(
                field: "amount", reason: "follows from quantity and unit_price; give one of the two")
        }
    }

    /// The unit price and the amount before fees: of a trade each follows from the other. An amount that is given
    /// stands as it is, since a unit price made from it is rounded.
    fileprivate func amounts() throws(FieldError) -> (unitPrice: FixedDecimal?, gross: FixedDecimal) {
        do throws(ArithmeticError) {
            if let quantity, let unitPrice {
                return (unitPrice, try LedgerTransaction.gross(quantity: quantity, unitPrice: unitPrice))
            }
            guard let quantity, let amount, quantity.isPositive else { return (nil, amount ?? .zero) }
            let price = try amount.divided(by: quantity)
            if price.isPositive || !amount.isPositive { return (price, amount) }
        } catch {
            throw FieldError(
                field: unitPrice == nil ? "quantity" : "unit_price",
                reason: "leads to a figure beyond twenty digits before the point")
        }
        // A price of 0 would be another statement than the amount's.
        throw FieldError(
            field: "quantity", reason: "leads to a unit price that has no digit in the first 18 decimals")
    }
}
