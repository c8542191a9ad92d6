import DatabaseClient
import Foundation
import GroveTesting
import Testing

@testable import Portfolios

/// One person's requests that wait for the same portfolio, and another person's.
@Suite(.timeLimit(.minutes(2))) struct PersonShareTests {
    @Test func anotherPersonIsServedMeanwhile() async throws {
        // Seven connections for transactions.
        try await withPortfolios(connections: 8) { server in
            let mine = try await server.portfolio()
            let id = try #require(mine.split(separator: "/").last)
            try await server.test.owner.script(
                "BEGIN; SELECT FROM portfolios.portfolios WHERE id = '\(id)' FOR UPDATE")
            try await withThrowingTaskGroup(of: Int.self) { group in
                // As many as there are connections; the client keeps one more for the other person.
                for number in 1...7 {
                    group.addTask {
                        try await server.trade(mine, "buy", "2026-03-02", "\(number)", at: "10").status
                    }
                }
                while server.database.usage.leased + server.database.usage.waiting < 7 {
                    try await Task.sleep(for: .milliseconds(5))
                }
                let other = try await server.send(
                    "POST", "/v1/portfolios", as: server.eve,
                    json: """
                        {"name": "Hers", "kind": "brokerage", "base_currency": "USD", "cost_basis_method": "fifo",
                         "tracks_cash": false}
                        """)
                #expect(other.status == 201, "\(other.text)")
                #expect(server.database.usage == (3, 4))
                try await server.test.owner.script("ROLLBACK")
                for try await status in group { #expect(status == 201) }
            }
        }
    }
}
