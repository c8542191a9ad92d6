import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/gamification/me`, `/v1/experience-entries` and `/v1/achievements`: what somebody has come to.
struct ProgressRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/gamification/me", use: findOwnLevel)
        router.get("/v1/experience-entries", use: listExperience)
        router.get("/v1/achievements", use: listAchievements)
    }

    @Sendable private func findOwnLevel(_ request: Request, _ context: ServiceContext) async throws
        -> Response
    {
        let user = try context.user().userID
        let level = try await findLevel(of: user, on: database.acting(as: user.uuid), at: now())
        return try .json(LevelAnswer(level))
    }

    @Sendable private func listExperience(
        _ request: Request, _ context: ServiceContext
    ) async throws -> Response {
        let user = try context.user().userID
        let page = try Page.read(from: request, context)
        let before = try Cursor.identifier(page.after, ExperienceEntry.self)
        let rows = try await database.acting(as: user.uuid).listExperience(
            userID: user, beforeID: before ?? .highest, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, ExperienceEntryAnswer.init) { Cursor.encode(["\($0.id)"]) })
    }

    @Sendable private func listAchievements(
        _ request: Request, _ context: ServiceContext
    ) async throws -> Response {
        let user = try context.user().userID
        let page = try Page.read(from: request, context)
        let after = try Cursor.identifier(page.after, Achievement.self)
        let rows = try await database.acting(as: user.uuid).listShownAchievements(
            userID: user, afterID: after ?? .lowest, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, ShownAchievementAnswer.init) { Cursor.encode(["\($0.id)"]) })
    }
}

/// A level, and what the next one takes.
struct LevelAnswer: Encodable {
    let level: Int
    let experience: Int
    let levelBeginsAt: Int
    let nextLevelAt: Int

    init(_ row: UserLevelRow) {
        level = row.level
        experience = row.experience
        levelBeginsAt = LevelCurve.experience(at: row.level)
        nextLevelAt = LevelCurve.experience(at: row.level + 1)
    }
}

private struct ExperienceEntryAnswer: Encodable {
    let id: ExperienceEntry.ID
    let amount: Int
    let reason: ExperienceReason
    let source: String
    let createdAt: Date

    init(_ row: ExperienceEntryRow) {
        (id, amount, reason, source) = (row.id, row.amount, row.reason, row.sourceEvent)
        createdAt = row.createdAt
    }
}

private struct ShownAchievementAnswer: Encodable {
    let id: Achievement.ID
    let code: String
    let title: String
    let description: String
    let tier: AchievementTier
    let experienceReward: Int
    let unlockedAt: Date?

    init(_ row: ListShownAchievementsRow) {
        (id, code, title, description) = (row.id, row.code, row.title, row.description)
        (tier, experienceReward, unlockedAt) = (row.tier, row.experienceReward, row.unlockedAt)
    }
}
