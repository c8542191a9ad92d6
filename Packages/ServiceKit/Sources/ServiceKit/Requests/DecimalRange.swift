import ExactTypes

/// Which decimals a field admits.
public struct DecimalRange: Sendable {
    let reason: String
    let contains: @Sendable (FixedDecimal) -> Bool

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
