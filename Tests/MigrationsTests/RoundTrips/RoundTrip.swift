import DatabaseClient
import ExactTypes
import Foundation
import GroveFactories
import GroveTesting
import SharedTypes

/// A service's database under a user who has a portfolio, and under a stranger.
struct RoundTrip {
    let factory: Factory
    let portfolio: MadeRow
    let user: User.ID
    let mine: UserScope
    let strangers: UserScope
    /// Nine o'clock, when the factory's rows are made.
    let now = Date(timeIntervalSince1970: 1_767_603_600)

    func id<E>(_ entity: E.Type = E.self) -> Identifier<E> { .version7(at: now) }
}

/// - Parameter role: of the service, as `portfolios_service`. It has every right: what no code calls yet gives none.
func withRoundTrip(_ role: String, _ body: (RoundTrip) async throws -> Void) async throws {
    try await withTestDatabase { test in
        let factory = try await Factory(test.owner)
        let portfolio = try await factory.make("portfolios.portfolios")
        let stranger = try await factory.make("users.users")
        try await test.grantEverything(to: role)
        let database = test.database(role: role)
        let user = try portfolio.uuid("user_id")
        try await body(
            RoundTrip(
                factory: factory, portfolio: portfolio, user: User.ID(user),
                mine: database.acting(as: user), strangers: database.acting(as: try stranger.uuid())))
    }
}
