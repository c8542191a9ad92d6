/// An amount in one currency. Amounts of two currencies never meet without an exchange rate.
public struct Money: Sendable, Hashable, Codable {
    /// How much, in the currency's main unit: 12.5 is twelve dollars and fifty cents.
    public let amount: FixedDecimal
    /// The currency of the amount.
    public let currency: Currency

    /// An amount in a currency.
    public init(amount: FixedDecimal, currency: Currency) {
        self.amount = amount
        self.currency = currency
    }

    /// The exact sum; throws `.currencyMismatch` and `.overflow`.
    public static func + (left: Money, right: Money) throws(ArithmeticError) -> Money {
        guard left.currency == right.currency else { throw .currencyMismatch }
        return Money(amount: try left.amount + right.amount, currency: left.currency)
    }

    /// The exact difference; throws `.currencyMismatch` and `.overflow`.
    public static func - (left: Money, right: Money) throws(ArithmeticError) -> Money {
        try left + -right
    }

    /// The amount with the other sign.
    public static prefix func - (money: Money) -> Money {
        Money(amount: -money.amount, currency: money.currency)
    }
}

extension Money: CustomStringConvertible {
    /// The amount and the code: "12.5 USD".
    public var description: String { "\(amount) \(currency)" }
}
