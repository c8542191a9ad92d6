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

@Suite struct RowLevelSecurityTests {
    private static let tables = [
        "user_levels", "experience_entries", "user_quests", "quest_events", "user_achievements",
        "user_battle_passes", "battle_pass_claims",
    ]

    /// Rows that a statement sees that names no user: only the policy decides.
    private func visible(_ game: GamificationTest, _ table: String, as user: User.ID?) async throws -> Int {
        let statement = Statement(
            name: "test.\(table)", sql: "SELECT count(user_id) FROM gamification.\(table)", access: .read)
        let executor: any QueryExecutor = user.map { game.database.acting(as: $0.uuid) } ?? game.database
        return try await executor.execute(statement, Parameters())[0].int(0)
    }

    @Test func nobodySeesAnothersRows() async throws {
        try await GamificationServer.with { server in
            let game = server.game
            try await game.module.seedDemoCatalogue()
            let now = game.clock.now
            let posting = QuestFact.Posting(
                type: .buy, portfolio: .version7(at: now), instrument: .version7(at: now),
                isInstrumentShared: true, amount: FixedDecimal(1),
                currency: .usd)
            try await game.database.transaction(as: server.ada.id.uuid) { transaction in
                let catalogue = try await Catalogue.load(transaction, logger: game.module.logger)
                try await countFact(
                    QuestFact(event: .transactionPosted, key: "1", at: now, zone: .utc, posting: posting),
                    under: catalogue, events: game.module.events,
                    in: game.operation(server.ada.id, transaction))
            }
            let pass = try await game.database.findCurrentBattlePass(now: now)
            let path = "/v1/battle-passes/\(try #require(pass?.id))/tiers/1/claims"
            let claimed = try await server.send("POST", path, json: #"{"track": "free"}"#)
            #expect(claimed.status == 201, "\(claimed.text)")
            for table in Self.tables {
                #expect(try await visible(game, table, as: server.ada.id) > 0, "\(table)")
                #expect(try await visible(game, table, as: server.eve.id) == 0, "\(table)")
                #expect(try await visible(game, table, as: nil) == 0, "\(table)")
            }
            let level = try await server.send("GET", "/v1/gamification/me", as: server.eve)
            #expect(level.json["level"] == .number(1) && level.json["experience"] == .number(0))
            for path in ["/v1/experience-entries", "/v1/quest-progress"] {
                let mine = try await server.list(path)
                let theirs = try await server.list(path, as: server.eve)
                #expect(!mine.isEmpty && theirs.isEmpty, "\(path)")
            }
            let quests = try await server.list("/v1/quests", as: server.eve)
            #expect(quests.count == 7 && quests.allSatisfy { $0["progress"] == .string("0") })
            let pages = try await server.send("GET", "/v1/quests?limit=3", as: server.eve)
            let next = try #require(pages.json["next"]?.string)
            let rest = try await server.list("/v1/quests?limit=200&after=\(next)", as: server.eve)
            #expect(rest.count == 4)
            let anonymous = try await TestClient.shared.send("GET", server.server.url + "/v1/quests")
            #expect(anonymous.status == 401)
        }
    }
}
