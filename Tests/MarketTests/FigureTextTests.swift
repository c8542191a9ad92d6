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
        ("1e400", "is too large"), ("1e16", "is too large"),
        ("1234567890123456789012345", "has more than 24 digits"),
    ])
    func whatIsNoFigureIsRefused(text: String, reason: String) {
        #expect(throws: ParseError(reason: reason)) { try FigureText.parse(text, scale: 8) }
    }

    /// Every text of up to eight decimals is read as the strict parser of amounts reads it.
    @Test func itAgreesWithTheStrictParser() throws {
        for text in ["1", "0.1", "12.34567891", "9999999999.99999999", "-0.00000001", "100.34"] {
            let figure = try FigureText.parse(text, scale: FixedDecimal.scale)
            #expect(try FixedDecimal(units: figure.units) == FixedDecimal(parsing: text))
            #expect(!figure.isRounded)
        }
    }
}
