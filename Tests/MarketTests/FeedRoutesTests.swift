import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing
import VendorFakes

@testable import Market

/// What operators see and change of feeds.
@Suite struct FeedRoutesTests {
    private func make(
        _ market: MarketTest, _ body: String, key: String = UUID().uuidString
    ) async throws -> TestClient.Answer {
        try await market.server.send(
            "POST", "/v1/price-feeds", token: market.operatorToken, headers: ["Idempotency-Key": key],
            json: body)
    }

    private func get(_ market: MarketTest, _ path: String) async throws -> TestClient.Answer {
        try await market.server.send("GET", path, token: market.operatorToken)
    }

    private func instrument(_ market: MarketTest, _ symbol: String, class name: String = "equity")
        async throws
        -> String
    {
        let answer = try await market.server.send(
            "POST", "/v1/instruments", token: market.operatorToken,
            headers: ["Idempotency-Key": UUID().uuidString],
            json: """
                {"source": "YAHOO", "symbol": "\(symbol)", "name": "\(symbol)", "class": "\(name)", "currency": "USD"}
                """)
        return try #require(answer.json["id"]?.string, "\(answer.text)")
    }

    @Test func aFeedIsMadeShownAndChanged() async throws {
        try await withMarket { market in
            let acme = try await instrument(market, "ACME")
            let body =
                #"{"provider": "ALPACA", "kind": "bars", "instrument_id": "\#(acme)", "first_day": "2024-01-02"}"#
            let made = try await make(market, body, key: "once")
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json["symbol"] == .string("ACME"))
            #expect(made.json["priority"] == .number(50))
            #expect(made.json["status"] == .string("provider_off"), "no key is configured here")
            #expect(made.json["instrument"]?["symbol"] == .string("ACME"))
            #expect(try await make(market, body, key: "once").text == made.text)
            #expect(try await make(market, body).status == 409)
            let path = "/v1/price-feeds/\(try #require(made.json["id"]?.string))"
            #expect(try await get(market, path).text == made.text)
            func change(_ body: String, match: String? = nil) async throws -> TestClient.Answer {
                var headers: [String: String] = [:]
                headers["If-Match"] = match
                return try await market.server.send(
                    "PATCH", path, token: market.operatorToken, headers: headers, json: body)
            }
            let earlier = try await change(#"{"priority": 20, "active": false, "from": "2020-01-02"}"#)
            #expect(earlier.status == 200, "\(earlier.text)")
            #expect(earlier.json["status"] == .string("inactive"))
            #expect(earlier.json["first_day"] == .string("2020-01-02"))
            #expect(earlier.json["next_day"] == .string("2020-01-02"))
            #expect(earlier.json["revision"] == .number(2))
            #expect(try await change(#"{"priority": 1}"#, match: "\"1\"").status == 412)
            let list = try await get(market, "/v1/price-feeds?provider=ALPACA")
            #expect(list.json["items"]?[0]?.text == earlier.json.text)
            #expect(try await get(market, "/v1/price-feeds?provider=ECB").json["items"] == .array([]))
        }
    }

