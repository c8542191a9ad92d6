import ExactTypes
import Testing

@testable import TabularText

@Suite struct FigureFormatTests {
    private static let point = FigureFormat(decimalMark: .point)
    private static let comma = FigureFormat(decimalMark: .comma)

    @Test(arguments: [
        ("0", "0", false), ("104.06", "104.06", false), ("-1.5", "-1.5", false),
        ("22351900", "22351900", false),
        ("2.2351900e+07", "22351900", false), ("1E-8", "0.00000001", false), ("1.5E-05", "0.000015", false),
        (".5", "0.5", false), ("5.", "5", false), ("2.5e-7", "0.00000025", false), ("1E+2", "100", false),
        ("00000000000000000000000000001", "1", false), ("0e400", "0", false), ("0e-30", "0", false),
        ("1.500000000", "1.5", false), ("123456789012", "123456789012", false),
        ("7.4E-9", "0.0000000074", false),
        ("0.1234567890123456785", "0.123456789012345678", true),
        ("0.1234567890123456775", "0.123456789012345678", true),
        ("142.90000000000000000568", "142.900000000000000006", true),
        ("-2.5e-18", "-0.000000000000000002", true),
        ("0.0000000000000000015", "0.000000000000000002", true), ("1e19", "10000000000000000000", false),
        ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999", false),
        ("0.99999999999999999999999999999999999999", "1", true),
    ])
    func figuresAreReadExactlyAndRoundedHalfToEven(text: String, value: String, isRounded: Bool) throws {
        let figure = try Self.point.number(text)
        #expect(figure.value.description == value)
        #expect(figure.isRounded == isRounded)
        // With the other mark, and with thousands, the long way gives the same.
        let comma = try Self.comma.number(text.replacing(".", with: ","))
        #expect(comma == figure)
    }

    @Test(arguments: [
        ("", "is empty"), ("-", "is not a number"), (".", "is not a number"), ("null", "is not a number"),
        ("1.2.3", "is not a number"), ("1e", "is not a number"), ("1e+", "is not a number"),
        ("e5", "is not a number"),
        ("1e5.5", "is not a number"), ("1e12345", "is not a number"), ("0x10", "is not a number"),
        ("nan", "is not a number"), ("inf", "is not a number"), ("１", "is not a number"),
        ("²", "is not a number"),
        ("1 2 3", "is not a number"), ("1  000", "is not a number"), ("12abc", "is not a number"),
        ("--5", "is not a number"), ("-5-", "is not a number"), ("(-5)", "is not a number"),
        ("(5", "is not a number"),
        ("5)", "is not a number"), ("5%", "is a percentage"), ("5 %", "is a percentage"),
        ("$5", "is not a number"),
        ("1e400", "is too large"), ("1e30", "is too large"), ("1e-19", "is too small"),
        ("1e-400", "is too small"),
        ("0.0000000000000000005", "is too small"), ("100000000000000000000", "is too large"),
        ("1,5", "is not a number with a decimal point"), ("1.234,5", "is not a number with a decimal point"),
        (String(repeating: "1", count: 39), "has more than 38 digits"),
        ("1,2345", "is not a number with a decimal point"), ("1,23,45", "is not a number"),
        ("1'23", "is not a number"), ("0,500", "is not a number with a decimal point"),
    ])
    func whatIsNoFigureIsRefused(text: String, reason: String) {
        #expect(throws: ParseError(reason: reason)) { try Self.point.number(text) }
    }

    /// As the locales of CLDR write 1234567.5: English, German, Swiss, French, Polish, and what else files
    /// have.
    @Test(arguments: [
        ("1,234,567.5", FigureFormat.DecimalMark.point), ("1234567.5", .point), ("1'234'567.5", .point),
        ("1’234’567.5", .point), ("1 234 567.5", .point), ("12,34,567.5", .point), ("1.234.567,5", .comma),
        ("1234567,5", .comma), ("1 234 567,5", .comma), ("1\u{A0}234\u{A0}567,5", .comma),
        ("1\u{202F}234\u{202F}567,5", .comma), ("1’234’567,5", .comma),
        ("1\u{2009}234\u{2009}567,50", .comma),
    ])
    func thousandsMarksStandWhereTheyBelong(text: String, mark: FigureFormat.DecimalMark) throws {
        let value = try FixedDecimal(parsing: "1234567.5")
        let format = FigureFormat(decimalMark: mark)
        #expect(try format.number(text).value == value)
        for negative in ["-" + text, text + "-", "(" + text + ")", "\u{2212}" + text, "- " + text] {
            #expect(try format.number(negative).value == -value)
        }
        #expect(try format.number("+" + text).value == value)
        let other = FigureFormat(decimalMark: mark == .point ? .comma : .point)
        #expect(throws: ParseError.self) { try other.number(text) }
    }

    @Test(arguments: [
        ("$48.945", "48.945"), ("-$2423.68", "-2423.68"), ("$-2423.68", "-2423.68"), ("($5)", "-5"),
        ("US$ 5", "5"),
        ("5 USD", "5"), ("USD 5", "5"), ("5USD", "5"), ("USD5", "5"), ("5.00- USD", "-5"), ("5 USD-", "-5"),
        ("1,250 USX", "12.5"), ("USc 1", "0.01"),
    ])
    func aSignOrCodeMayStandBesideAnAmount(text: String, value: String) throws {
        #expect(try Self.point.amount(text, in: CurrencyUnit(.usd)).value == FixedDecimal(parsing: value))
    }

