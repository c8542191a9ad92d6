import ContractKit
import ExactTypes
import Foundation
import GroveTesting
import MarketContract
import SharedTypes
import Testing

@testable import Market

/// Every operation of the contract, by the client, as an app uses them.
@Suite struct ClientTests {
    private typealias API = MarketAPI

    private func new(_ symbol: String) throws -> API.NewInstrument {
        .init(
            source: "yahoo", exchange: "xnas", symbol: symbol, name: "Name of \(symbol)", class: .equity,
            currency: CurrencyUnit(.usd))
    }

    private func csv(_ lines: String...) -> FileBody {
        FileBody(type: "text/csv", bytes: Array(lines.joined(separator: "\n").utf8))
    }

    private func problem(_ body: () async throws -> Void) async -> Problem? {
        await #expect(throws: Problem.self) { try await body() }
    }

    @Test func anInstrumentIsMadeFoundAndChanged() async throws {
        try await withMarket { market in
            let (client, clerk) = (market.client, market.operatorClient)
            let key = IdempotencyKey(UUID())
            let made = try await clerk.send(API.CreateInstrument.self, body: try new("GOOG"), key: key)
            #expect(
                try await clerk.send(API.CreateInstrument.self, body: try new("GOOG"), key: key) == made)
            #expect(made.body.exchange == "XNAS" && made.body.visibility == .known(.shared))
            let parameters = API.FindInstrument.Parameters(instrumentID: made.body.id)
            #expect(try await client.send(API.FindInstrument.self, parameters).body == made.body)
            #expect(
                try await client.read(API.FindInstrument.self, parameters, ifNoneMatch: made.etag) == nil)

            let changed = try await clerk.send(
                API.ChangeInstrument.self, .init(instrumentID: made.body.id),
                .init(name: "Alphabet", calendar: API.InstrumentChange.Calendar.none, active: false),
                ifMatch: made.etag)
            #expect(changed.body.name == "Alphabet" && changed.body.calendar == nil && !changed.body.active)
            #expect(changed.body.class == .known(.equity) && changed.body.revision == 2)
            let stale = await problem {
                _ = try await clerk.send(
                    API.ChangeInstrument.self, .init(instrumentID: made.body.id), .init(name: "x"),
                    ifMatch: made.etag)
            }
            #expect(stale?.status == 412)
            let refused = await problem {
                _ = try await client.send(API.CreateInstrument.self, body: try new("MSFT"))
            }
            #expect(refused?.status == 403)
            let wrong = await problem {
                _ = try await clerk.send(API.CreateInstrument.self, body: try new(" A"))
            }
            #expect(wrong?.status == 422 && wrong?.field == "symbol")
        }
    }

    @Test func instrumentsComeInPagesAndAreSearched() async throws {
        try await withMarket { market in
            for symbol in ["B", "A", "C&D?", "E"] {
                _ = try await market.operatorClient.send(API.CreateInstrument.self, body: try new(symbol))
            }
            var symbols: [String] = []
            for try await page in market.client.pages(API.ListInstruments.self, .init(limit: 3)) {
                symbols += page.body.items.map(\.symbol)
            }
            #expect(symbols == ["A", "B", "C&D?", "E"])
            let found = try await market.client.send(
                API.ListInstruments.self, .init(search: "of c&d?", class: .equity))
            #expect(found.body.items.map(\.symbol) == ["C&D?"])
            let none = try await market.client.send(
                API.ListInstruments.self, .init(symbol: "A", class: .bond))
            #expect(none.body.items.isEmpty && none.next == nil)
        }
    }

    @Test func barsAreImportedAndReadPageByPage() async throws {
        try await withMarket { market in
            let header = "Date,Open,High,Low,Close,Volume"
            let rows = (1...5).map { "2024-01-0\($0),\($0),\($0),\($0),\($0),0" }.joined(separator: "\n")
            let imported = try await market.operatorClient.send(
                API.ImportBars.self,
                .init(symbol: "A", source: "YAHOO", currency: CurrencyUnit(.eur)), csv(header, rows))
            #expect(imported.body.read == 5 && imported.body.instrumentsCreated == 1)
            let id = try #require(
                try await market.client.send(API.ListInstruments.self, .init(symbol: "A")).body.items.first
            ).id
            var closes: [FixedDecimal] = []
            let bars = market.client.pages(
                API.ListPriceBars.self,
                .init(instrumentID: id, from: try CalendarDay(parsing: "2024-01-02"), limit: 3))
            for try await page in bars {
                #expect(page.body.currency == .eur)
                closes += page.body.items.map(\.close)
            }
            #expect(closes == (2...5).map { FixedDecimal($0) })

            let refused = await problem {
                _ = try await market.operatorClient.send(
                    API.ImportBars.self, .init(symbol: "A", currency: CurrencyUnit(.eur)),
                    csv(header, "2024-01-06,2,1,1,2,0"))
            }
            #expect(refused?.status == 422 && refused?.field == "High")
            let faults = try refused?.extensions(as: API.ImportProblem.self).rows
            #expect(faults?.map(\.row) == [2] && faults?.map(\.column) == ["High"])
        }
    }

    @Test func aPrivateInstrumentIsAdopted() async throws {
        try await withMarket { market in
            let mine = try await market.register("GOOG", as: market.user)
            _ = try await market.register("MSFT", as: market.user)
            var candidates: [API.AdoptionCandidate] = []
            let list = market.operatorClient.pages(API.ListAdoptionCandidates.self, .init(limit: 1))
            for try await page in list { candidates += page.body.items }
            #expect(candidates.map(\.symbol).sorted() == ["GOOG", "MSFT"])
            #expect(candidates.allSatisfy { $0.owners == 1 && $0.currency == .usd })

            let key = IdempotencyKey(UUID())
            let body = API.Adoption(name: "Alphabet", class: .equity)
            let adopted = try await market.operatorClient.send(
                API.AdoptInstrument.self, .init(instrumentID: mine), body, key: key)
            #expect(adopted.body.visibility == .known(.shared) && adopted.body.name == "Alphabet")
            #expect(
                try await market.operatorClient.send(
                    API.AdoptInstrument.self, .init(instrumentID: mine), body, key: key) == adopted)
            let again = await problem {
                _ = try await market.operatorClient.send(
                    API.AdoptInstrument.self, .init(instrumentID: mine), body)
            }
            #expect(again?.status == 409)
        }
    }

    /// 1.0850 dollars a euro are 0.8950 francs each: 1.0850 × 0.8950 = 0.971075.
    @Test func exchangeRatesAreImportedAndFound() async throws {
        try await withMarket { market in
            let imported = try await market.operatorClient.send(
                API.ImportExchangeRates.self, .init(source: "ecb"),
                csv("Base,Quote,Date,Rate", "EUR,USD,2024-06-03,1.0850", "USD,CHF,2024-06-03,0.8950"))
            #expect(imported.body.inserted == 2)
            let day = try CalendarDay(parsing: "2024-06-04")
            let found = try await market.client.send(
                API.FindExchangeRate.self, .init(base: .eur, quote: .chf, day: day)
            ).body
            #expect(found.rate == (try ExchangeRate(parsing: "0.971075")))
            #expect(found.path == [.eur, .usd, .chf] && found.day == day)
            #expect(found.asOf == (try CalendarDay(parsing: "2024-06-03")))
            let none = await problem {
                _ = try await market.client.send(
                    API.FindExchangeRate.self, .init(base: .gbp, quote: .chf, day: day))
            }
            #expect(none?.status == 404 && none?.slug == "rate-unavailable")
        }
    }
}
