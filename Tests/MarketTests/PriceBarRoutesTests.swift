import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct PriceBarRoutesTests {
    @Test func barsGoPageByPageFromADayToADay() async throws {
        let rows = (1...9).map { "2024-01-0\($0),\($0),\($0),\($0),\($0),0" }.joined(separator: "\n")
        try await withMarket { market in
            _ = try await market.upload(
                "Date,Open,High,Low,Close,Volume\n" + rows, to: "/v1/bar-imports?symbol=A&currency=EUR")
            let id = try #require(
                try await market.get("/v1/instruments?symbol=A").json["items"]?[0]?["id"]?.string)
            var closes: [String] = []
            var after = ""
            for _ in 0..<10 {
                let page = try await market.get(
                    "/v1/instruments/\(id)/bars?from=2024-01-02&to=2024-01-08&limit=3\(after)")
                #expect(page.json["currency"] == .string("EUR"))
                guard case .array(let bars)? = page.json["items"] else {
                    Issue.record("no bars in \(page.text)")
                    return
                }
                closes += bars.compactMap { $0["close"]?.string }
                guard let next = page.json["next"]?.string else { break }
                after = "&after=\(next)"
            }
            #expect(closes == ["2", "3", "4", "5", "6", "7", "8"])

            for (query, field) in [
                ("from=2024-02-30", "from"), ("from=2024-01-02&to=2024-01-01", "to"), ("after=x", "after"),
                ("limit=1001", "limit"),
            ] {
                let answer = try await market.get("/v1/instruments/\(id)/bars?\(query)")
                #expect(answer.status == 422)
                #expect(answer.json["field"] == .string(field))
            }
        }
    }

    @Test func aPrivateInstrumentShowsTheBarsOfItsListing() async throws {
        try await withMarket { market in
            let mine = try await market.register("A", as: market.user)
            let empty = try await market.get("/v1/instruments/\(mine)/bars")
            #expect(empty.status == 200)
            #expect(empty.json["items"] == .array([]))
            #expect(empty.json["currency"] == .string("USD"))

            _ = try await market.upload(
                "Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,1,0\n",
                to: "/v1/bar-imports?symbol=A&currency=USD&source=YAHOO")
            let shown = try await market.get("/v1/instruments/\(mine)/bars")
            #expect(shown.json["items"]?[0]?["close"] == .string("1"))

            let stranger = try await market.server.token(for: try await market.test.makeUser())
            let hidden = try await market.server.send("GET", "/v1/instruments/\(mine)/bars", token: stranger)
            #expect(hidden.status == 404)
        }
    }
}