    @Test func whatDoesNotFitIsRefusedByField() async throws {
        try await withMarket { market in
            let acme = try await instrument(market, "ACME")
            let theirs = try await market.register("OWN", as: market.user)
            func problem(_ body: String) async throws -> String {
                let answer = try await make(market, body)
                return "\(answer.status) \(answer.json["field"]?.string ?? "-")"
            }
            let day = #""first_day": "2024-01-02""#
            #expect(try await problem(#"{"provider": "NASDAQ", "kind": "bars", \#(day)}"#) == "422 provider")
            #expect(try await problem(#"{"provider": "ECB", "kind": "bars", \#(day)}"#) == "422 provider")
            #expect(
                try await problem(#"{"provider": "ALPACA", "kind": "bars", \#(day)}"#) == "422 instrument_id")
            #expect(
                try await problem(
                    #"{"provider": "ECB", "kind": "exchange_rates", "instrument_id": "\#(acme)", \#(day)}"#)
                    == "422 instrument_id")
            #expect(
                try await problem(
                    #"{"provider": "ALPACA", "kind": "bars", "instrument_id": "\#(theirs)", \#(day)}"#)
                    == "404 -")
            #expect(try await get(market, "/v1/price-feeds/\(UUID().uuidString)").status == 404)
            #expect(try await get(market, "/v1/price-feeds/\(UUID().uuidString)/missing-days").status == 404)
            for path in ["/v1/price-feeds", "/v1/stale-prices", "/v1/price-disagreements"] {
                #expect(try await market.get(path).status == 403)
            }
        }
    }

    /// By instrument and reason, page by page.
    @Test func whatIsStaleIsListedWithItsReason() async throws {
        try await withMarket { market in
            let csv = "Date,Open,High,Low,Close,Volume\n2024-01-31,1,1,1,1,1\n"
            let old = try await market.upload(csv, to: "/v1/bar-imports?symbol=OLD&source=YAHOO&currency=USD")
            #expect(old.status == 200, "\(old.text)")
            let today = CalendarDay(utc: Date())
            let fresh = try await market.upload(
                "Date,Open,High,Low,Close,Volume\n\(today),1,1,1,1,1\n",
                to: "/v1/bar-imports?symbol=NEW&source=YAHOO&currency=USD")
            #expect(fresh.status == 200, "\(fresh.text)")
            _ = try await instrument(market, "CASH", class: "cash")
            let off = try await instrument(market, "OFF")
            let made = try await make(
                market,
                #"{"provider": "ALPACA", "kind": "bars", "instrument_id": "\#(off)", "first_day": "2024-01-02"}"#
            )
            #expect(made.status == 201, "\(made.text)")
            var seen: [String] = []
            var path = "/v1/stale-prices?limit=1"
            while true {
                let page = try await get(market, path)
                guard case .array(let items)? = page.json["items"] else { break }
                for item in items {
                    seen.append(
                        "\(item["instrument"]?["symbol"]?.string ?? "") \(item["reason"]?.string ?? "") "
                            + "\(item["newest_day"]?.string ?? "never")")
                }
                guard let next = page.json["next"]?.string else { break }
                path = "/v1/stale-prices?limit=1&after=\(next)"
            }
            #expect(seen.sorted() == ["OFF provider_off never", "OLD no_feed 2024-01-31"])
            #expect(try await get(market, "/v1/stale-prices?days=0").status == 422)
        }
    }

    @Test func missingDaysAndDisagreementsAreListed() async throws {
        try await withMarket { market in
            let acme = try await instrument(market, "ACME")
            let made = try await make(
                market,
                #"{"provider": "ALPACA", "kind": "bars", "instrument_id": "\#(acme)", "first_day": "2024-01-02"}"#
            )
            let feed = try #require(made.json["id"]?.string)
            try await market.test.owner.script(
                """
                INSERT INTO market.feed_gaps (feed_id, day, attempts, attempt_at, created_at, updated_at)
                VALUES ('\(feed)', '2024-01-03', 1, '2024-01-10 06:00Z', '2024-01-09 06:00Z', '2024-01-09 06:00Z'),
                    ('\(feed)', '2024-01-05', 8, '2024-06-10 06:00Z', '2024-01-09 06:00Z', '2024-01-09 06:00Z');
                INSERT INTO market.price_disagreements VALUES
                    ('\(acme)', '2024-01-04', 'ALPACA', 10, 'YAHOO', 11.5, '2024-01-09 06:00Z', '2024-01-09 06:00Z');
                """)
            let first = try await get(market, "/v1/price-feeds/\(feed)/missing-days?limit=1")
            #expect(first.json["items"]?[0]?["day"] == .string("2024-01-03"))
            #expect(first.json["items"]?[0]?["next_attempt_at"] == .string("2024-01-10T06:00:00.000000Z"))
            let next = try #require(first.json["next"]?.string)
            let second = try await get(market, "/v1/price-feeds/\(feed)/missing-days?limit=1&after=\(next)")
            #expect(second.json["items"]?[0]?["day"] == .string("2024-01-05"))
            #expect(second.json["items"]?[0]?["next_attempt_at"] == .null, "it is not asked for any more")
            #expect(try await get(market, "/v1/price-feeds/\(feed)").json["missing_days"] == .number(2))
            let others = try await get(market, "/v1/price-disagreements")
            #expect(others.json["items"]?[0]?["offered"] == .string("11.5"), "\(others.text)")
            #expect(others.json["items"]?[0]?["kept_source"] == .string("YAHOO"))
            #expect(others.json["items"]?[0]?["instrument"]?["symbol"] == .string("ACME"))
        }
    }
}
