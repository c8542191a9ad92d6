import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import Migrations
import SharedTypes
import Testing

@testable import Gamification

@Suite struct SeedTests {
    /// What the demonstration holds is what an operator could have written: everything parses and keeps the
    /// rules.
    @Test func theSeedKeepsTheRules() async throws {
        try await withTestDatabase { test in
            let folder = Repository.root.appending(path: "migrations").path
            _ = try await Seed(
                connectionString: test.connectionString(role: "postgres"),
                migrations: try MigrationFolder(path: folder), folder: try SeedFolder(path: "\(folder)/seed"),
                options: Seed.Options()
            ).run()
            let database = test.database(role: "gamification_service")
            let quests = try await database.listQuests(afterID: .lowest, rowLimit: 1_000)
            #expect(quests.count == 8)
            for row in quests { try QuestDraft(row).validate() }
            let achievements = try await database.listAchievements(afterID: .lowest, rowLimit: 1_000)
            #expect(achievements.count == 4)
            for row in achievements {
                try await database.transaction { try await AchievementDraft(row).validate(in: $0) }
            }
            for pass in try await database.listBattlePasses(beforeSeason: 1_000, rowLimit: 100) {
                try SeasonDraft(pass).validate()
                for tier in try await database.listTiers(battlePassID: pass.id) {
                    for reward in [tier.freeReward, tier.premiumReward] {
                        _ = try reward.map(Reward.init(parsing:))
                    }
                }
            }
            let levels = try await test.owner.query("SELECT level, experience FROM gamification.user_levels")
                .many { (try $0.int(0), try $0.int(1)) }
            #expect(!levels.isEmpty && levels.allSatisfy { LevelCurve.level(at: $0.1) == $0.0 })
        }
    }
}
