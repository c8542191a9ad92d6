import ExactTypes
import Testing

@testable import Market

@Suite struct FigureTextTests {
    @Test(arguments: [
        ("0", 0, false), ("104.06", 10_406_000_000, false), ("-1.5", -150_000_000, false),
        ("22351900", 2_235_190_000_000_000, false), ("2.2351900e+07", 2_235_190_000_000_000, false),
        ("1E-8", 1, false), (".5", 50_000_000, false), ("5.", 500_000_000, false),
        ("104.0599975585938", 10_405_999_756, true), ("00000000000000000000000000001", 100_000_000, false),
        ("0.000000005", 0, true), ("0.000000015", 2, true), ("0.0000000150000001", 2, true),
        ("-0.000000025", -2, true), ("-0.000000035", -4, true), ("1e-400", 0, true), ("0e400", 0, false),
        ("1.500000000", 150_000_000, false),
    ])
    func figuresAreReadExactlyAndRoundedHalfToEven(text: String, units: Int, isRounded: Bool) throws {
        let figure = try FigureText.parse(text, scale: 8)
        #expect(figure == FigureText.Figure(units: Int128(units), isRounded: isRounded))
    }

    @Test(arguments: [
        ("", "is empty"), ("-", "is not a number"), (".", "is not a number"), ("+1", "is not a number"),
        ("1,5", "is not a number"), ("1 000", "is not a number"), ("$5", "is not a number"),
        ("null", "is not a number"),
        ("1.2.3", "is not a number"), ("1e", "is not a number"), ("1e+", "is not a number"),
        ("e5", "is not a number"),
        ("1e5.5", "is not a number"), ("1e12345", "is not a number"), ("0x10", "is not a number"),
        ("nan", "is not a number"), ("inf", "is not a number"), ("１", "is not a number"),
        ("1e400", "is too large"), ("1e30", "is too large"),
        (String(repeating: "1", count: 39), "has more than 38 digits"),
    ])
    func whatIsNoFigureIsRefused(text: String, reason: String) {
        #expect(throws: ParseError(reason: reason)) { try FigureText.parse(text, scale: 8) }
    }

    /// To the last of the eighteen decimals that are kept, and to the twenty digits before the point.
    @Test(arguments: [
        ("123456789012", "123456789012", false), ("0.0000000000000000005", "0", true),
        ("0.0000000000000000015", "0.000000000000000002", true), ("7.4E-9", "0.0000000074", false),
        ("-2.5e-18", "-0.000000000000000002", true), ("1e-400", "0", true),
        ("1e19", "10000000000000000000", false),
        ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999", false),
        ("0.99999999999999999999999999999999999999", "1", true),
    ])
    func amountsKeepEighteenDecimals(text: String, expected: String, isRounded: Bool) throws {
        let figure = try FigureText.parse(text, scale: FixedDecimal.scale)
        #expect(try FixedDecimal(units: figure.units).description == expected)
        #expect(figure.isRounded == isRounded)
    }

    /// Every text of up to eighteen decimals is read as the strict parser of amounts reads it.
    @Test func itAgreesWithTheStrictParser() throws {
        for text in ["1", "0.1", "12.34567891", "9999999999.99999999", "-0.000000000000000001", "100.34"] {
            let figure = try FigureText.parse(text, scale: FixedDecimal.scale)
            #expect(try FixedDecimal(units: figure.units) == FixedDecimal(parsing: text))
            #expect(!figure.isRounded)
        }
    }
}
