import BigInt
import ExactTypes
import Foundation
import Testing

@Suite struct FixedDecimalTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("4", "4000000000000000000"), ("139.75", "139750000000000000000"),
        ("-0.5", "-500000000000000000"), ("0.000000000000000001", "1"), ("007.10", "7100000000000000000"),
        ("99999999999999999999.999999999999999999", "99999999999999999999999999999999999999"),
        ("-99999999999999999999.999999999999999999", "-99999999999999999999999999999999999999"),
    ])
    func parsesPlainDecimals(text: String, units: String) throws {
        #expect(try FixedDecimal(parsing: text).units == Int128(units))
        #expect(try FixedDecimal(parsing: "x\(text)".dropFirst()).units == Int128(units))
    }

    @Test(arguments: [
        ("", "is empty"), ("-", "is not a plain decimal number"), ("+1", "is not a plain decimal number"),
        ("1e400", "is not a plain decimal number"), ("1E2", "is not a plain decimal number"),
        (" 1", "is not a plain decimal number"), ("1 ", "is not a plain decimal number"),
        ("1,5", "is not a plain decimal number"), (".5", "is not a plain decimal number"),
        ("5.", "is not a plain decimal number"), ("1.2.3", "is not a plain decimal number"),
        ("--1", "is not a plain decimal number"), ("1-", "is not a plain decimal number"),
        ("NaN", "is not a plain decimal number"), ("0x10", "is not a plain decimal number"),
        ("1\0", "is not a plain decimal number"), ("١٢", "is not a plain decimal number"),
        ("1.0000000000000000000", "has more than 18 decimals"),
        ("123456789012345678901", "has more than 20 digits before the point"),
        ("000000000000000000001", "has more than 20 digits before the point"),
        (String(repeating: "9", count: 1_000), "has more than 20 digits before the point"),
    ])
    func refusesEverythingElse(text: String, reason: String) {
        #expect(throws: ParseError(reason: reason)) { try FixedDecimal(parsing: text) }
    }

    @Test func keepsItsRange() throws {
        let limit = Int128(Reference.limit)
        for units in [limit, -limit, Int128.min, Int128.max] {
            #expect(throws: ArithmeticError.overflow) { try FixedDecimal(units: units) }
        }
        #expect(
            try FixedDecimal(units: limit - 1).description == "99999999999999999999.999999999999999999")
        #expect(FixedDecimal(.max).description == "9223372036854775807")
        #expect(FixedDecimal(.min).description == "-9223372036854775808")
    }

    @Test func aDescriptionParsesToTheSameValue() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let value = try generator.decimal()
            let text = value.description
            #expect(try FixedDecimal(parsing: text) == value)
            #expect(text == Self.plain(value.exact))
            #expect(!text.contains(".") || !(text.hasSuffix("0") || text.hasSuffix(".")))
        }
    }

    @Test func ordersLikeItsNumbers() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<5_000 {
            let (left, right) = (try generator.decimal(), try generator.decimal())
            #expect((left < right) == (left.exact < right.exact))
            #expect(left.isNegative == (left < .zero))
            #expect(left.isPositive == (left > .zero))
            #expect(left.isZero == (left == .zero))
            #expect(left.magnitude == max(left, -left))
        }
    }

    @Test func isAStringInJSON() throws {
        let values = [try FixedDecimal(parsing: "139.75"), -FixedDecimal(4)]
        let json = try JSONEncoder().encode(values)
        #expect(String(decoding: json, as: UTF8.self) == #"["139.75","-4"]"#)
        #expect(try JSONDecoder().decode([FixedDecimal].self, from: json) == values)
        for text in ["[139.75]", #"["1e2"]"#, "[null]"] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode([FixedDecimal].self, from: Data(text.utf8))
            }
        }
    }

    @Test(arguments: [
        ("0.0000000000000000005", "0"), ("0.0000000000000000015", "0.000000000000000002"),
        ("-0.0000000000000000025", "-0.000000000000000002"),
        ("0.00000000000000000250000001", "0.000000000000000003"), ("1e9", "1000000000"), ("1e-100", "0"),
        ("1e19", "10000000000000000000"),
        ("9999999999.9999999999999999994", "9999999999.999999999999999999"),
    ])
    func roundsFoundationDecimalsHalfToEven(text: String, expected: String) throws {
        let value = try #require(Decimal(string: text))
        #expect(try FixedDecimal(rounding: value).description == expected)
    }

    @Test func roundsFoundationDecimalsLikeWholeNumbers() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let (units, digits) = (generator.integer(digits: 37), Int.random(in: 1...12, using: &generator))
            let value = try #require(Decimal(string: "\(units)e-\(18 + digits)"))
            let expected = Reference.halfEven(BigInt(units), Reference.power(digits))
            #expect(try FixedDecimal(rounding: value).exact == expected)
        }
    }

    @Test func refusesFoundationDecimalsOutOfRange() throws {
        for text in ["1e20", "-1e20", "123456789012345678901.5", "1e127"] {
            let value = try #require(Decimal(string: text))
            #expect(throws: ArithmeticError.overflow) { try FixedDecimal(rounding: value) }
        }
        #expect(throws: ArithmeticError.overflow) { try FixedDecimal(rounding: .nan) }
    }

    /// The plain form, made of the digits of a whole number.
    private static func plain(_ units: BigInt) -> String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, 19 - digits.count)) + digits
        let decimals = padded.suffix(18).reversed().drop { $0 == "0" }.reversed()
        let text = padded.dropLast(18) + (decimals.isEmpty ? "" : "." + String(decimals))
        return (units < 0 ? "-" : "") + text
    }
}
