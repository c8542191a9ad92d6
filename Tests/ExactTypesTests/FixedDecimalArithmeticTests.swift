import ExactTypes
import Foundation
import Testing

@Suite struct FixedDecimalArithmeticTests {
    @Test func sumsAndDifferencesAreExact() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let (left, right) = (try generator.decimal(), try generator.decimal())
            let sum = Int128(left.units) + Int128(right.units)
            guard sum.magnitude < WideReferenceTests.powerOfTen(18) else {
                #expect(throws: ArithmeticError.overflow) { try left + right }
                continue
            }
            #expect(Int128(try (left + right).units) == sum)
            #expect(try left + right == right + left)
            #expect(try left + right - right == left)
            #expect(try left - (-right) == left + right)
            var total = left
            try total += right
            try total -= left
            #expect(total == right)
        }
    }

    @Test func aFailedSumInPlaceChangesNothing() throws {
        let most = try FixedDecimal(parsing: "9999999999.99999999")
        var total = most
        #expect(throws: ArithmeticError.overflow) { try total += FixedDecimal(1) }
        #expect(total == most)
        #expect(throws: ArithmeticError.overflow) { try -most - FixedDecimal(1) }
    }

    @Test func oneRoundingHalfToEven() throws {
        var generator = SeededGenerator(seed: 12)
        var answers = 0
        for _ in 0..<20_000 {
            let (value, numerator) = (try generator.decimal(), try generator.decimal())
            let denominator = try generator.divisor()
            let reference = WideReference(value.magnitude.units.magnitude.wide)
                .multiplied(by: numerator.magnitude.units.magnitude.wide)
                .dividedHalfEven(by: denominator.magnitude.units.magnitude.wide)
            guard reference.count <= 18 else {
                #expect(throws: ArithmeticError.overflow) {
                    try value.scaled(by: numerator, over: denominator)
                }
                continue
            }
            let scaled = try value.scaled(by: numerator, over: denominator)
            #expect(String(scaled.magnitude.units) == reference)
            let signs = [value, numerator, denominator].filter(\.isNegative).count
            #expect(scaled.isZero || scaled.isNegative == (signs % 2 == 1))
            answers += 1
        }
        #expect(answers > 10_000)
    }

    @Test func productsAndQuotientsAreTheScaledOnes() throws {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<10_000 {
            let (left, right) = (try generator.decimal(), try generator.divisor())
            #expect(
                (try? left.multiplied(by: right)) == (try? left.scaled(by: right, over: FixedDecimal(1))))
            #expect((try? left.divided(by: right)) == (try? left.scaled(by: FixedDecimal(1), over: right)))
            #expect(try left.scaled(by: right, over: right) == left)
        }
    }

    @Test(arguments: [
        ("10", "3", "3.33333333"), ("20", "3", "6.66666667"), ("1", "8", "0.125"),
        ("0.00000001", "2", "0"), ("0.00000003", "2", "0.00000002"), ("-0.00000003", "2", "-0.00000002"),
        ("0.00000005", "-2", "-0.00000002"), ("1", "0.00000001", "100000000"),
    ])
    func dividesByHand(left: String, right: String, expected: String) throws {
        let quotient = try FixedDecimal(parsing: left).divided(by: FixedDecimal(parsing: right))
        #expect(quotient.description == expected)
    }

    @Test(arguments: [
        ("0.1", "0.1", "0.01"), ("0.0001", "0.00005", "0"), ("0.0003", "0.00005", "0.00000002"),
        ("-1.5", "1.5", "-2.25"), ("99999.99999999", "99999.99999999", "9999999999.998"),
    ])
    func multipliesByHand(left: String, right: String, expected: String) throws {
        let product = try FixedDecimal(parsing: left).multiplied(by: FixedDecimal(parsing: right))
        #expect(product.description == expected)
    }

    @Test func saysWhatHasNoAnswer() throws {
        let one = FixedDecimal(1)
        #expect(throws: ArithmeticError.divisionByZero) { try one.divided(by: .zero) }
        #expect(throws: ArithmeticError.divisionByZero) { try FixedDecimal.zero.scaled(by: one, over: .zero) }
        #expect(throws: ArithmeticError.overflow) {
            try FixedDecimal(100_000).multiplied(by: FixedDecimal(100_000))
        }
        #expect(throws: ArithmeticError.overflow) {
            try FixedDecimal(100).divided(by: FixedDecimal(units: 1))
        }
    }

    @Test func roundsToFewerDecimals() throws {
        var generator = SeededGenerator(seed: 14)
        for _ in 0..<10_000 {
            let (value, decimals) = (try generator.decimal(), Int.random(in: 0...8, using: &generator))
            let step = WideReferenceTests.powerOfTen(8 - decimals)
            let reference = WideReference(value.magnitude.units.magnitude.wide).dividedHalfEven(by: step)
            let rounded = value.rounded(toDecimals: decimals)
            let isInRange = reference.count + (8 - decimals) <= 18
            if isInRange {
                #expect(rounded.magnitude.units.magnitude.wide == (UInt128(reference) ?? 0) * step)
            }
            #expect(rounded.units.magnitude.wide % step == 0)
            #expect(rounded.rounded(toDecimals: decimals) == rounded)
        }
    }

    @Test(arguments: [
        ("2.5", 0, "2"), ("3.5", 0, "4"), ("-2.5", 0, "-2"), ("2.50000001", 0, "3"), ("1.005", 2, "1"),
        ("1.015", 2, "1.02"), ("1.23456789", 8, "1.23456789"), ("1.23456789", 99, "1.23456789"),
        ("1.6", -3, "2"), ("9999999999.9", 0, "9999999999"), ("-9999999999.995", 2, "-9999999999.99"),
    ])
    func roundsByHand(text: String, decimals: Int, expected: String) throws {
        #expect(try FixedDecimal(parsing: text).rounded(toDecimals: decimals).description == expected)
    }
}

extension UInt64 {
    /// The same number in 128 bits, where products fit.
    var wide: UInt128 { UInt128(self) }
}
