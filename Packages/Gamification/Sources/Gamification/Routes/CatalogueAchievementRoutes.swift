import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes
import StrictJSON

/// `/v1/catalogue/achievements`, for operators.
struct CatalogueAchievementRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/catalogue/achievements", use: create)
        router.get("/v1/catalogue/achievements", use: list)
        router.get("/v1/catalogue/achievements/{achievement_id}", use: find)
        router.patch("/v1/catalogue/achievements/{achievement_id}", use: change)
    }

    @Sendable private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let fields = try await Fields.body(of: request, context: context)
        let now = now()
        let draft = AchievementDraft(
            code: try fields.code("code"), title: try fields.nonBlankString("title", length: 1...120),
            description: try fields.optionalString("description", length: 0...1_000, multiline: true) ?? "",
            tier: try fields.enumeration("tier", AchievementTier.self),
            criteria: try fields.rule("criteria", AchievementCriteria.init(parsing:)),
            isHidden: try fields.optionalBool("hidden") ?? false,
            experienceReward: try fields.int("experience_reward", in: Fields.points),
            status: try fields.optionalEnumeration("status", CatalogueStatus.self) ?? .draft)
        try fields.finish()
        return try await Idempotency.perform(
            request, context, operation: "createAchievement", body: fields, on: database, now: now
        ) { operation in
            let row = try await createAchievement(draft, in: operation)
            return try .json(
                CatalogueAchievementAnswer(row), status: .created, revision: row.revision,
                headers: [.location: "/v1/catalogue/achievements/\(row.id)"])
        }
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.operator()
        let page = try Page.read(from: request, context)
        let after = try Cursor.identifier(page.after, Achievement.self)
        let rows = try await database.acting(as: user.userID.uuid).listAchievements(
            afterID: after ?? .lowest, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, CatalogueAchievementAnswer.init) {
                Cursor.encode(["\($0.id)"])
            })
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.operator()
        let id = try context.identifier("achievement_id", Achievement.self)
        let found = try await database.acting(as: user.userID.uuid).findAchievement(achievementID: id)
        guard let row = found else { throw GamificationError.notFound("achievement") }
        if request.isNotModified(revision: row.revision) { return .notModified(revision: row.revision) }
        return try .json(CatalogueAchievementAnswer(row), revision: row.revision)
    }

    @Sendable private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let id = try context.identifier("achievement_id", Achievement.self)
        let fields = try await Fields.body(of: request, context: context)
        return try await context.write(on: database, at: now()) { operation in
            let row = try await changeAchievement(
                id, in: operation, check: request.requireMatch(revision:)
            ) { draft in
                try draft.change(by: fields)
                try fields.finish()
            }
            return try .json(CatalogueAchievementAnswer(row), revision: row.revision)
        }
    }
}

extension AchievementDraft {
    /// What a request names, and nothing else.
    fileprivate mutating func change(by fields: Fields) throws(Problem) {
        if fields.has("title") { title = try fields.nonBlankString("title", length: 1...120) }
        if fields.has("description") {
            description = try fields.string("description", length: 0...1_000, multiline: true)
        }
        tier = try fields.optionalEnumeration("tier", AchievementTier.self) ?? tier
        criteria = try fields.optionalRule("criteria", AchievementCriteria.init(parsing:)) ?? criteria
        isHidden = try fields.optionalBool("hidden") ?? isHidden
        experienceReward = try fields.optionalInt("experience_reward", in: Fields.points) ?? experienceReward
        status = try fields.optionalEnumeration("status", CatalogueStatus.self) ?? status
    }
}

private struct CatalogueAchievementAnswer: Encodable {
    let id: Achievement.ID
    let code: String
    let title: String
    let description: String
    let tier: AchievementTier
    let criteria: JSONValue
    let hidden: Bool
    let experienceReward: Int
    let status: CatalogueStatus
    let revision: Int
    let createdAt: Date
    let updatedAt: Date

    init(_ row: AchievementRow) throws {
        (id, code, title, description) = (row.id, row.code, row.title, row.description)
        (tier, hidden, experienceReward) = (row.tier, row.hidden, row.experienceReward)
        criteria = try JSONValue(parsing: Array(row.criteria.utf8))
        (status, revision, createdAt, updatedAt) = (row.status, row.revision, row.createdAt, row.updatedAt)
    }
}
