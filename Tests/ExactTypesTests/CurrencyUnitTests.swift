import ExactTypes
import Testing

@Suite struct CurrencyUnitTests {
    /// ghostfolio/ghostfolio#2008: London quotes in pence, under several codes.
    @Test(arguments: [
        ("GBP", Currency.gbp, 0), ("GBp", .gbp, 2), ("GBX", .gbp, 2), ("USX", .usd, 2), ("USD", .usd, 0),
        ("JPY", .jpy, 0),
    ])
    func aCodeIsACurrencyOrAPartOfOne(code: String, currency: Currency, decimals: Int) throws {
        let unit = try CurrencyUnit(parsing: code)
        #expect(unit.currency == currency && unit.decimals == decimals)
    }

    @Test func southAfricaIsraelAndKuwaitQuoteInPartsToo() throws {
        for (code, currency, decimals) in [
            ("ZAc", "ZAR", 2), ("ZAC", "ZAR", 2), ("ILA", "ILS", 2), ("KWF", "KWD", 3),
        ] {
            let unit = try CurrencyUnit(parsing: code)
            #expect(unit.currency.code == currency && unit.decimals == decimals)
        }
    }

    /// The last is written with the Kelvin sign, which Swift holds for equal to K.
    @Test(arguments: ["", "gbp", "gbx", "GB", "GBPX", "XXQ", "usd", "\u{212A}WF", "GBp "])
    func whatIsNeitherIsRefused(code: String) {
        #expect(throws: ParseError.self) { try CurrencyUnit(parsing: code) }
    }

    @Test func aHundredPenceAreAPound() throws {
        let pence = try CurrencyUnit(parsing: "GBp")
        #expect(try pence.amount(of: FixedDecimal(parsing: "10875.5")) == FixedDecimal(parsing: "108.755"))
        #expect(try pence.amount(of: .zero) == .zero)
        #expect(try CurrencyUnit(.gbp).amount(of: FixedDecimal(7)) == FixedDecimal(7))
        // Half to even in the last decimal; of what is smaller nothing would be left.
        let last = try FixedDecimal(units: 150)
        #expect(try pence.amount(of: last).units == 2)
        #expect(throws: ParseError(reason: "is too small")) { try pence.amount(of: FixedDecimal(units: 50)) }
        #expect(
            try CurrencyUnit(parsing: "KWF").amount(of: FixedDecimal(1_500)) == FixedDecimal(parsing: "1.5"))
    }
}
