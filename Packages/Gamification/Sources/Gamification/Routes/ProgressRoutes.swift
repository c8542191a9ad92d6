import ContractKit
import DatabaseClient
import ExactTypes
import GamificationContract
import ServiceKit
import SharedTypes

/// `/v1/gamification/me`, `/v1/experience-entries` and `/v1/achievements`: what a user has come to.
struct ProgressRoutes {
    private typealias API = GamificationAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.FindOwnLevel.self, findOwnLevel)
        routes.read(API.ListExperience.self, listExperience)
        routes.read(API.ListAchievements.self, listAchievements)
    }

    @Sendable private func findOwnLevel(_ call: Call<API.FindOwnLevel>) async throws
        -> API.FindOwnLevel.Output
    {
        .ok(
            API.Level(
                try await findLevel(of: call.user, on: database.acting(as: call.user.uuid), at: call.now)))
    }

    @Sendable private func listExperience(
        _ call: Call<API.ListExperience>
    ) async throws -> API.ListExperience.Output {
        let page = try call.page(ExperienceEntry.ID.self)
        let rows = try await database.acting(as: call.user.uuid).listExperience(
            userID: call.user, beforeID: page.after ?? .highest, rowLimit: page.rowLimit)
        return .ok(page.answer(rows, API.ExperienceEntry.init) { $0.id })
    }

    @Sendable private func listAchievements(
        _ call: Call<API.ListAchievements>
    ) async throws -> API.ListAchievements.Output {
        let page = try call.page(Achievement.ID.self)
        let rows = try await database.acting(as: call.user.uuid).listShownAchievements(
            userID: call.user, afterID: page.after ?? .lowest, rowLimit: page.rowLimit)
        return .ok(page.answer(rows, API.Achievement.init) { $0.id })
    }
}

extension GamificationAPI.Level {
    /// A level, and what the next one takes.
    init(_ row: UserLevelRow) {
        self.init(
            level: row.level, experience: row.experience,
            levelBeginsAt: LevelCurve.experience(at: row.level),
            nextLevelAt: LevelCurve.experience(at: row.level + 1))
    }
}

extension GamificationAPI.ExperienceEntry {
    fileprivate init(_ row: ExperienceEntryRow) {
        self.init(
            id: row.id, amount: row.amount, reason: row.reason, source: row.sourceEvent,
            createdAt: row.createdAt)
    }
}

extension GamificationAPI.Achievement {
    fileprivate init(_ row: ListShownAchievementsRow) {
        self.init(
            id: row.id, code: row.code, title: row.title, description: row.description, tier: row.tier,
            experienceReward: row.experienceReward, unlockedAt: row.unlockedAt)
    }
}
