import ExactTypes
import Foundation
import Testing

struct ASCIIWritableTests {
    private enum Thing: Entity {}

    private func text(_ value: some ASCIIWritable) -> String {
        var bytes = Array("x".utf8)
        value.append(to: &bytes)
        return String(decoding: bytes.dropFirst(), as: UTF8.self)
    }

    @Test(arguments: [
        "0", "1", "-1", "0.5", "-0.000000000000000001", "139.75", "99999999999999999999.999999999999999999",
        "-99999999999999999999.999999999999999999", "18446744073709551616",
    ])
    func aDecimalHasTheBytesOfItsText(_ written: String) throws {
        #expect(text(try FixedDecimal(parsing: written)) == written)
    }

    @Test func anyDecimalHasTheBytesOfItsDescription() throws {
        var random = SeededGenerator(seed: 7)
        let bound: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
        for shift in 0..<126 {
            let units = Int128.random(in: -bound...bound, using: &random) >> shift
            let decimal = try FixedDecimal(units: units)
            #expect(text(decimal) == decimal.description)
        }
    }

    @Test func ratesDaysAndCodesHaveTheBytesOfTheirTexts() throws {
        #expect(text(try ExchangeRate(parsing: "0.9215")) == "0.9215")
        #expect(text(CalendarDay.first) == "0001-01-01")
        #expect(text(CalendarDay.last) == "9999-12-31")
        #expect(text(try CalendarDay(parsing: "2024-02-29")) == "2024-02-29")
        #expect(text(Currency.chf) == "CHF")
        #expect(text(UUID.highest) == "ffffffff-ffff-ffff-ffff-ffffffffffff")
        let identifier = try #require(Identifier<Thing>("0191A000-0bcd-7000-8ef0-000000000001"))
        #expect(text(identifier) == identifier.description)
    }

    @Test(arguments: ["GBP", "GBp", "GBX", "ZAc", "ILA", "USX", "KWF", "EUX"])
    func aUnitHasACodeThatIsReadBackAsIt(_ code: String) throws {
        let unit = try CurrencyUnit(parsing: code)
        #expect(try CurrencyUnit(parsing: text(unit)) == unit)
    }
}
