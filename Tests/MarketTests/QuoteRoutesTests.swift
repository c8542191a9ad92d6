import ExactTypes
import Foundation
import GroveTesting
import Logging
import PeriodicWork
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct QuoteRoutesTests {
    /// A shared instrument's id.
    private func list(_ market: MarketTest, _ symbol: String) async throws -> Instrument.ID {
        let answer = try await market.server.send(
            "POST", "/v1/instruments", token: market.operatorToken,
            json: """
                {"source": "YAHOO", "symbol": "\(symbol)", "name": "\(symbol)", "class": "equity", "currency": "USD"}
                """)
        return try #require(answer.json["id"]?.string.flatMap { Instrument.ID($0) }, "\(answer.text)")
    }

    private func store(
        _ market: MarketTest, _ quotes: [(id: Instrument.ID, price: String, at: String)], token: String? = nil
    ) async throws -> TestClient.Answer {
        let items = quotes.map {
            #"{"instrument_id": "\#($0.id)", "price": "\#($0.price)", "quoted_at": "\#($0.at)"}"#
        }
        return try await market.server.send(
            "POST", "/v1/quotes", token: token ?? market.operatorToken,
            json: #"{"source": "test", "quotes": [\#(items.joined(separator: ", "))]}"#)
    }

    private func prices(_ stream: EventStreamReader) -> [String] {
        stream.events.filter { $0.name == "quote" }.compactMap { $0.data["price"]?.string }
    }

    @Test func theLatestQuoteStandsWithItsAge() async throws {
        try await withMarket { market in
            let (one, two) = (try await list(market, "ONE"), try await list(market, "TWO"))
            let stored = try await store(
                market, [(one, "10.5", "2024-01-02T15:00:00Z"), (one, "11", "2024-01-02T16:00:00Z")])
            #expect(stored.status == 200 && stored.json["stored"] == .number(1), "\(stored.text)")
            // An older one, and the same again, change nothing.
            let again = try await store(
                market, [(one, "9", "2024-01-02T14:00:00Z"), (one, "12", "2024-01-02T16:00:00Z")])
            #expect(again.json["stored"] == .number(0), "\(again.text)")

            let answer = try await market.get("/v1/quotes?instrument=\(one),\(two)")
            #expect(answer.status == 200, "\(answer.text)")
            guard case .array(let items)? = answer.json["items"] else { return }
            #expect(items.count == 1)
            #expect(items.first?["price"] == .string("11") && items.first?["currency"] == .string("USD"))
            #expect(items.first?["source"] == .string("TEST"))
            #expect(items.first?["quoted_at"] == .string("2024-01-02T16:00:00.000000Z"))
            guard case .number(let age)? = items.first?["age_seconds"] else { return }
            let since = Date().timeIntervalSince(try Date("2024-01-02T16:00:00Z", strategy: .iso8601))
            #expect(abs(NSDecimalNumber(decimal: age).doubleValue - since) < 60)
        }
    }

    /// As bars do, quotes hang on the shared instrument of a listing.
    @Test func anInstrumentOfOnesOwnHasTheQuotesOfItsListing() async throws {
        try await withMarket { market in
            let own = try await market.register("ONE", as: market.user)
            let lone = try await market.register("LONE", source: "MANUAL", as: market.user)
            let shared = try await list(market, "ONE")
            _ = try await store(market, [(shared, "10.5", "2024-01-02T15:00:00Z")])
            let answer = try await market.get("/v1/quotes?instrument=\(own),\(lone)")
            #expect(answer.json["items"]?[0]?["instrument_id"] == .string("\(own)"), "\(answer.text)")
            #expect(answer.json["items"]?[1] == nil)

            let refused = try await store(market, [(own, "1", "2024-01-02T15:00:00Z")])
            #expect(refused.status == 422, "\(refused.text)")
            #expect(refused.json["field"] == .string("quotes[0].instrument_id"))
        }
    }

    @Test func wrongQuotesAndQuestionsAreRefused() async throws {
        try await withMarket { market in
            let one = try await list(market, "ONE")
            for (price, at, field) in [
                ("0", "2024-01-02T15:00:00Z", "quotes[0].price"),
                ("1", "2999-01-02T15:00:00Z", "quotes[0].quoted_at"),
                ("1", "yesterday", "quotes[0].quoted_at"),
            ] {
                let answer = try await store(market, [(one, price, at)])
                #expect(answer.status == 422 && answer.json["field"] == .string(field), "\(answer.text)")
            }
            let user = try await store(
                market, [(one, "1", "2024-01-02T15:00:00Z")], token: market.userToken)
            #expect(user.status == 403)
            #expect(try await market.count("SELECT count(*) FROM market.quotes") == 0)

            let other = try await market.test.makeUser()
            let hidden = try await market.register("HUT", source: "MANUAL", as: other)
            let many = Array(repeating: "\(one)", count: 101).joined(separator: ",")
            for query in ["instrument=\(hidden)", "instrument=\(one),", "instrument=\(many)", "instrument=x"]
            {
                for path in ["/v1/quotes", "/v1/quotes/stream"] {
                    let answer = try await market.get("\(path)?\(query)")
                    #expect(
                        answer.status == 422 && answer.json["field"] == .string("instrument"),
                        "\(answer.text)")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aStreamGivesWhatIsThereAndThenEachCommit() async throws {
        try await withMarket { market in
            let watching = Task { try await market.watch.service.run() }
            defer { watching.cancel() }
            let (one, two) = (try await list(market, "ONE"), try await list(market, "TWO"))
            _ = try await store(market, [(one, "10", "2024-01-02T15:00:00Z")])
            let stream = try await EventStreamReader(
                market.server.url + "/v1/quotes/stream?instrument=\(one),\(two)", token: market.userToken)
            #expect(stream.status == 200 && stream.contentType == "text/event-stream")
            try await eventually("the first quote") { prices(stream) == ["10"] }
            _ = try await store(market, [(two, "20", "2024-01-02T15:00:00Z")])
            try await eventually("the second") { prices(stream) == ["10", "20"] }
            // What is older is none, and of others nothing is said.
            let three = try await list(market, "THREE")
            _ = try await store(
                market, [(one, "9", "2024-01-02T14:00:00Z"), (three, "30", "2024-01-02T15:00:00Z")])
            _ = try await store(market, [(one, "11", "2024-01-02T16:00:00Z")])
            try await eventually("the third") { prices(stream) == ["10", "20", "11"] }
            #expect(stream.events.last?.data["instrument_id"] == .string("\(one)"))

            // A stream that connects anew begins with what stands.
            await stream.cut()
            let second = try await EventStreamReader(
                market.server.url + "/v1/quotes/stream?instrument=\(one),\(two)", token: market.userToken)
            try await eventually("both") { Set(prices(second)) == ["11", "20"] }
        }
    }

    /// Streams are woken by the commit of a quote, and nothing asks the database in between.
    @Test(.timeLimit(.minutes(1))) func aCommitWakesWhoListens() async throws {
        try await withMarket { market in
            // No pause ends by itself.
            let never = PeriodicTime(sleep: { _ in try await Task.sleep(for: .seconds(86_400)) })
            let watch = QuoteWatch(
                database: market.database, time: never, logger: Logger(label: "market.test"))
            let running = Task { try await watch.service.run() }
            let (one, two) = (try await list(market, "ONE"), try await list(market, "TWO"))
            let listener = try #require(watch.listeners.listen(for: market.user, to: [one]))
            var wakeups = listener.wakeups.makeAsyncIterator()
            // It looks once when it has begun to listen, and after that at each commit.
            for minute in 10...13 {
                _ = try await store(
                    market,
                    [(one, "10", "2024-01-02T15:\(minute):00Z"), (two, "10", "2024-01-02T15:\(minute):00Z")])
                await wakeups.next()
            }
            running.cancel()
            _ = await running.result
        }
    }

    @Test func aPersonHasFiveStreamsAtMost() async throws {
        try await withMarket { market in
            let path = "/v1/quotes/stream?instrument=\(try await list(market, "ONE"))"
            var streams: [EventStreamReader] = []
            for _ in 1...5 {
                streams.append(try await EventStreamReader(market.server.url + path, token: market.userToken))
            }
            let sixth = try await market.get(path)
            #expect(sixth.status == 429 && sixth.text.contains("too-many-streams"), "\(sixth.text)")
            await streams[0].cut()
            try await eventually("a free place") {
                try await EventStreamReader(market.server.url + path, token: market.userToken).status == 200
            }
        }
    }
}
