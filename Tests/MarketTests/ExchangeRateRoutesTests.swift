import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct ExchangeRateRoutesTests {
    private static let rates = """
        Base,Quote,Date,Rate
        EUR,USD,2024-06-03,1.0850
        EUR,USD,2024-06-05,1.0872
        USD,CHF,2024-06-04,0.8950
        USD,JPY,2024-06-05,156.1

        """

    @Test func ratesImportOnceAndAreRevised() async throws {
        try await withMarket { market in
            let first = try await market.upload(Self.rates, to: "/v1/exchange-rate-imports?source=ecb")
            #expect(first.status == 200, "\(first.text)")
            #expect(first.json["inserted"] == .number(4))
            let second = try await market.upload(Self.rates, to: "/v1/exchange-rate-imports?source=ecb")
            #expect(second.json["inserted"] == .number(0))
            #expect(second.json["updated"] == .number(0))
            #expect(second.json["unchanged"] == .number(4))
            let revised = try await market.upload(
                Self.rates.replacing("156.1", with: "156.2"), to: "/v1/exchange-rate-imports")
            #expect(revised.json["updated"] == .number(1))
            #expect(revised.json["unchanged"] == .number(3))
        }
    }

    @Test func aFaultyRateIsNamedAndNothingIsWritten() async throws {
        try await withMarket { market in
            let answer = try await market.upload(
                Self.rates.replacing("156.1", with: "-156.1"), to: "/v1/exchange-rate-imports")
            #expect(answer.status == 422)
            #expect(answer.json["detail"] == .string("Row 5: Rate is not above zero."))
            #expect(try await market.count("SELECT count(*) FROM market.exchange_rates") == 0)
        }
    }

    @Test func aRateIsFoundWithItsDerivation() async throws {
        try await withMarket { market in
            _ = try await market.upload(Self.rates, to: "/v1/exchange-rate-imports")
            let cases: [(String, rate: String, asOf: String, path: [String])] = [
                ("base=EUR&quote=USD&day=2024-06-04", "1.085", "2024-06-03", ["EUR", "USD"]),
                ("base=USD&quote=EUR&day=2024-06-12", "0.919793966152", "2024-06-05", ["USD", "EUR"]),
                ("base=EUR&quote=CHF&day=2024-06-05", "0.973044", "2024-06-04", ["EUR", "USD", "CHF"]),
                (
                    "base=CHF&quote=JPY&day=2024-06-05", "174.413407821199", "2024-06-04",
                    ["CHF", "USD", "JPY"]
                ),
                ("base=GBP&quote=GBP&day=2024-06-05", "1", "2024-06-05", ["GBP"]),
            ]
            for (query, rate, asOf, path) in cases {
                let answer = try await market.get("/v1/exchange-rates?\(query)")
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.json["rate"] == .string(rate))
                #expect(answer.json["as_of"] == .string(asOf))
                #expect(answer.json["path"] == .array(path.map(JSONValue.string)))
            }
        }
    }

    @Test func aRateThatIsUnknownOrTooOldIsUnavailable() async throws {
        try await withMarket { market in
            _ = try await market.upload(Self.rates, to: "/v1/exchange-rate-imports")
            for query in [
                "base=EUR&quote=USD&day=2024-06-13", "base=EUR&quote=USD&day=2024-06-02",
                "base=GBP&quote=USD&day=2024-06-05", "base=EUR&quote=USD&day=0001-01-01",
                "base=EUR&quote=USD",
            ] {
                let answer = try await market.get("/v1/exchange-rates?\(query)")
                #expect(answer.status == 404)
                #expect(answer.json["type"] == .string("urn:grove:problem:rate-unavailable"))
            }
        }
    }

    @Test(arguments: [
        ("quote=USD", "base"), ("base=EUR", "quote"), ("base=XXQ&quote=USD", "base"),
        ("base=EUR&quote=USD&day=2024-02-30", "day"), ("base=EUR&quote=USD&date=2024-02-20", "date"),
    ])
    func aQueryThatIsWrongIsNamed(query: String, field: String) async throws {
        try await withMarket { market in
            let answer = try await market.get("/v1/exchange-rates?\(query)")
            #expect(answer.status == 422)
            #expect(answer.json["field"] == .string(field))
        }
    }
}
