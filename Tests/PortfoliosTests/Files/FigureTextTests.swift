import ExactTypes
import Foundation
import ServiceKit
import StrictJSON
import Testing

@testable import Portfolios

@Suite struct FigureTextTests {
    @Test(arguments: [
        ("1234.56", "1234.56"), ("-3", "-3"), ("2.5e-7", "0.00000025"), ("1E+2", "100"), (".5", "0.5"),
        ("0.1234567890123456785", "0.123456789012345678"), ("0.1234567890123456775", "0.123456789012345678"),
        ("142.90000000000000000568", "142.900000000000000006"), ("0.0000000074", "0.0000000074"),
        ("0e-30", "0"),
    ])
    func figuresAreReadExactlyAndRoundedHalfEven(text: String, value: String) throws {
        #expect(try FigureText.decimal(text).description == value)
    }

    @Test(arguments: [
        "", "-", ".", "²", "٣٣٣٣", "½", "1,234.56", "1'000", "12abc", "+1", "1e", "0x10", "1e400", "NaN",
        "123456789012345678901", "1e99999", "1e-19", "0.0000000000000000001", "0.0000000000000000005",
    ])
    func whatIsNoPlainNumberIsRefused(text: String) {
        #expect(throws: ParseError.self) { try FigureText.decimal(text) }
    }

    @Test func aCommaIsAPointWhereSemicolonsSeparate() throws {
        #expect(try FigureText.decimal("142,9", decimalComma: true) == FixedDecimal("142.9"))
        #expect(throws: ParseError.self) { try FigureText.decimal("1.142,9", decimalComma: true) }
        // A thousand, and not one.
        #expect(throws: ParseError.self) { try FigureText.decimal("1.000", decimalComma: true) }
        #expect(throws: ParseError.self) { try FigureText.decimal("142,9") }
    }

    @Test(arguments: [
        ("2021-09-16", "2021-09-16T00:00:00.000000Z"), ("20210916", "2021-09-16T00:00:00.000000Z"),
        ("2021-09-16 13:30", "2021-09-16T13:30:00.000000Z"),
        ("2021-09-16T13:30:05", "2021-09-16T13:30:05.000000Z"),
        ("2021-09-16T13:30:05.25+02:00", "2021-09-16T11:30:05.250000Z"),
    ])
    func momentsAreInUTCWhereNoZoneIsGiven(text: String, moment: String) throws {
        #expect(try FigureText.moment(text).rfc3339 == moment)
    }

    @Test(arguments: [
        "2021-02-30", "20210230", "16.09.2021", "09/16/2021", "", "yesterday", "2021-09-16T25:00",
        "²²²²", "½½½½", "٣٣٣٣", "20²²12", "2021²²", "२०२१", "𝟚𝟘", "２０２１",
    ])
    func whatIsNoDateIsRefused(text: String) {
        #expect(throws: ParseError.self) { try FigureText.moment(text) }
    }

    @Test func penceAreHundredthsOfAPound() throws {
        let (currency, units) = try FigureText.currency("GBp")
        #expect(currency == .gbp && units == 100)
        #expect(throws: ParseError.self) { try FigureText.currency("XXQ") }
        #expect(throws: ParseError.self) { try FigureText.currency("usd") }
    }

    /// Digits of other scripts, of two, three and four bytes, in texts of every length that a reader may count.
    @Test(arguments: ["²", "٣", "½", "२", "２", "𝟚", "e\u{301}"])
    func digitsOfOtherScriptsAreRefusedAtEveryLength(digit: String) {
        for count in 1...40 {
            for text in [
                String(repeating: digit, count: count), String(repeating: "2", count: count) + digit,
                digit + String(repeating: "0", count: count),
            ] {
                #expect(throws: ParseError.self) { try FigureText.moment(text) }
                #expect(throws: ParseError.self) { try FigureText.decimal(text) }
                #expect(throws: ParseError.self) { try FigureText.decimal(text, decimalComma: true) }
                #expect(throws: ParseError.self) { try FigureText.currency(text) }
            }
        }
    }
}
