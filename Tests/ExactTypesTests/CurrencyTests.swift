import ExactTypes
import Foundation
import Testing

@Suite struct CurrencyTests {
    @Test(arguments: [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLP", 0), ("MGA", 2), ("XAF", 0), ("ZWG", 2)])
    func knowsItsMinorUnits(code: String, minorUnits: Int) throws {
        let currency = try Currency(parsing: code)
        #expect(currency.code == code)
        #expect(currency.minorUnits == minorUnits)
    }

    @Test(arguments: [
        "XXQ", "usd", "Usd", "", "US", "USDT", " USD", "USD\0", "XXX", "XTS", "XAU", "DEM", "\u{FF35}SD",
        "\u{212A}RW",
    ])
    func refusesWhatIsNoCurrencyInUse(text: String) {
        #expect(throws: ParseError(reason: "is not an ISO 4217 currency code")) {
            try Currency(parsing: text)
        }
    }

    @Test func namedOnesAreThoseOfTheList() throws {
        for currency in [Currency.aud, .cad, .chf, .eur, .gbp, .jpy, .usd] {
            #expect(try Currency(parsing: currency.code) == currency)
        }
    }

    @Test func theListIsWhole() {
        let codes = Currency.all.map(\.code)
        #expect(codes.count == 155)
        #expect(codes == codes.sorted())
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.count == 3 && $0.utf8.allSatisfy { (65...90).contains($0) } })
    }

    @Test func isAStringInJSON() throws {
        let json = try JSONEncoder().encode([Currency.chf])
        #expect(String(decoding: json, as: UTF8.self) == #"["CHF"]"#)
        #expect(try JSONDecoder().decode([Currency].self, from: json) == [.chf])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Currency].self, from: Data(#"["XXQ"]"#.utf8))
        }
    }
}
