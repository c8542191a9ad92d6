import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Gamification

/// Gamification behind a real socket, with two people and an operator in front of it.
struct GamificationServer: Sendable {
    struct Person: Sendable {
        let id: User.ID
        let token: String
    }

    let game: GamificationTest
    let server: TestServer
    let ada: Person
    let eve: Person
    let olga: Person

    /// The client of the contracts as Ada, unless another is named.
    func client(_ person: Person? = nil) -> ContractClient { server.client(token: (person ?? ada).token) }

    /// Sends a request as Ada, unless another is named.
    func send(
        _ method: String, _ path: String, as person: Person? = nil, headers: [String: String] = [:],
        json: String? = nil
    ) async throws -> TestClient.Answer {
        try await server.send(method, path, token: (person ?? ada).token, headers: headers, json: json)
    }

    /// The items of a list.
    func list(_ path: String, as person: Person? = nil) async throws -> [JSONValue] {
        let answer = try await send("GET", path, as: person)
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json["items"]?.elements ?? []
    }

    /// Points for somebody, as a quest would give them.
    func grant(_ points: Int, to user: User.ID, source: String = "test", towards pass: BattlePass.ID? = nil)
        async throws
    {
        try await game.database.transaction(as: user.uuid) { transaction in
            var ledger = try await ExperienceLedger.open(
                events: game.module.events, in: game.operation(user, transaction))
            try await ledger.grant(
                [ExperienceGrant(amount: points, reason: .learning, subject: source)], towards: pass)
        }
    }

    static func with(_ body: @escaping @Sendable (GamificationServer) async throws -> Void) async throws {
        try await GamificationTest.with(isAlone: false) { game in
            let ada = try await game.test.makeUser(email: "ada@example.com")
            let eve = try await game.test.makeUser(email: "eve@example.com")
            let olga = try await game.test.makeUser(email: "olga@example.com")
            try await withServer(modules: [game.module], databases: [game.database]) { server in
                try await body(
                    GamificationServer(
                        game: game, server: server,
                        ada: .init(id: ada, token: try await server.token(for: ada)),
                        eve: .init(id: eve, token: try await server.token(for: eve)),
                        olga: .init(id: olga, token: try await server.token(for: olga, isOperator: true))))
            }
        }
    }
}
