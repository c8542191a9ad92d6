import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct PrivateInstrumentRoutesTests {
    private func path(_ id: Instrument.ID) -> String { "/v1/private-instruments/\(id)" }

    private func send(
        _ market: MarketTest, _ method: String, _ path: String, _ json: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> TestClient.Answer {
        try await market.server.send(method, path, token: market.userToken, headers: headers, json: json)
    }

    /// A transaction of the user's in an instrument.
    private func book(_ market: MarketTest, _ id: Instrument.ID, status: String = "completed") async throws {
        try await market.test.owner.script(
            """
            INSERT INTO portfolios.portfolios
                (user_id, id, name, kind, base_currency, cost_basis_method, tracks_cash, revision, created_at,
                 updated_at)
            VALUES ('\(market.user)', gen_random_uuid(), gen_random_uuid()::text, 'brokerage', 'USD', 'fifo', false, 1,
                now(), now());
            INSERT INTO portfolios.transactions
                (user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency,
                 executed_at, created_at, updated_at)
            SELECT user_id, gen_random_uuid(), id, 'buy', '\(status)', '\(id)', 1, 1, 1, 'USD', now(), now(), now()
            FROM portfolios.portfolios LIMIT 1
            """)
    }

    @Test func anOwnerRenamesTheirInstrumentAndNobodyElseDoes() async throws {
        try await withMarket { market in
            let id = try await market.register("HUT", source: "MANUAL", as: market.user)
            let read = try await market.get("/v1/instruments/\(id)")
            let tag = try #require(read.headers["etag"])
            let renamed = try await send(
                market, "PATCH", path(id), #"{"name": "A hut", "class": "commodity"}"#,
                headers: ["If-Match": tag])
            #expect(renamed.status == 200, "\(renamed.text)")
            #expect(renamed.json["name"] == .string("A hut") && renamed.json["class"] == .string("commodity"))
            #expect(renamed.json["visibility"] == .string("private"))
            let late = try await send(
                market, "PATCH", path(id), #"{"name": "Late"}"#, headers: ["If-Match": tag])
            #expect(late.status == 412)

            let eve = try await market.test.makeUser()
            let token = try await market.server.token(for: eve)
            for (method, json) in [("PATCH", #"{"name": "Mine"}"#), ("DELETE", nil as String?)] {
                let answer = try await market.server.send(method, path(id), token: token, json: json)
                #expect(answer.status == 404, "\(method) \(answer.text)")
            }
            let shared = try await market.server.send(
                "POST", "/v1/instruments", token: market.operatorToken,
                json:
                    #"{"source": "YAHOO", "symbol": "X", "name": "X", "class": "equity", "currency": "USD"}"#)
            let sharedID = try #require(shared.json["id"]?.string)
            #expect(
                try await send(market, "PATCH", "/v1/private-instruments/\(sharedID)", #"{"name": "Y"}"#)
                    .status
                    == 404)
        }
    }

    @Test func theCurrencyChangesOnlyWhileNothingStandsInIt() async throws {
        try await withMarket { market in
            let id = try await market.register("HUT", source: "MANUAL", currency: "EUR", as: market.user)
            let free = try await send(market, "PATCH", path(id), #"{"currency": "CHF"}"#)
            #expect(free.status == 200 && free.json["currency"] == .string("CHF"), "\(free.text)")

            // A price of the owner's stands in it.
            let price = try await send(market, "PUT", path(id) + "/prices/2024-01-02", #"{"price": "10"}"#)
            #expect(price.status == 200, "\(price.text)")
            let priced = try await send(market, "PATCH", path(id), #"{"currency": "USD"}"#)
            #expect(priced.status == 409 && priced.text.contains("instrument-in-use"), "\(priced.text)")
            #expect(try await send(market, "DELETE", path(id) + "/prices/2024-01-02").status == 204)

            try await book(market, id, status: "reversed")
            #expect(try await send(market, "PATCH", path(id), #"{"currency": "EUR"}"#).status == 200)
            try await book(market, id)
            let held = try await send(market, "PATCH", path(id), #"{"currency": "USD"}"#)
            #expect(held.status == 409 && held.text.contains("instrument-in-use"), "\(held.text)")
            // The same currency is no change.
            #expect(try await send(market, "PATCH", path(id), #"{"currency": "EUR"}"#).status == 200)
        }
    }

    @Test func anInstrumentIsRemovedWithItsPricesWhileNothingRestsOnIt() async throws {
        try await withMarket { market in
            let id = try await market.register("HUT", source: "MANUAL", as: market.user)
            _ = try await send(market, "PUT", path(id) + "/prices/2024-01-02", #"{"price": "10"}"#)
            #expect(try await send(market, "DELETE", path(id)).status == 204)
            #expect(try await market.count("SELECT count(*) FROM market.owner_prices") == 0)
            #expect(try await send(market, "DELETE", path(id)).status == 404)

            let used = try await market.register("USED", source: "MANUAL", as: market.user)
            try await book(market, used, status: "reversed")
            let answer = try await send(market, "DELETE", path(used))
            #expect(answer.status == 409 && answer.text.contains("instrument-in-use"), "\(answer.text)")
            #expect(try await market.count("SELECT count(*) FROM market.instruments") == 1)
        }
    }

    @Test func anOwnersPricesAreWrittenReadRevisedAndTakenAway() async throws {
        try await withMarket { market in
            let id = try await market.register("HUT", source: "MANUAL", currency: "CHF", as: market.user)
            for (day, price) in [("2024-01-03", "12.5"), ("2024-01-02", "12"), ("2024-01-03", "13")] {
                let answer = try await send(
                    market, "PUT", path(id) + "/prices/\(day)", #"{"price": "\#(price)"}"#)
                #expect(answer.json["price"] == .string(price), "\(answer.text)")
            }
            let page = try await market.get(path(id) + "/prices")
            #expect(
                page.json
                    == .object([
                        "currency": .string("CHF"), "next": .null,
                        "items": .array([
                            .object(["day": .string("2024-01-02"), "price": .string("12")]),
                            .object(["day": .string("2024-01-03"), "price": .string("13")]),
                        ]),
                    ]), "\(page.text)")
            let first = try await market.get(path(id) + "/prices?limit=1&from=2024-01-02")
            let next = try #require(first.json["next"]?.string)
            let second = try await market.get(path(id) + "/prices?limit=1&after=\(next)")
            #expect(second.json["items"]?[0]?["day"] == .string("2024-01-03"))

            for (day, json, field) in [
                ("2024-01-02", #"{"price": "0"}"#, "price"), ("2024-01-02", #"{"price": "-1"}"#, "price"),
                ("9999-01-02", #"{"price": "1"}"#, "day"),
            ] {
                let answer = try await send(market, "PUT", path(id) + "/prices/\(day)", json)
                #expect(answer.status == 422 && answer.json["field"] == .string(field), "\(answer.text)")
            }
            let eve = try await market.test.makeUser()
            let token = try await market.server.token(for: eve)
            for (method, json) in [("PUT", #"{"price": "1"}"#), ("DELETE", nil as String?)] {
                let answer = try await market.server.send(
                    method, path(id) + "/prices/2024-01-02", token: token, json: json)
                #expect(answer.status == 404)
            }
            #expect(try await market.server.send("GET", path(id) + "/prices", token: token).status == 404)
            #expect(try await market.count("SELECT count(*) FROM market.owner_prices") == 2)
        }
    }

    @Test func aFileOfPricesIsAllOrNothingAndTheSecondTimeChangesNothing() async throws {
        try await withMarket { market in
            let id = try await market.register("HUT", source: "MANUAL", currency: "GBP", as: market.user)
            let imports = path(id) + "/price-imports"
            func upload(_ csv: String, _ query: String = "") async throws -> TestClient.Answer {
                try await send(
                    market, "POST", imports + query, csv,
                    headers: ["Content-Type": "text/csv", "Idempotency-Key": UUID().uuidString])
            }
            let faulty = try await upload(
                "Date,Price\n2024-01-02,1\n2024-01-02,2\n2024-01-03,0\n9999-01-01,1\n")
            #expect(faulty.status == 422 && faulty.json["refused"] == .number(3), "\(faulty.text)")
            #expect(try await market.count("SELECT count(*) FROM market.owner_prices") == 0)

            // Pence are kept as pounds; a column Close is as good as Price.
            let csv = "Date,Close,Note\n2024-01-02,150,a\n2024-01-03,151.5,b\n"
            let first = try await upload(csv, "?currency=GBp")
            #expect(first.status == 200 && first.json["inserted"] == .number(2), "\(first.text)")
            #expect(first.json["ignored_columns"] == .array([.string("Note")]))
            let again = try await upload(csv, "?currency=GBp")
            #expect(again.json["unchanged"] == .number(2), "\(again.text)")
            let page = try await market.get(path(id) + "/prices")
            #expect(page.json["items"]?[1]?["price"] == .string("1.515"), "\(page.text)")
            let other = try await upload(csv, "?currency=USD")
            #expect(other.status == 422 && other.json["field"] == .string("currency"), "\(other.text)")
        }
    }

    // MARK: - Merging

    private func shared(_ market: MarketTest, _ symbol: String, _ currency: String) async throws -> String {
        let answer = try await market.server.send(
            "POST", "/v1/instruments", token: market.operatorToken,
            json: """
                {"source": "YAHOO", "symbol": "\(symbol)", "name": "\(symbol) Inc.", "class": "etf",
                 "currency": "\(currency)"}
                """)
        return try #require(answer.json["id"]?.string, "\(answer.text)")
    }

    private func merge(_ market: MarketTest, _ id: Instrument.ID, into other: String) async throws
        -> TestClient.Answer
    {
        try await send(market, "POST", path(id) + "/merge", #"{"into": "\#(other)"}"#)
    }

    @Test func mergedIntoASharedOneItHasThatOnesListingAndBars() async throws {
        try await withMarket { market in
            let own = try await market.register("MY MSFT", source: "MANUAL", as: market.user)
            try await book(market, own)
            let listed = try await shared(market, "MSFT", "USD")
            _ = try await market.upload(
                "Date,Open,High,Low,Close,Volume\n2024-01-02,1,2,1,2,5\n",
                to: "/v1/bar-imports?symbol=MSFT&source=YAHOO&adjusted=raw")
            #expect(try await market.get("/v1/instruments/\(own)/bars").json["items"] == .array([]))
            let merged = try await merge(market, own, into: listed)
            #expect(merged.status == 200, "\(merged.text)")
            #expect(merged.json["id"] == .string("\(own)") && merged.json["symbol"] == .string("MSFT"))
            #expect(merged.json["name"] == .string("MSFT Inc.") && merged.json["calendar"] == .string("XNYS"))
            let bars = try await market.get("/v1/instruments/\(own)/bars")
            #expect(bars.json["items"]?[0]?["close"] == .string("2"), "\(bars.text)")
            #expect(bars.json["items"]?[0]?["adjusted"] == .string("raw"))

            // A second one of the user's cannot have the same listing.
            let second = try await market.register("OLD MSFT", source: "MANUAL", as: market.user)
            let taken = try await merge(market, second, into: listed)
            #expect(taken.status == 409 && taken.text.contains("instrument-in-use"), "\(taken.text)")
            // But it can become the first one, while nothing is in it.
            let joined = try await merge(market, second, into: "\(own)")
            #expect(joined.status == 200 && joined.json["id"] == .string("\(own)"), "\(joined.text)")
            #expect(try await market.get("/v1/instruments/\(second)").status == 404)
        }
    }

    @Test func whatWouldChangeABookIsNotMerged() async throws {
        try await withMarket { market in
            let own = try await market.register("MY MSFT", source: "MANUAL", currency: "EUR", as: market.user)
            let dollars = try await shared(market, "MSFT", "USD")
            let differs = try await merge(market, own, into: dollars)
            #expect(differs.status == 409 && differs.text.contains("currency-differs"), "\(differs.text)")

            // The shared one is held itself.
            let euros = try await shared(market, "MSF.DE", "EUR")
            try await book(market, try #require(Instrument.ID(euros)))
            let held = try await merge(market, own, into: euros)
            #expect(held.status == 409 && held.text.contains("instrument-in-use"), "\(held.text)")

            // What something rests on is not removed.
            let other = try await market.register("OTHER", source: "MANUAL", currency: "EUR", as: market.user)
            try await book(market, own)
            _ = try await send(market, "PUT", path(own) + "/prices/2024-01-02", #"{"price": "1"}"#)
            let used = try await merge(market, own, into: "\(other)")
            #expect(used.status == 409 && used.text.contains("instrument-in-use"), "\(used.text)")
            #expect(try await market.get(path(other) + "/prices").json["items"] == .array([]))
            // The other way round it is.
            _ = try await send(market, "PUT", path(other) + "/prices/2024-01-02", #"{"price": "7"}"#)
            _ = try await send(market, "PUT", path(other) + "/prices/2024-01-03", #"{"price": "8"}"#)
            #expect(try await merge(market, other, into: "\(own)").status == 200)
            let prices = try await market.get(path(own) + "/prices")
            #expect(prices.json["items"]?[0]?["price"] == .string("1"), "\(prices.text)")
            #expect(prices.json["items"]?[1]?["price"] == .string("8"))

            let itself = try await merge(market, own, into: "\(own)")
            #expect(itself.status == 422 && itself.json["field"] == .string("into"))
            let unknown = try await merge(market, own, into: UUID().uuidString.lowercased())
            #expect(unknown.status == 422 && unknown.json["field"] == .string("into"))
        }
    }
}
