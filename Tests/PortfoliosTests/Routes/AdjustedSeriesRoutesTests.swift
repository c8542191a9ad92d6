import DatabaseClient
import Foundation
import GroveTesting
import StrictJSON
import Testing

@testable import Portfolios

/// From a broker's file and stored bars to a valuation.
@Suite struct AdjustedSeriesRoutesTests {
    private static let header = "date,type,source,symbol,quantity,unit_price,currency,split_to,split_from\n"
    /// As a person reported it (P05): 100 shares at 2, one for fifty a few days later.
    private static let file =
        header + "2024-06-06,buy,YAHOO,RVS,100,2,USD,,\n2024-06-10,split,YAHOO,RVS,,,USD,1,50\n"

    /// A shared instrument with flat bars that were brought on 2026-01-05.
    private func list(
        _ server: PortfoliosServer, _ symbol: String, _ adjusted: String, bars: [(String, String)]
    ) async throws {
        try await server.test.owner.script(
            """
            INSERT INTO market.instruments
                (id, source, symbol, name, class, currency, revision, created_at, updated_at)
            VALUES (gen_random_uuid(), 'YAHOO', '\(symbol)', '\(symbol)', 'equity', 'USD', 1, now(), now())
            """)
        for (day, price) in bars {
            try await server.test.owner.script(
                """
                INSERT INTO market.price_bars
                    (instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at,
                     updated_at)
                SELECT id, '\(day)', \(price), \(price), \(price), \(price), 1, 'YAHOO', '\(adjusted)', '2026-01-05',
                    now(), now()
                FROM market.instruments WHERE symbol = '\(symbol)' AND owner_id IS NULL
                """)
        }
    }

    private func value(
        _ server: PortfoliosServer, _ path: String, _ day: String
    ) async throws -> (value: String?, complete: JSONValue?, doubt: String?) {
        let answer = try await server.send("GET", "\(path)/valuation?day=\(day)&currency=USD")
        try #require(answer.status == 200, "\(answer.text)")
        return (
            answer.json["total"]?["value"]?.string, answer.json["complete"],
            answer.json["holdings"]?[0]?["price"]?["doubt"]?.string
        )
    }

    private let bars = [("2024-06-06", "100"), ("2024-06-07", "100"), ("2024-06-10", "90")]

    @Test func aSeriesThatSaysItIsAdjustedGivesTheValueOfTheDay() async throws {
        try await withPortfolios { server in
            try await list(server, "RVS", "splits", bars: bars)
            let path = try await server.portfolio()
            let answer = try await server.importFile(path, Self.file, type: "text/csv")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try await value(server, path, "2024-06-07") == ("200", .bool(true), nil))
            #expect(try await value(server, path, "2024-06-10") == ("180", .bool(true), nil))
            // A sale of everything later, and the day is worth what it was.
            let sold = try await server.importFile(
                path, Self.header + "2024-06-11,sell,YAHOO,RVS,2,91,USD,,\n", type: "text/csv")
            #expect(sold.status == 200, "\(sold.text)")
            #expect(try await value(server, path, "2024-06-07") == ("200", .bool(true), nil))
        }
    }

    @Test func aSeriesThatSaysNothingIsNeverComplete() async throws {
        try await withPortfolios { server in
            try await list(server, "RVS", "unknown", bars: bars)
            let path = try await server.portfolio()
            _ = try await server.importFile(path, Self.file, type: "text/csv")
            #expect(
                try await value(server, path, "2024-06-07") == ("10000", .bool(false), "differs_from_trade"))
            let allocation = try await server.send("GET", "\(path)/allocation?day=2024-06-07")
            #expect(allocation.json["complete"] == .bool(false))
            // Taken back, the split is none: only the trade speaks against the close.
            let rows = try await server.list("\(path)/transactions?type=split")
            let split = try #require(rows.first?["id"]?.string)
            let reversed = try await server.send(
                "POST", "\(path)/transactions/\(split)/reversals", json: "{}")
            #expect(reversed.status == 201, "\(reversed.text)")
            #expect(
                try await value(server, path, "2024-06-07") == ("10000", .bool(false), "differs_from_trade"))
        }
    }

    /// The split is known to Market alone, on the row that the private instrument shares its listing with.
    @Test func aSplitThatMarketListsRestatesToo() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let bought = try await server.importFile(
                path, Self.header + "2024-06-06,buy,YAHOO,RVS,100,2,USD,,\n", type: "text/csv")
            #expect(bought.status == 200, "\(bought.text)")
            try await list(server, "RVS", "splits", bars: bars)
            try await server.test.owner.script(
                """
                INSERT INTO market.corporate_actions
                    (id, instrument_id, kind, ex_date, new_shares, old_shares, source, created_at, updated_at)
                SELECT gen_random_uuid(), id, 'split', '2024-06-10', 1, 50, 'TEST', now(), now()
                FROM market.instruments WHERE owner_id IS NULL
                """)
            #expect(try await value(server, path, "2024-06-07") == ("200", .bool(true), nil))
            #expect(try await value(server, path, "2024-06-10") == ("9000", .bool(false), "split_not_booked"))
        }
    }
}
