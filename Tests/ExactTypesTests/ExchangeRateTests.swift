import BigInt
import ExactTypes
import Foundation
import Testing

@Suite struct ExchangeRateTests {
    private static let one = Reference.power(12)

    @Test(arguments: [("0.9215", "0.9215"), ("1", "1"), ("161.970000000001", "161.970000000001")])
    func parsesAndPrints(text: String, expected: String) throws {
        #expect(try ExchangeRate(parsing: text).description == expected)
    }

    @Test(arguments: [
        ("0", "is not above zero"), ("-1", "is not above zero"), ("", "is empty"),
        ("1.0000000000001", "has more than 12 decimals"), ("1e3", "is not a plain decimal number"),
        ("1234567890123", "has more than 12 digits before the point"),
    ])
    func refusesEverythingElse(text: String, reason: String) {
        #expect(throws: ParseError(reason: reason)) { try ExchangeRate(parsing: text) }
    }

    @Test func keepsItsRange() throws {
        let limit = Int128(Reference.power(24))
        for units in [0, -1, limit, Int128.max, Int128.min] {
            #expect(throws: ArithmeticError.overflow) { try ExchangeRate(units: units) }
        }
        #expect(try ExchangeRate(units: limit - 1).description == "999999999999.999999999999")
        #expect(try ExchangeRate(parsing: "1") == .one)
    }

    @Test func convertsWithOneRounding() throws {
        var generator = SeededGenerator(seed: 21)
        var answers = 0
        for _ in 0..<20_000 {
            let (amount, rate) = (try generator.decimal(), try generator.rate())
            let expected = Reference.inRange(Reference.halfEven(amount.exact * rate.exact, Self.one))
            #expect((try? rate.convert(amount))?.exact == expected)
            #expect(try ExchangeRate.one.convert(amount) == amount)
            answers += expected == nil ? 0 : 1
        }
        #expect(answers > 10_000)
    }

    /// Units, price and rate together: the product of the first two may lie outside the range, and is not rounded.
    @Test func convertsUnitsAtAPriceWithOneRounding() throws {
        var generator = SeededGenerator(seed: 25)
        var (answers, beyond) = (0, 0)
        for _ in 0..<20_000 {
            let (quantity, price) = (try generator.decimal(), try generator.decimal())
            let rate = try generator.rate()
            let product = quantity.exact * price.exact * rate.exact
            let expected = Reference.inRange(Reference.halfEven(product, Reference.power(30)))
            #expect((try? rate.convert(quantity, at: price))?.exact == expected)
            answers += expected == nil ? 0 : 1
            beyond += expected != nil && (try? quantity.multiplied(by: price)) == nil ? 1 : 0
        }
        #expect(answers > 8_000 && beyond > 100)
    }

    @Test func chainsWithOneRounding() throws {
        var generator = SeededGenerator(seed: 22)
        for _ in 0..<20_000 {
            let (first, second) = (try generator.rate(), try generator.rate())
            let expected = Reference.halfEven(first.exact * second.exact, Self.one)
            guard expected > 0, expected < Reference.power(24) else {
                #expect(throws: ArithmeticError.overflow) { try first.chained(with: second) }
                continue
            }
            #expect(try first.chained(with: second).exact == expected)
            #expect(try first.chained(with: .one) == first)
        }
    }

    @Test func inverts() throws {
        var generator = SeededGenerator(seed: 23)
        for _ in 0..<10_000 {
            let rate = try generator.rate()
            guard rate.units > 1 else { continue }
            #expect(try rate.inverse().exact == Reference.halfEven(Reference.power(24), rate.exact))
        }
        #expect(throws: ArithmeticError.overflow) { try ExchangeRate(units: 1).inverse() }
        #expect(try ExchangeRate(parsing: "0.8").inverse().description == "1.25")
    }

    @Test(arguments: [
        ("100", "0.9215", "92.15"), ("-0.000000000000000001", "0.5", "0"),
        ("0.000000000000000003", "0.5", "0.000000000000000002"),
    ])
    func convertsByHand(amount: String, rate: String, expected: String) throws {
        let converted = try ExchangeRate(parsing: rate).convert(FixedDecimal(parsing: amount))
        #expect(converted.description == expected)
    }

    @Test func isAStringInJSONAndOrders() throws {
        var generator = SeededGenerator(seed: 24)
        for _ in 0..<2_000 {
            let rates = [try generator.rate(), try generator.rate()]
            let json = try JSONEncoder().encode(rates)
            #expect(String(decoding: json, as: UTF8.self) == "[\"\(rates[0])\",\"\(rates[1])\"]")
            #expect(try JSONDecoder().decode([ExchangeRate].self, from: json) == rates)
            #expect((rates[0] < rates[1]) == (rates[0].units < rates[1].units))
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ExchangeRate].self, from: Data(#"["0"]"#.utf8))
        }
    }
}
