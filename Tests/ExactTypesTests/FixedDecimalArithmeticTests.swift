import BigInt
import ExactTypes
import Foundation
import Testing

@Suite struct FixedDecimalArithmeticTests {
    /// 10^18, the units of one.
    private static let one = Reference.power(18)

    @Test func sumsAndDifferencesAreExact() throws {
        var generator = SeededGenerator(seed: 11)
        var overflows = 0
        for _ in 0..<20_000 {
            let (left, right) = (try generator.decimal(), try generator.decimal())
            let sum = Reference.inRange(left.exact + right.exact)
            #expect((try? left + right)?.exact == sum)
            #expect((try? left - right)?.exact == Reference.inRange(left.exact - right.exact))
            guard sum != nil else {
                #expect(throws: ArithmeticError.overflow) { try left + right }
                overflows += 1
                continue
            }
            var total = left
            try total += right
            try total -= left
            #expect(total == right)
        }
        #expect(overflows > 50)
    }

    /// Two values in range whose sum even 128 bits do not hold, which end at 1.7 × 10^38.
    @Test func aSumBeyond128BitsIsAnError() throws {
        let most = try FixedDecimal(parsing: "99999999999999999999.999999999999999999")
        #expect(throws: ArithmeticError.overflow) { try most + most }
        #expect(throws: ArithmeticError.overflow) { try -most - most }
        var total = most
        #expect(throws: ArithmeticError.overflow) { try total += FixedDecimal(units: 1) }
        #expect(throws: ArithmeticError.overflow) { try total -= -most }
        #expect(total == most)
    }

    @Test func oneRoundingHalfToEven() throws {
        var generator = SeededGenerator(seed: 12)
        var answers = 0
        for _ in 0..<20_000 {
            let (value, numerator) = (try generator.decimal(), try generator.decimal())
            let denominator = try generator.divisor()
            let expected = Reference.inRange(
                Reference.halfEven(value.exact * numerator.exact, denominator.exact))
            #expect((try? value.scaled(by: numerator, over: denominator))?.exact == expected)
            answers += expected == nil ? 0 : 1
        }
        #expect(answers > 8_000 && answers < 19_000)
    }

    @Test func productsAndQuotientsRoundOnce() throws {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<20_000 {
            let (left, right) = (try generator.decimal(), try generator.divisor())
            let product = Reference.inRange(Reference.halfEven(left.exact * right.exact, Self.one))
            #expect((try? left.multiplied(by: right))?.exact == product)
            let quotient = Reference.inRange(Reference.halfEven(left.exact * Self.one, right.exact))
            #expect((try? left.divided(by: right))?.exact == quotient)
            #expect(try left.scaled(by: right, over: right) == left)
        }
    }

