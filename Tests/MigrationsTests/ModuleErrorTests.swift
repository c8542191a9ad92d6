import DatabaseClient
import GroveFactories
import GroveTesting
import Testing

@testable import EventLog
@testable import Gamification
@testable import Notifications
@testable import Portfolios

/// A violation of each context comes out as what its error type calls it. (Users and Market map theirs in a use case
/// each; their own tests see it.)
@Suite struct ModuleErrorTests {
    /// A second row with the same values in these columns.
    private func collision(_ table: String, on columns: String...) async throws -> DatabaseError {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let first = try await factory.make(table)
            let same = Values(uniqueKeysWithValues: columns.map { ($0, first[$0]) })
            let error = await #expect(throws: DatabaseError.self) { try await factory.make(table, same) }
            return try #require(error)
        }
    }

    @Test func gamificationKnowsWhatWasGranted() async throws {
        let error = try await collision(
            "gamification.experience_entries", on: "user_id", "reason", "source_event")
        #expect(GamificationError(error) == .alreadyGranted)
    }

    @Test func notificationsKnowWhatWasTold() async throws {
        let error = try await collision("notifications.notifications", on: "user_id", "dedupe_key")
        #expect(NotificationsError(error) == .alreadyNotified)
    }

    @Test func portfoliosKnowAName() async throws {
        let error = try await collision("portfolios.portfolios", on: "user_id", "name")
        guard case .nameTaken = PortfoliosError(error) else {
            Issue.record("\(error)")
            return
        }
    }
}
