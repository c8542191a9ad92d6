import ContractKit
import ExactTypes
import Foundation
import GroveTesting
import MarketContract
import PeriodicWork
import SharedTypes
import StrictJSON
import Testing

@testable import Market

/// A user's own instruments, sessions and quotes by the client, as an app uses them.
@Suite struct OwnerClientTests {
    private typealias API = MarketAPI

    private func price(_ text: String) throws -> FixedDecimal { try FixedDecimal(parsing: text) }

    @Test func anOwnerKeepsTheirInstrumentAndItsPrices() async throws {
        try await withMarket { market in
            let client = market.client
            let id = try await market.register("HUT", source: "MANUAL", as: market.user)
            let day = try CalendarDay(parsing: "2024-01-02")
            let renamed = try await client.send(
                API.ChangePrivateInstrument.self, .init(instrumentID: id), .init(name: "A hut"))
            #expect(renamed.body.name == "A hut")
            let stale = await #expect(throws: Problem.self) {
                try await client.send(
                    API.ChangePrivateInstrument.self, .init(instrumentID: id), .init(name: "x"),
                    ifMatch: ETag(revision: renamed.body.revision - 1))
            }
            #expect(stale?.status == 412)

            let put = try await client.send(
                API.PutOwnerPrice.self, .init(instrumentID: id, day: day), .init(price: try price("10.5")))
            #expect(put.body == .init(day: day, price: try price("10.5")))
            let file = FileBody(
                type: "text/csv", bytes: Array("Date,Price\n2024-01-03,11\n2024-01-04,12\n".utf8))
            let read = try await client.send(API.ImportOwnerPrices.self, .init(instrumentID: id), file)
            #expect(read.body.inserted == 2)
            _ = try await client.send(API.DeleteOwnerPrice.self, .init(instrumentID: id, day: day))
            var prices: [FixedDecimal] = []
            for try await page in client.pages(API.ListOwnerPrices.self, .init(instrumentID: id, limit: 1)) {
                prices += page.body.items.map(\.price)
            }
            #expect(Set(prices) == [try price("11"), try price("12")])

            let found = try await client.send(API.SearchInstruments.self, .init(query: "a hut"))
            #expect(found.body.items.map(\.id) == [id])
            let session = try await client.send(API.FindSession.self, .init(instrumentID: id))
            #expect(session.body.calendar == nil && session.body.assumed == .known(.weekdays))
        }
    }

    @Test func anOwnerMergesAnInstrumentAndRemovesAnother() async throws {
        try await withMarket { market in
            let client = market.client
            let own = try await market.register("MY MSFT", source: "MANUAL", as: market.user)
            let listed = try await market.operatorClient.send(
                API.CreateInstrument.self,
                body: .init(
                    source: "YAHOO", symbol: "MSFT", name: "Microsoft", class: .equity,
                    currency: CurrencyUnit(.usd)))
            let merged = try await client.send(
                API.MergePrivateInstrument.self, .init(instrumentID: own), .init(into: listed.body.id))
            #expect(merged.body.id == own && merged.body.symbol == "MSFT")
            let hut = try await market.register("HUT", source: "MANUAL", as: market.user)
            let stale = await #expect(throws: Problem.self) {
                try await client.send(
                    API.RemovePrivateInstrument.self, .init(instrumentID: hut), ifMatch: ETag(revision: 99))
            }
            #expect(stale?.status == 412)
            _ = try await client.send(API.RemovePrivateInstrument.self, .init(instrumentID: hut))
            let gone = await #expect(throws: Problem.self) {
                try await client.send(API.RemovePrivateInstrument.self, .init(instrumentID: hut))
            }
            #expect(gone?.status == 404)
        }
    }

    @Test(.timeLimit(.minutes(1))) func quotesAreStoredReadAndStreamed() async throws {
        try await withMarket { market in
            let watching = Task { try await market.watch.service.run() }
            defer { watching.cancel() }
            let listed = try await market.operatorClient.send(
                API.CreateInstrument.self,
                body: .init(
                    source: "YAHOO", symbol: "ONE", name: "One", class: .etf, currency: CurrencyUnit(.usd)))
            let id = listed.body.id
            let moment = Date(timeIntervalSince1970: 1_704_207_600)
            let stored = try await market.operatorClient.send(
                API.StoreQuotes.self,
                body: .init(
                    source: "TEST",
                    quotes: [.init(instrumentID: id, price: try price("10.5"), quotedAt: moment)]))
            #expect(stored.body.stored == 1)
            let quotes = try await market.client.send(API.ListQuotes.self, .init(instrument: "\(id)"))
            #expect(quotes.body.items.map(\.price) == [try price("10.5")])
            #expect(quotes.body.items.map(\.quotedAt) == [moment])
            let events = try await market.client.events(API.StreamQuotes.self, .init(instrument: "\(id)"))
            for try await event in events {
                let quote = try event.value(as: API.Quote.self, .strictAnswer)
                let expected = try price("10.5")
                #expect(event.name == "quote" && quote.price == expected)
                break
            }
        }
    }
}
