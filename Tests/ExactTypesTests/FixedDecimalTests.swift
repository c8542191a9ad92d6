import ExactTypes
import Foundation
import Testing

@Suite struct FixedDecimalTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("4", 400_000_000), ("139.75", 13_975_000_000), ("-0.5", -50_000_000),
        ("0.00000001", 1), ("007.10", 710_000_000), ("9999999999.99999999", 999_999_999_999_999_999),
        ("-9999999999.99999999", -999_999_999_999_999_999),
    ])
    func parsesPlainDecimals(text: String, units: Int64) throws {
        #expect(try FixedDecimal(parsing: text).units == units)
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
        ("1.000000000", "has more than 8 decimals"),
        ("12345678901", "has more than 10 digits before the point"),
        ("00000000001", "has more than 10 digits before the point"),
        (String(repeating: "9", count: 1_000), "has more than 10 digits before the point"),
    ])
    func refusesEverythingElse(text: String, reason: String) {
        #expect(throws: ParseError(reason: reason)) { try FixedDecimal(parsing: text) }
    }

    @Test func keepsItsRange() throws {
        let limit: Int64 = 1_000_000_000_000_000_000
        for units in [limit, -limit, Int64.min, Int64.max] {
            #expect(throws: ArithmeticError.overflow) { try FixedDecimal(units: units) }
        }
        #expect(throws: ArithmeticError.overflow) { try FixedDecimal(units: Int128.max) }
        #expect(try FixedDecimal(units: limit - 1).description == "9999999999.99999999")
        #expect(FixedDecimal(.max).description == "2147483647")
        #expect(FixedDecimal(.min).description == "-2147483648")
    }

    @Test func aDescriptionParsesToTheSameValue() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let value = try generator.decimal()
            let text = value.description
            #expect(try FixedDecimal(parsing: text) == value)
            #expect(Decimal(string: text) == Decimal(value.units) / 100_000_000)
            #expect(!text.contains(".") || !(text.hasSuffix("0") || text.hasSuffix(".")))
        }
    }

    @Test func ordersLikeItsNumbers() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<5_000 {
            let (left, right) = (try generator.decimal(), try generator.decimal())
            #expect((left < right) == (Decimal(left.units) < Decimal(right.units)))
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
        ("0.000000005", "0"), ("0.000000015", "0.00000002"), ("-0.000000025", "-0.00000002"),
        ("0.0000000250000001", "0.00000003"), ("1e9", "1000000000"), ("1e-100", "0"),
        ("9999999999.999999994", "9999999999.99999999"),
    ])
    func roundsFoundationDecimalsHalfToEven(text: String, expected: String) throws {
        let value = try #require(Decimal(string: text))
        #expect(try FixedDecimal(rounding: value).description == expected)
    }

    @Test func roundsFoundationDecimalsLikeWholeNumbers() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let (units, digits) = (generator.integer(digits: 20), Int.random(in: 1...12, using: &generator))
            let value = try #require(Decimal(string: "\(units)e-\(8 + digits)"))
            let reference = WideReference(units.magnitude).dividedHalfEven(
                by: WideReferenceTests.powerOfTen(digits))
            let rounded = try? FixedDecimal(rounding: value)
            let isInRange = reference.count <= 18
            #expect((rounded.map { String($0.magnitude.units) }) == (isInRange ? reference : nil))
            #expect(rounded.map { $0.isZero || $0.isNegative == (units < 0) } ?? true)
        }
    }

    @Test func refusesFoundationDecimalsOutOfRange() throws {
        for text in ["1e10", "-1e10", "9999999999.999999995", "1e127"] {
            let value = try #require(Decimal(string: text))
            #expect(throws: ArithmeticError.overflow) { try FixedDecimal(rounding: value) }
        }
        #expect(throws: ArithmeticError.overflow) { try FixedDecimal(rounding: .nan) }
    }
}
