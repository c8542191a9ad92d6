public import ExactTypes

/// A figure of a file.
public struct Figure: Sendable, Hashable {
    /// The value, rounded half to even to the decimals that are kept.
    public let value: FixedDecimal
    /// Whether it had more decimals than are kept.
    public let isRounded: Bool
    /// How many decimals of the value the text gives: 2 for "12.50", and for 1250 pence.
    public let decimals: Int
}

/// How a file writes its figures.
///
/// Digits with a decimal mark; thousands marks (point, comma, space, apostrophe) that stand where they
/// belong; a minus before or behind, or parentheses around a negative figure; an exponent; a currency's sign
/// or code beside an amount. A percentage is refused.
public struct FigureFormat: Sendable, Hashable {
    /// What stands before the decimals.
    public enum DecimalMark: String, Sendable, CaseIterable {
        case point, comma
    }

    public let decimalMark: DecimalMark

    public init(decimalMark: DecimalMark) { self.decimalMark = decimalMark }

    /// A number of something that is no money.
    public func number(_ text: String) throws(ParseError) -> Figure {
        try figure(
            text,
            unitDecimals: { mark throws(ParseError) in
                guard mark.isEmpty else { throw ParseError(reason: "is not a number") }
                return 0
            })
    }

    /// An amount of money, in the currency. A figure beside which another currency stands is refused.
    ///
    /// - Parameter unit: what the figures are counted in where none stands beside them; nil where it is not known.
    public func amount(_ text: String, in unit: CurrencyUnit?) throws(ParseError) -> Figure {
        try figure(
            text,
            unitDecimals: { mark throws(ParseError) in
                guard !mark.isEmpty else { return unit?.decimals ?? 0 }
                return try CurrencyMark(mark).decimals(of: unit)
            })
    }

    /// A rate of exchange, of so many units of 10^-decimals.
    public func rate(
        _ text: String, from base: CurrencyUnit, to quote: CurrencyUnit
    ) throws(ParseError) -> (rate: ExchangeRate, isRounded: Bool) {
        // Of pence one is paid for a hundredth of what a pound is paid for.
        let read = try units(text, scale: ExchangeRate.scale) { mark throws(ParseError) in
            guard mark.isEmpty else { throw ParseError(reason: "is not a number") }
            return quote.decimals - base.decimals
        }
        guard read.units > 0 else {
            throw ParseError(reason: read.isRounded && read.units == 0 ? "is too small" : "is not above zero")
        }
        guard let rate = try? ExchangeRate(units: read.units) else {
            throw ParseError(reason: "is too large")
        }
        return (rate, read.isRounded)
    }

    /// Whether a text is a number as programs write it: no mark but a decimal point, no sign but a minus
    /// before it.
    public static func isPlain(_ text: String) -> Bool {
        (try? PlainFigure(text)) != nil
    }

    /// What a figure is in this format, whatever currency stands beside it; empty for what is none.
    func reading(of text: String) -> String {
        (try? figure(text) { _ in 0 }.value.description) ?? ""
    }

    private func figure(
        _ text: String, unitDecimals: (String) throws(ParseError) -> Int
    ) throws(ParseError) -> Figure {
        let read = try units(text, scale: FixedDecimal.scale, unitDecimals: unitDecimals)
        guard read.units != 0 || !read.isRounded else { throw ParseError(reason: "is too small") }
        guard let value = try? FixedDecimal(units: read.units) else {
            throw ParseError(reason: "is too large")
        }
        return Figure(value: value, isRounded: read.isRounded, decimals: read.decimals)
    }

    /// The figure in units of 10^-scale, by what stands beside it.
    private func units(
        _ text: String, scale: Int, unitDecimals: (String) throws(ParseError) -> Int
    ) throws(ParseError) -> (units: Int128, isRounded: Bool, decimals: Int) {
        let (digits, exponent, isNegative, currency) = try parts(of: text)
        let shift = exponent - (try unitDecimals(currency))
        let (units, isRounded) = try Self.shifted(digits, by: shift + scale)
        // Below 10^38, which fits with a sign.
        return (isNegative ? -Int128(units) : Int128(units), isRounded, max(0, -shift))
    }

