import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct SearchInstrumentsTests {
    private func list(
        _ market: MarketTest, _ symbol: String, _ name: String, isin: String? = nil, source: String = "YAHOO"
    ) async throws {
        let member = isin.map { #", "isin": "\#($0)""# } ?? ""
        let answer = try await market.server.send(
            "POST", "/v1/instruments", token: market.operatorToken,
            json: """
                {"source": "\(source)", "symbol": "\(symbol)", "name": "\(name)", "class": "equity",
                 "currency": "USD"\(member)}
                """)
        try #require(answer.status == 201, "\(answer.text)")
    }

    private func find(
        _ market: MarketTest, _ query: String, _ more: String = ""
    ) async throws -> [String] {
        let text = query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try await market.get("/v1/instrument-search?query=\(text)\(more)")
        try #require(answer.status == 200, "\(answer.text)")
        guard case .array(let items)? = answer.json["items"] else { return [] }
        return items.compactMap { $0["symbol"]?.string }
    }

    @Test func theSymbolComesBeforeItsBeginningAndThatBeforeTheName() async throws {
        try await withMarket { market in
            try await list(market, "APPLE", "Another")
            try await list(market, "AAPL", "Apple Inc.", isin: "US0378331005")
            try await list(market, "APPLX", "Appleseed Fund")
            try await list(market, "PINE", "Pineapple Energy")
            try await list(market, "MSFT", "Microsoft", isin: "US5949181045")
            let found = try await find(market, "apple")
            #expect(found.first == "APPLE")
            #expect(Set(found) == ["APPLE", "AAPL", "APPLX", "PINE"])
            #expect(found.last == "PINE")
            #expect(try await find(market, "US0378331005") == ["AAPL"])
            #expect(try await find(market, "us594918") == ["MSFT"])
            #expect(try await find(market, "  msft ") == ["MSFT"])
            // A slip of the finger.
            #expect(try await find(market, "microsft") == ["MSFT"])
            #expect(try await find(market, "zebra") == [])
            #expect(try await find(market, "apple", "&limit=2").count == 2)
        }
    }

    /// A listing that files wrote in two cases is one.
    @Test func oneEntryAListingWhateverTheCaseOnesOwnBeforeShared() async throws {
        try await withMarket { market in
            try await list(market, "aapl", "Apple, small")
            try await list(market, "AAPL", "Apple Inc.")
            #expect(try await find(market, "aapl") == ["AAPL"])
            let own = try await market.register("aapl", as: market.user)
            let mine = try await market.get("/v1/instrument-search?query=AAPL")
            // Registering gives the shared one of exactly that case, and no third row.
            #expect(mine.json["items"]?[1] == nil, "\(mine.text)")
            let lone = try await market.register("Aapl", as: market.user)
            let found = try await market.get("/v1/instrument-search?query=AAPL")
            #expect(found.json["items"]?[0]?["id"] == .string("\(lone)"), "\(found.text)")
            #expect(found.json["items"]?[1] == nil)
            #expect(own != lone)
            // Of another source it is another listing.
            try await list(market, "AAPL", "Apple elsewhere", source: "STOOQ")
            #expect(try await find(market, "aapl").count == 2)
        }
    }

    @Test func anothersInstrumentsAndInactiveOnesAreNotFound() async throws {
        try await withMarket { market in
            let other = try await market.test.makeUser()
            _ = try await market.register("SECRETHUT", source: "MANUAL", as: other)
            #expect(try await find(market, "SECRETHUT") == [])
            _ = try await market.register("SECRETHUT", source: "MANUAL", as: market.user)
            #expect(try await find(market, "secret") == ["SECRETHUT"])
            try await market.test.owner.script("UPDATE market.instruments SET active = false")
            #expect(try await find(market, "secret") == [])
        }
    }

    /// What LIKE takes for a pattern is a text here.
    @Test func signsOfPatternsAreTexts() async throws {
        try await withMarket { market in
            try await list(market, "SEA100", "Sea 100%_\\\\")
            try await list(market, "SEA1000", "Sea thousand")
            #expect(try await find(market, "100%_\\").first == "SEA100")
            #expect(try await find(market, "%%%") == [])
            #expect(try await find(market, "___") == [])
            for (query, field) in [("query=", "query"), ("query=%20", "query"), ("query=a&limit=0", "limit")]
            {
                let answer = try await market.get("/v1/instrument-search?\(query)")
                #expect(answer.status == 422 && answer.json["field"] == .string(field), "\(answer.text)")
            }
            let isin = try await market.server.send(
                "POST", "/v1/instruments", token: market.operatorToken,
                json:
                    #"{"source": "X", "symbol": "X", "name": "X", "class": "etf", "currency": "USD", "isin": "US1"}"#
            )
            #expect(isin.status == 422 && isin.json["field"] == .string("isin"))
        }
    }

    /// The index finds a name among many, as the service's role. Without it every row would be read.
    @Test func theIndexFindsANameAmongMany() async throws {
        try await withMarket { market in
            try await market.test.owner.script(
                """
                INSERT INTO market.instruments
                    (id, source, symbol, name, class, currency, revision, created_at, updated_at)
                SELECT gen_random_uuid(), 'YAHOO', md5(n::text), md5('name' || n), 'equity', 'USD', 1, now(), now()
                FROM generate_series(1, 20000) AS n;
                INSERT INTO market.instruments
                    (id, source, symbol, name, class, currency, revision, created_at, updated_at)
                VALUES (gen_random_uuid(), 'YAHOO', 'ZZTOP', 'Zanzibar Holdings', 'equity', 'USD', 1, now(), now());
                ANALYZE market.instruments;
                """)
            #expect(try await find(market, "zanzibar") == ["ZZTOP"])
            let scans =
                "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'instruments_search_idx'"
            let before = try await market.count(scans)
            // In one session, which then says at once what it has read.
            try await market.test.owner.script(
                "SELECT market.search_instruments('zanzibar', 5); SELECT pg_stat_force_next_flush();")
            try await eventually("the statistics") { try await market.count(scans) > before }
        }
    }
}
