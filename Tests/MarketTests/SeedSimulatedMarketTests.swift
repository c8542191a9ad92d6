import DatabaseClient
import ExactTypes
import GroveTesting
import Testing

@testable import Market

@Suite struct SeedSimulatedMarketTests {
    @Test func seedingAgainOnlyAddsDays() async throws {
        let friday = try CalendarDay(parsing: "2022-03-04")
        try await withTestDatabase { test in
            let module = MarketModule(database: test.database(role: "market_service"))
            let first = try await module.seedSimulatedMarket(try SimulatedMarket(through: friday))
            // Nine weeks of five days, for seven instruments and four pairs of currencies.
            #expect(first.inserted == 45 * 11)
            let again = try await module.seedSimulatedMarket(try SimulatedMarket(through: friday))
            #expect(again.read == 45 * 11)
            #expect(again.inserted == 0)
            #expect(again.updated == 0)
            let later = try await module.seedSimulatedMarket(
                try SimulatedMarket(through: try friday.advanced(by: 4)))
            #expect(later.inserted == 2 * 11)
            #expect(later.updated == 0)
            let names = try await test.owner.query("SELECT name FROM market.instruments").many {
                try $0.text(0)
            }
            #expect(names.count == 7)
            #expect(names.allSatisfy { $0.hasSuffix("(simulated)") })
        }
    }
}
