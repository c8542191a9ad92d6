/// Which decimals a field admits.
public struct DecimalRange: Sendable {
    /// What is said of a decimal outside the range; it goes on after the field's name.
    public let reason: String
    private let isInRange: @Sendable (FixedDecimal) -> Bool

    private init(reason: String, _ isInRange: @escaping @Sendable (FixedDecimal) -> Bool) {
        self.reason = reason
        self.isInRange = isInRange
    }

    /// Whether the range has the decimal.
    public func contains(_ decimal: FixedDecimal) -> Bool { isInRange(decimal) }

    /// Every decimal.
    public static let any = DecimalRange(reason: "") { _ in true }
    /// More than zero.
    public static let positive = DecimalRange(reason: "must be more than zero") { $0.isPositive }
    /// Zero or more.
    public static let nonNegative = DecimalRange(reason: "must not be negative") { !$0.isNegative }

    /// From the lower to the upper bound, both included.
    public static func between(_ lower: FixedDecimal, _ upper: FixedDecimal) -> DecimalRange {
        DecimalRange(reason: "must be from \(lower) to \(upper)") { $0 >= lower && $0 <= upper }
    }
}
