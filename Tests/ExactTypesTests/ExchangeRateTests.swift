import ExactTypes
import Foundation
import Testing

@Suite struct ExchangeRateTests {
    private static let one: UInt128 = WideReferenceTests.powerOfTen(12)

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
        let limit = Int128(WideReferenceTests.powerOfTen(24))
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
            let reference = WideReference(amount.units.magnitude.wide).multiplied(by: rate.units.magnitude)
                .dividedHalfEven(by: Self.one)
            guard reference.count <= 18 else {
                #expect(throws: ArithmeticError.overflow) { try rate.convert(amount) }
                continue
            }
            let converted = try rate.convert(amount)
            #expect(String(converted.units.magnitude) == reference)
            #expect(converted.isZero || converted.isNegative == amount.isNegative)
            #expect(try ExchangeRate.one.convert(amount) == amount)
            answers += 1
        }
        #expect(answers > 10_000)
    }

    @Test func chainsWithOneRounding() throws {
        var generator = SeededGenerator(seed: 22)
        for _ in 0..<20_000 {
            let (first, second) = (try generator.rate(), try generator.rate())
            let reference = WideReference(first.units.magnitude).multiplied(by: second.units.magnitude)
                .dividedHalfEven(by: Self.one)
            guard reference.count <= 24, reference != "0" else {
                #expect(throws: ArithmeticError.overflow) { try first.chained(with: second) }
                continue
            }
            #expect(String(try first.chained(with: second).units) == reference)
            #expect(try first.chained(with: .one) == first)
        }
    }

    @Test func inverts() throws {
        var generator = SeededGenerator(seed: 23)
        for _ in 0..<10_000 {
            let rate = try generator.rate()
            guard rate.units > 1 else { continue }
            let reference = WideReference(Self.one).multiplied(by: Self.one)
                .dividedHalfEven(by: rate.units.magnitude)
            #expect(String(try rate.inverse().units) == reference)
        }
        #expect(throws: ArithmeticError.overflow) { try ExchangeRate(units: 1).inverse() }
        #expect(try ExchangeRate(parsing: "0.8").inverse().description == "1.25")
    }

    @Test(arguments: [
        ("100", "0.9215", "92.15"), ("-0.00000001", "0.5", "0"), ("0.00000003", "0.5", "0.00000002"),
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