    @Test func aPointBehindLettersIsNoDecimalPoint() throws {
        let franc = CurrencyUnit(.chf)
        #expect(try Self.point.amount("Fr.50", in: franc).value == FixedDecimal(50))
        #expect(try Self.point.amount("Fr. 50.5", in: franc).value == FixedDecimal(parsing: "50.5"))
        // How Swiss prices write that there are no decimals: it is no minus.
        for text in ["100.-", "100.–", "CHF 100.-", "100.— CHF"] {
            #expect(try Self.point.amount(text, in: franc).value == FixedDecimal(100))
        }
        #expect(try Self.point.amount("1’000.-", in: franc).value == FixedDecimal(1_000))
        #expect(try Self.point.amount("$.50", in: CurrencyUnit(.usd)).value == FixedDecimal(parsing: "0.5"))
    }

    @Test(arguments: [
        ("€5", "has € beside it, and is in USD"), ("5 EUR", "has EUR beside it, and is in USD"),
        ("£5", "has £ beside it, and is in USD"), ("5 XXQ", "is not a number"), ("$5 EUR", "is not a number"),
    ])
    func anotherCurrencyBesideAnAmountIsRefused(text: String, reason: String) {
        #expect(throws: ParseError(reason: reason)) { try Self.point.amount(text, in: CurrencyUnit(.usd)) }
    }

    @Test func aMarkNeedsACurrencyToBeHeldAgainst() {
        #expect(throws: ParseError(reason: "has $ beside it, and no currency is given for the file")) {
            try Self.point.amount("$5", in: nil)
        }
        #expect(throws: Never.self) { try Self.point.amount("5", in: nil) }
    }

    /// ghostfolio/ghostfolio#2008 and portfolio-performance/portfolio#406: prices in pence were taken for
    /// pounds. A hundred pence are a pound, to the last decimal.
    @Test(arguments: [
        ("GBp", "65", "0.65"), ("GBX", "10875.5", "108.755"), ("GBX", "£65", "65"), ("GBP", "65p", "0.65"),
        ("GBP", "65 GBX", "0.65"), ("GBX", "0.0000000000000001", "0.000000000000000001"),
        // Siblings: Johannesburg, Tel Aviv, American futures, and Kuwait, which counts in thousandths.
        ("ZAc", "12345", "123.45"), ("ILA", "1", "0.01"), ("USX", "450.25", "4.5025"), ("KWF", "1500", "1.5"),
    ])
    func partsOfACurrencyAreKeptAsTheCurrency(code: String, text: String, value: String) throws {
        let unit = try CurrencyUnit(parsing: code)
        #expect(try Self.point.amount(text, in: unit).value == FixedDecimal(parsing: value))
    }

    /// One rounding: 0.5 and a little more of the last decimal of pence is one of the pound's, and not first
    /// 0.
    @Test func penceAreRoundedOnce() throws {
        let figure = try Self.point.amount("0.00000000000000005000001", in: CurrencyUnit(parsing: "GBp"))
        #expect(figure.value.description == "0.000000000000000001" && figure.isRounded)
        #expect(try Self.point.amount("12.50", in: CurrencyUnit(parsing: "GBp")).decimals == 4)
        #expect(try Self.point.amount("1250", in: CurrencyUnit(parsing: "GBp")).decimals == 2)
        #expect(try Self.point.number("1250").decimals == 0)
        #expect(throws: ParseError(reason: "is too small")) {
            try Self.point.amount("1e-17", in: CurrencyUnit(parsing: "GBp"))
        }
    }

    @Test func ratesBetweenPartsAreThoseOfTheCurrencies() throws {
        let (pence, pound, dollar) = (
            try CurrencyUnit(parsing: "GBX"), CurrencyUnit(.gbp), CurrencyUnit(.usd)
        )
        #expect(try Self.point.rate("1.27", from: pound, to: dollar).rate.description == "1.27")
        #expect(try Self.point.rate("0.0127", from: pence, to: dollar).rate.description == "1.27")
        #expect(try Self.point.rate("78.74", from: dollar, to: pence).rate.description == "0.7874")
        #expect(try Self.comma.rate("1,2700000000005", from: pound, to: dollar).isRounded)
        for (text, reason) in [
            ("0", "is not above zero"), ("-1", "is not above zero"), ("1e-13", "is too small"),
            ("1e12", "is too large"),
            ("1,07", "is not a number with a decimal point"), ("€1", "is not a number"),
        ] {
            #expect(throws: ParseError(reason: reason)) { try Self.point.rate(text, from: pound, to: dollar) }
        }
    }

    /// Digits of other scripts, of two, three and four bytes, in texts of every length that a reader may
    /// count.
    @Test(arguments: ["²", "٣", "½", "२", "２", "𝟚", "e\u{301}"])
    func digitsOfOtherScriptsAreRefusedAtEveryLength(digit: String) {
        for count in 1...40 {
            for text in [
                String(repeating: digit, count: count), String(repeating: "2", count: count) + digit,
                digit + String(repeating: "0", count: count),
            ] {
                for format in [Self.point, Self.comma] {
                    #expect(throws: ParseError.self) { try format.number(text) }
                    #expect(throws: ParseError.self) { try format.amount(text, in: CurrencyUnit(.usd)) }
                }
            }
        }
    }

    @Test func plainIsWhatProgramsWrite() {
        for text in ["1", "-1", "1.5", ".5", "-1.5e-7"] { #expect(FigureFormat.isPlain(text)) }
        for text in ["", "-", "+1", "1,5", "-1+1", "=1", "--1", "$1", "1 "] {
            #expect(!FigureFormat.isPlain(text))
        }
    }
}
