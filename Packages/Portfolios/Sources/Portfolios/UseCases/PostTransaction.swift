import DatabaseClient
import EventLog
import ExactTypes
import PortfoliosContract
import SharedTypes

/// Posts a transaction to a portfolio. Throws `.archived`, and what ``Ledger/record(_:)`` throws.
func postTransaction(
    _ new: PortfoliosAPI.NewTransaction, to portfolioID: Portfolio.ID, events: EventLog,
    in context: OperationContext
) async throws -> TransactionDetail {
    let ledger = try await Ledger.open(portfolioID, events: events, in: context)
    let draft = try await ledger.draft(new)
    return try await ledger.record(LedgerChange(posts: [draft])).detail(of: draft)
}

extension Ledger {
    /// Completes what a client states: finds the instrument, and works out the amounts that follow from others.
    func draft(_ new: PortfoliosAPI.NewTransaction) async throws -> TransactionDraft {
        if let reason = LedgerTransaction.reasonAgainst(new.executedAt, now: now) {
            throw FieldError(field: "executed_at", reason: reason)
        }
        try new.checkFigures()
        let (split, fees) = (try new.split(), try new.feesInCurrency())
        let (unitPrice, grossAmount) = try new.amounts()
        let instrument = try await resolveInstrument(of: new)
        guard let currency = instrument?.currency ?? new.currency?.currency else {
            throw FieldError(field: "currency", reason: "is required")
        }
        do {
            let draft = try TransactionDraft(
                LedgerTransaction(
                    id: .version7(at: now), type: new.type, instrumentID: instrument?.id,
                    quantity: new.quantity, unitPrice: unitPrice, grossAmount: grossAmount,
                    currency: currency, executedAt: new.executedAt,
                    lots: (new.lots ?? []).map { .init(lot: $0.openedBy, quantity: $0.quantity) }),
                fees: fees, fxRate: new.fxRate, split: split, note: new.note,
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

/// What follows from the figures of a request; what the document says of each of them is checked already.
extension PortfoliosAPI.NewTransaction {
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

    fileprivate func split() throws(FieldError) -> TransactionDraft.SplitCounts? {
        guard splitFrom != nil || splitTo != nil else { return nil }
        guard let splitFrom else {
            throw FieldError(field: "split_from", reason: "is required with split_to")
        }
        guard let splitTo else { throw FieldError(field: "split_to", reason: "is required with split_from") }
        guard splitFrom != splitTo else {
            throw FieldError(field: "split_to", reason: "must differ from split_from")
        }
        return TransactionDraft.SplitCounts(from: splitFrom, to: splitTo)
    }

    fileprivate func feesInCurrency() throws(FieldError) -> [TransactionDraft.Fee] {
        var fees: [TransactionDraft.Fee] = []
        for (index, fee) in (self.fees ?? []).enumerated() {
            let amount = try inCurrency("fees[\(index)].amount", fee.amount)
            fees.append(TransactionDraft.Fee(kind: fee.kind, amount: amount))
        }
        return fees
    }

    /// The unit price and the amount before fees: of a trade each follows from the other. An amount that is given
    /// stands as it is, since a unit price made from it is rounded.
    fileprivate func amounts() throws(FieldError) -> (unitPrice: FixedDecimal?, gross: FixedDecimal) {
        let unitPrice = try unitPrice.map { price throws(FieldError) in try inCurrency("unit_price", price) }
        let amount = try amount.map { amount throws(FieldError) in try inCurrency("amount", amount) }
        do throws(ArithmeticError) {
            if let quantity, let unitPrice {
                return (unitPrice, try LedgerTransaction.gross(quantity: quantity, unitPrice: unitPrice))
            }
            guard let quantity, let amount else { return (nil, amount ?? .zero) }
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

    /// An amount in the currency, which the client may have given in pence. Where nothing is said of it, it is as the
    /// instrument is quoted.
    private func inCurrency(_ field: String, _ amount: FixedDecimal) throws(FieldError) -> FixedDecimal {
        guard let unit = currency ?? instrument?.currency else { return amount }
        return try FieldError.checked(field, amount, unit.amount(of:))
    }
}
