import ExactTypes
import Foundation
import Testing

@Suite struct MoneyTests {
    private let fiveDollars = Money(amount: FixedDecimal(5), currency: .usd)

    @Test func addsWithinOneCurrency() throws {
        let two = Money(amount: FixedDecimal(2), currency: .usd)
        #expect(try fiveDollars + two == Money(amount: FixedDecimal(7), currency: .usd))
        #expect(try two - fiveDollars == Money(amount: FixedDecimal(-3), currency: .usd))
        #expect(-two == Money(amount: FixedDecimal(-2), currency: .usd))
    }

    @Test func refusesAnotherCurrencyAndOverflow() throws {
        let francs = Money(amount: FixedDecimal(5), currency: .chf)
        #expect(throws: ArithmeticError.currencyMismatch) { try fiveDollars + francs }
        #expect(throws: ArithmeticError.currencyMismatch) { try fiveDollars - francs }
        let most = Money(
            amount: try FixedDecimal(parsing: "99999999999999999999.999999999999999999"), currency: .usd)
        #expect(throws: ArithmeticError.overflow) { try most + fiveDollars }
    }

    @Test func standsBesideItsCurrencyInJSON() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(fiveDollars)
        #expect(String(decoding: json, as: UTF8.self) == #"{"amount":"5","currency":"USD"}"#)
        #expect(try JSONDecoder().decode(Money.self, from: json) == fiveDollars)
        #expect(fiveDollars.description == "5 USD")
    }
}
