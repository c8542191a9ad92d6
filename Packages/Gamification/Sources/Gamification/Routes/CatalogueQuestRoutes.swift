import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes
import StrictJSON

/// `/v1/catalogue/quests`, for operators.
struct CatalogueQuestRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/catalogue/quests", use: create)
        router.get("/v1/catalogue/quests", use: list)
        router.get("/v1/catalogue/quests/{quest_id}", use: find)
        router.patch("/v1/catalogue/quests/{quest_id}", use: change)
    }

    @Sendable private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let fields = try await Fields.body(of: request, context: context)
        let now = now()
        let draft = QuestDraft(
            code: try fields.code("code"), title: try fields.nonBlankString("title", length: 1...120),
            description: try fields.optionalString("description", length: 0...1_000, multiline: true) ?? "",
            kind: try fields.enumeration("kind", QuestKind.self),
            category: try fields.enumeration("category", QuestCategory.self),
            criteria: try fields.rule("criteria", QuestCriteria.init(parsing:)),
            target: try fields.decimal("target", .positive),
            experienceReward: try fields.int("experience_reward", in: Fields.points),
            startsAt: try fields.has("starts_at") ? fields.timestamp("starts_at") : now,
            endsAt: try fields.has("ends_at") ? fields.timestamp("ends_at") : nil,
            status: try fields.optionalEnumeration("status", CatalogueStatus.self) ?? .draft)
        try fields.finish()
        return try await Idempotency.perform(
            request, context, operation: "createQuest", body: fields, on: database, now: now
        ) { operation in
            let row = try await createQuest(draft, in: operation)
            return try .json(
                CatalogueQuestAnswer(row), status: .created, revision: row.revision,
                headers: [.location: "/v1/catalogue/quests/\(row.id)"])
        }
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.operator()
        let page = try Page.read(from: request, context)
        let after = try Cursor.identifier(page.after, Quest.self)
        let rows = try await database.acting(as: user.userID.uuid).listQuests(
            afterID: after ?? .lowest, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, CatalogueQuestAnswer.init) { Cursor.encode(["\($0.id)"]) })
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.operator()
        let id = try context.identifier("quest_id", Quest.self)
        guard let row = try await database.acting(as: user.userID.uuid).findQuest(questID: id) else {
            throw GamificationError.notFound("quest")
        }
        if request.isNotModified(revision: row.revision) { return .notModified(revision: row.revision) }
        return try .json(CatalogueQuestAnswer(row), revision: row.revision)
    }

    @Sendable private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let id = try context.identifier("quest_id", Quest.self)
        let fields = try await Fields.body(of: request, context: context)
        return try await context.write(on: database, at: now()) { operation in
            let row = try await changeQuest(
                id, in: operation, check: request.requireMatch(revision:)
            ) { draft in
                try draft.change(by: fields)
                try fields.finish()
            }
            return try .json(CatalogueQuestAnswer(row), revision: row.revision)
        }
    }
}

extension QuestDraft {
    /// What a request names, and nothing else.
    fileprivate mutating func change(by fields: Fields) throws(Problem) {
        if fields.has("title") { title = try fields.nonBlankString("title", length: 1...120) }
        if fields.has("description") {
            description = try fields.string("description", length: 0...1_000, multiline: true)
        }
        category = try fields.optionalEnumeration("category", QuestCategory.self) ?? category
        criteria = try fields.optionalRule("criteria", QuestCriteria.init(parsing:)) ?? criteria
        target = try fields.optionalDecimal("target", .positive) ?? target
        experienceReward = try fields.optionalInt("experience_reward", in: Fields.points) ?? experienceReward
        if fields.has("starts_at") { startsAt = try fields.timestamp("starts_at") }
        if fields.isNull("ends_at") { endsAt = nil }
        if fields.has("ends_at") { endsAt = try fields.timestamp("ends_at") }
        status = try fields.optionalEnumeration("status", CatalogueStatus.self) ?? status
    }
}

private struct CatalogueQuestAnswer: Encodable {
    let id: Quest.ID
    let code: String
    let title: String
    let description: String
    let kind: QuestKind
    let category: QuestCategory
    let criteria: JSONValue
    let target: FixedDecimal
    let experienceReward: Int
    let startsAt: Date
    let endsAt: Date?
    let status: CatalogueStatus
    let revision: Int
    let createdAt: Date
    let updatedAt: Date

    init(_ row: QuestRow) throws {
        (id, code, title, description) = (row.id, row.code, row.title, row.description)
        (kind, category, target) = (row.kind, row.category, row.target)
        criteria = try JSONValue(parsing: Array(row.criteria.utf8))
        (experienceReward, startsAt, endsAt) = (row.experienceReward, row.startsAt, row.endsAt)
        (status, revision, createdAt, updatedAt) = (row.status, row.revision, row.createdAt, row.updatedAt)
    }
}
