import DatabaseClient
import Foundation
import GroveTesting
import StrictJSON
import Testing

@testable import Portfolios

/// What a holding is worth by its owner's own price.
@Suite struct OwnerPriceValuationTests {
    private func price(_ server: PortfoliosServer, _ day: String, _ price: String) async throws {
        try await server.test.owner.script(
            """
            INSERT INTO market.owner_prices (user_id, instrument_id, day, price, created_at, updated_at)
            SELECT owner_id, id, '\(day)', \(price), now(), now() FROM market.instruments WHERE owner_id IS NOT NULL
            """)
    }

    private func line(_ server: PortfoliosServer, _ path: String, _ day: String) async throws -> [String?] {
        let answer = try await server.send("GET", "\(path)/valuation?day=\(day)&currency=USD")
        try #require(answer.status == 200, "\(answer.text)")
        let price = answer.json["holdings"]?[0]?["price"]
        return [
            answer.json["total"]?["value"]?.string, price?["source"]?.string, price?["as_of"]?.string,
            answer.json["complete"] == .bool(true) ? "complete" : "incomplete",
        ]
    }

    /// Three huts at 10: at the owner's 12.5 they are 37.5, and of two prices the later counts, whoever it is from.
    @Test func anOwnersPriceCountsFromItsDayUntilALaterOne() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            #expect(try await server.trade(path, "buy", "2024-01-02", "3", at: "10").status == 201)
            #expect(try await line(server, path, "2024-01-05")[1] == "last_trade")
            try await price(server, "2024-01-04", "12.5")
            #expect(try await line(server, path, "2024-01-03")[1] == "last_trade")
            #expect(
                try await line(server, path, "2024-01-05") == ["37.5", "owner", "2024-01-04", "complete"])

            // The market has the listing since, with bars of two days.
            try await server.test.owner.script(
                """
                INSERT INTO market.instruments
                    (id, source, symbol, name, class, currency, revision, created_at, updated_at)
                SELECT gen_random_uuid(), source, symbol, symbol, 'equity', 'USD', 1, now(), now()
                FROM market.instruments;
                INSERT INTO market.price_bars
                    (instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at, updated_at)
                SELECT id, day, 11, 11, 11, 11, 1, 'TEST', 'raw', day, now(), now()
                FROM market.instruments, unnest(ARRAY['2024-01-04', '2024-01-08']::date[]) AS day
                WHERE owner_id IS NULL
                """)
            #expect(
                try await line(server, path, "2024-01-05") == ["37.5", "owner", "2024-01-04", "complete"])
            #expect(try await line(server, path, "2024-01-08") == ["33", "market", "2024-01-08", "complete"])
        }
    }

    @Test func anothersPriceIsNotSeen() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            #expect(try await server.trade(path, "buy", "2024-01-02", "3", at: "10").status == 201)
            try await server.test.owner.script(
                """
                INSERT INTO market.owner_prices (user_id, instrument_id, day, price, created_at, updated_at)
                SELECT '\(server.eve.id)', id, '2024-01-04', 99, now(), now() FROM market.instruments
                """)
            #expect(try await line(server, path, "2024-01-05")[0] == "30")
        }
    }
}