    /// The figure as digits × 10^exponent.
    private func parts(
        of text: String
    ) throws(ParseError) -> (digits: UInt128, exponent: Int, isNegative: Bool, currency: String) {
        // Most files are written by programs, and this reads them several times faster.
        if decimalMark == .point, let plain = try? PlainFigure(text) {
            return (plain.digits, plain.exponent, plain.isNegative, "")
        }
        let shape = try FigureShape(text)
        guard let decimals = shape.decimals(behind: decimalMark) else {
            let isOther = DecimalMark.allCases.contains { shape.decimals(behind: $0) != nil }
            throw ParseError(
                reason: isOther
                    ? "is not a number with a decimal \(decimalMark)" : "is not a number")
        }
        return (shape.digits, shape.exponent - decimals, shape.isNegative, shape.currency)
    }

    /// `digits × 10^shift`, rounded half to even. The digits are below 10^38, and so is the answer.
    private static func shifted(
        _ digits: UInt128, by shift: Int
    ) throws(ParseError) -> (units: UInt128, isRounded: Bool) {
        if digits == 0 { return (0, false) }
        if shift >= 0 {
            var units = digits
            for _ in 0..<shift {
                guard units < largestPower / 10 else { throw ParseError(reason: "is too large") }
                units *= 10
            }
            return (units, false)
        }
        // By 39 places and more, less than a tenth is left.
        guard shift > -39 else { return (0, true) }
        var divisor: UInt128 = 1
        for _ in 0..<(-shift) { divisor *= 10 }
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: divisor)
        let rest = divisor - remainder
        let isUp = remainder > rest || (remainder == rest && !quotient.isMultiple(of: 2))
        return (isUp ? quotient + 1 : quotient, remainder != 0)
    }

    /// 10^38, the most that 128 bits hold with room for a sign.
    private static let largestPower: UInt128 = 100_000_000_000_000_000_000_000_000_000_000_000_000
}

/// A number as programs write it: "-104.0599975585938", "2.23519e+07".
private struct PlainFigure {
    let digits: UInt128
    let exponent: Int
    let isNegative: Bool

    private struct NotPlain: Error {}

    init(_ text: String) throws {
        var digits: UInt128 = 0
        var (digitCount, significantCount, decimals) = (0, 0, 0)
        var (exponent, exponentDigits) = (0, 0)
        var (isNegative, isExponentNegative) = (false, false)
        var part = Part.start
        for byte in text.utf8 {
            switch (part, byte) {
            case (.start, UInt8(ascii: "-")):
                isNegative = true
                part = .whole
            case (.start, UInt8(ascii: ".")), (.whole, UInt8(ascii: ".")):
                part = .decimals
            case (.start, Self.digit), (.whole, Self.digit), (.decimals, Self.digit):
                if part == .decimals { decimals += 1 } else { part = .whole }
                digitCount += 1
                if significantCount > 0 || byte != UInt8(ascii: "0") { significantCount += 1 }
                guard significantCount <= 38 else { throw NotPlain() }
                digits = digits &* 10 &+ UInt128(byte &- UInt8(ascii: "0"))
            case (.whole, UInt8(ascii: "e")), (.whole, UInt8(ascii: "E")), (.decimals, UInt8(ascii: "e")),
                (.decimals, UInt8(ascii: "E")):
                part = .exponentSign
            case (.exponentSign, UInt8(ascii: "-")), (.exponentSign, UInt8(ascii: "+")):
                isExponentNegative = byte == UInt8(ascii: "-")
                part = .exponent
            case (.exponentSign, Self.digit), (.exponent, Self.digit):
                part = .exponent
                exponentDigits += 1
                guard exponentDigits <= 4 else { throw NotPlain() }
                exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
            default:
                throw NotPlain()
            }
        }
        let hasExponent = part == .exponentSign || part == .exponent
        guard digitCount > 0, !hasExponent || exponentDigits > 0 else { throw NotPlain() }
        self.digits = digits
        self.isNegative = isNegative
        self.exponent = (isExponentNegative ? -exponent : exponent) - decimals
    }

    private enum Part {
        case start, whole, decimals, exponentSign, exponent
    }

    private static let digit = UInt8(ascii: "0")...UInt8(ascii: "9")
}
