import ExactTypes

extension LedgerTransaction {
    /// Quantity times unit price, rounded half-even once, which is the gross amount of a trade.
    static func gross(quantity: Quantity, unitPrice: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        try quantity.multiplied(by: unitPrice)
    }

    /// The units that move; above zero.
    func units() throws(LedgerFault) -> Quantity {
        guard let quantity, quantity.isPositive else {
            throw LedgerFault(self, .field("quantity", "must be greater than 0"))
        }
        return quantity
    }

    /// The fees together, which are part of the cost basis and so have the transaction's currency.
    func feesOfTrade() throws(LedgerFault) -> FixedDecimal {
        var total = FixedDecimal.zero
        for fee in fees {
            guard fee.currency == currency else {
                throw LedgerFault(self, .field("fee", "must be in the currency of the transaction"))
            }
            total = try checked { () throws(ArithmeticError) in try total + fee.amount }
        }
        return total
    }
}
