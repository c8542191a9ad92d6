import DatabaseClient
import ExactTypes
import GroveTesting
import Testing

@testable import Market

@Suite struct SeedSimulatedInstrumentsTests {
    @Test func seedingAgainChangesNothing() async throws {
        try await withTestDatabase { test in
            let module = MarketModule(database: test.database(role: "market_service"))
            func rows() async throws -> [String] {
                try await test.owner.query(
                    "SELECT name || ' ' || symbol || ' ' || updated_at FROM market.instruments ORDER BY symbol"
                ).many { try $0.text(0) }
            }
            try await module.seedSimulatedInstruments()
            let first = try await rows()
            #expect(first.count == SimulatedMarket.instruments.count)
            #expect(first.allSatisfy { $0.contains("(simulated)") })
            try await module.seedSimulatedInstruments()
            #expect(try await rows() == first)
        }
    }
}
