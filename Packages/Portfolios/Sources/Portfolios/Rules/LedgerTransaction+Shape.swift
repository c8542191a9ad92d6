import ExactTypes
import Foundation
import SharedTypes

extension LedgerTransaction {
    /// Whether a type moves units of an instrument, and which figures it therefore needs.
    private enum Shape {
        case money
        case income
        case trade
        case units
        case split
    }

    private var shape: Shape {
        switch type {
        case .deposit, .withdrawal, .interest, .fee: .money
        case .dividend, .returnOfCapital: .income
        case .buy, .sell: .trade
        case .transferIn, .transferOut, .adjustment: .units
        case .split: .split
        }
    }

    /// Refuses a transaction that lacks what its type needs, or says what its type cannot mean.
    ///
    /// Throws a `LedgerFault` that names the field, as the HTTP interface and the import formats call it.
    func validate(tracksCash: Bool) throws(LedgerFault) {
        try requireAmounts()
        switch shape {
        case .money:
            try refuse(
                instrumentID != nil && (type == .deposit || type == .withdrawal), "instrument_id",
                "does not belong to this type")
            try refuse(!grossAmount.isPositive, "amount", "must be greater than 0")
            try refuse(
                !tracksCash && type != .fee && type != .interest, "type", "needs a portfolio that tracks cash"
            )
        case .income:
            try refuse(instrumentID == nil, "instrument_id", "is required")
            try refuse(!grossAmount.isPositive, "amount", "must be greater than 0")
        case .trade:
            try requireUnits()
            try refuse(unitPrice == nil, "unit_price", "is required")
        case .units:
            try requireUnits()
        case .split:
            try refuse(instrumentID == nil, "instrument_id", "is required")
            guard let split else { throw fault("split_to", "is required, with split_from") }
            try refuse(!split.to.isPositive, "split_to", "must be greater than 0")
            try refuse(!split.from.isPositive, "split_from", "must be greater than 0")
            try refuse(split.to == split.from, "split_to", "must differ from split_from")
            try refuse(!fees.isEmpty, "fee", "does not belong to a split")
        }
        try refuse(split != nil && type != .split, "split_to", "belongs to a split only")
        try refuse(!lots.isEmpty && type != .sell && type != .transferOut, "lots", "belong to a sale only")
    }

    private func requireAmounts() throws(LedgerFault) {
        try refuse(grossAmount.isNegative, "amount", "must not be negative")
        try refuse(unitPrice?.isNegative == true, "unit_price", "must not be negative")
        for fee in fees {
            try refuse(fee.amount.isNegative, "fee", "must not be negative")
            // Fees are part of the cost basis, which has one currency; no rate of another one is known here.
            try refuse(fee.currency != currency, "fee", "must be in the currency of the transaction")
        }
    }

    private func requireUnits() throws(LedgerFault) {
        try refuse(instrumentID == nil, "instrument_id", "is required")
        guard let quantity else { throw fault("quantity", "is required") }
        try refuse(!quantity.isPositive, "quantity", "must be greater than 0")
    }

    private func refuse(_ wrong: Bool, _ field: String, _ reason: String) throws(LedgerFault) {
        if wrong { throw fault(field, reason) }
    }

    private func fault(_ field: String, _ reason: String) -> LedgerFault {
        LedgerFault(self, .field(field, reason))
    }

    /// Why nothing can have been executed then; nil where it can. One day ahead is let pass: clocks differ, and a
    /// broker's day may have begun where ours has not.
    static func reasonAgainst(_ executedAt: Date, now: Date) -> String? {
        if executedAt < Date(timeIntervalSince1970: -2_208_988_800) { return "must not be before 1900" }
        return executedAt > now.addingTimeInterval(.days(1)) ? "must not be more than a day from now" : nil
    }
}