    /// Ties, which random numbers meet seldom: half a unit of the last decimal, from above and below.
    @Test func tiesGoToTheEvenNeighbour() throws {
        var generator = SeededGenerator(seed: 17)
        let half = try FixedDecimal(parsing: "0.5")
        for _ in 0..<5_000 {
            let value = try FixedDecimal(units: generator.integer(digits: 38))
            #expect(try value.multiplied(by: half).exact == Reference.halfEven(value.exact, 2))
            #expect(try value.divided(by: FixedDecimal(2)).exact == Reference.halfEven(value.exact, 2))
            #expect(
                try value.scaled(by: FixedDecimal(5), over: FixedDecimal(10)).exact
                    == Reference.halfEven(value.exact, 2))
        }
    }

    @Test func productsAreComparedWithoutRounding() throws {
        var generator = SeededGenerator(seed: 18)
        for _ in 0..<20_000 {
            let figures = try (0..<4).map { _ in try generator.decimal() }
            let (left, right) = (
                DecimalProduct(figures[0], figures[1]), DecimalProduct(figures[2], figures[3])
            )
            let (here, there) = (figures[0].exact * figures[1].exact, figures[2].exact * figures[3].exact)
            #expect((left < right) == (here < there))
            #expect((left == right) == (here == there))
            #expect(left == DecimalProduct(figures[1], figures[0]))
            #expect(left == DecimalProduct(-figures[0], -figures[1]))
        }
        // Products that one unit of the 36th decimal holds apart.
        let (small, big) = (try FixedDecimal(units: 3), try FixedDecimal(parsing: "1.000000000000000001"))
        #expect(DecimalProduct(small, small) < DecimalProduct(FixedDecimal(1), try FixedDecimal(units: 10)))
        #expect(DecimalProduct(big, big) > DecimalProduct(FixedDecimal(1), try big + FixedDecimal(units: 1)))
        #expect(DecimalProduct(.zero, -FixedDecimal(1)) == DecimalProduct(.zero, FixedDecimal(1)))
    }

    @Test(arguments: [
        ("10", "3", "3.333333333333333333"), ("20", "3", "6.666666666666666667"), ("1", "8", "0.125"),
        ("0.000000000000000001", "2", "0"), ("0.000000000000000003", "2", "0.000000000000000002"),
        ("-0.000000000000000003", "2", "-0.000000000000000002"),
        ("0.000000000000000005", "-2", "-0.000000000000000002"),
        ("1", "0.000000000000000001", "1000000000000000000"),
    ])
    func dividesByHand(left: String, right: String, expected: String) throws {
        let quotient = try FixedDecimal(parsing: left).divided(by: FixedDecimal(parsing: right))
        #expect(quotient.description == expected)
    }

    /// The third and fourth are public reports (portfolio-performance/portfolio#1796, #2517): units by the billion at
    /// a price of ten decimals.
    @Test(arguments: [
        ("0.1", "0.1", "0.01"), ("0.000000001", "0.0000000005", "0"), ("9000000000", "0.0000000014", "12.6"),
        ("9000000000", "0.0000000074", "66.6"), ("0.000000003", "0.0000000005", "0.000000000000000002"),
        ("-1.5", "1.5", "-2.25"),
        ("9999999999.999999999", "9999999999.999999999", "99999999999999999980.000000000000000001"),
        ("123456789012", "0.000000000000000001", "0.000000123456789012"),
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
            try FixedDecimal(10_000_000_000).multiplied(by: FixedDecimal(10_000_000_000))
        }
        #expect(throws: ArithmeticError.overflow) {
            try FixedDecimal(100).divided(by: FixedDecimal(units: 1))
        }
    }

    @Test func roundsToFewerDecimals() throws {
        var generator = SeededGenerator(seed: 14)
        for _ in 0..<10_000 {
            let (value, decimals) = (try generator.decimal(), Int.random(in: 0...18, using: &generator))
            let step = Reference.power(18 - decimals)
            let expected = Reference.inRange(Reference.halfEven(value.exact, step) * step)
            let rounded = value.rounded(toDecimals: decimals)
            // Where the nearest lies outside the range, it is rounded towards zero.
            #expect(rounded.exact == expected ?? value.exact / step * step)
            #expect(rounded.rounded(toDecimals: decimals) == rounded)
            #expect(value.isWhole == (value.exact % Self.one == 0))
        }
    }

    @Test(arguments: [
        ("2.5", 0, "2"), ("3.5", 0, "4"), ("-2.5", 0, "-2"), ("2.50000001", 0, "3"), ("1.005", 2, "1"),
        ("1.015", 2, "1.02"), ("1.23456789", 8, "1.23456789"), ("1.23456789", 99, "1.23456789"),
        ("1.6", -3, "2"), ("99999999999999999999.9", 0, "99999999999999999999"),
        ("-99999999999999999999.995", 2, "-99999999999999999999.99"),
    ])
    func roundsByHand(text: String, decimals: Int, expected: String) throws {
        #expect(try FixedDecimal(parsing: text).rounded(toDecimals: decimals).description == expected)
    }
}
