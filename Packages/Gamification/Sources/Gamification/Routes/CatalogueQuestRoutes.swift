import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GamificationContract
import ServiceKit
import SharedTypes

/// `/v1/catalogue/quests`, for operators.
struct CatalogueQuestRoutes {
    private typealias API = GamificationAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.once(API.CreateQuest.self, create)
        routes.read(API.ListCatalogueQuests.self, list)
        routes.read(API.FindCatalogueQuest.self, find)
        routes.write(API.ChangeQuest.self, change)
    }

    @Sendable private func create(
        _ call: Call<API.CreateQuest>, _ operation: OperationContext
    ) async throws -> API.CreateQuest.Output {
        let row = try await createQuest(QuestDraft(call.body, at: call.now), in: operation)
        return .created(
            try API.CatalogueQuest(row), location: "/v1/catalogue/quests/\(row.id)",
            etag: ETag(revision: row.revision))
    }

    @Sendable private func list(
        _ call: Call<API.ListCatalogueQuests>
    ) async throws -> API.ListCatalogueQuests.Output {
        let page = try call.page(Quest.ID.self)
        let rows = try await database.acting(as: call.user.uuid).listQuests(
            afterID: page.after ?? .lowest, rowLimit: page.rowLimit)
        return .ok(try page.answer(rows, API.CatalogueQuest.init) { $0.id })
    }

    @Sendable private func find(
        _ call: Call<API.FindCatalogueQuest>
    ) async throws -> API.FindCatalogueQuest.Output {
        let found = try await database.acting(as: call.user.uuid).findQuest(questID: call.parameters.questID)
        guard let row = found else { throw GamificationError.notFound("quest") }
        return .ok(try API.CatalogueQuest(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func change(
        _ call: Call<API.ChangeQuest>, _ operation: OperationContext
    ) async throws -> API.ChangeQuest.Output {
        let row = try await changeQuest(
            call.parameters.questID, in: operation, check: call.requireMatch(revision:)
        ) { draft in
            try draft.change(by: call.body)
        }
        return .ok(try API.CatalogueQuest(row), etag: ETag(revision: row.revision))
    }
}

extension QuestDraft {
    /// - Parameter now: when the quest begins where the request does not say it.
    fileprivate init(_ body: GamificationAPI.NewQuest, at now: Date) throws(FieldError) {
        self.init(
            code: body.code, title: body.title, description: body.description, kind: body.kind,
            category: body.category,
            criteria: try rule("criteria", body.criteria, QuestCriteria.init(parsing:)),
            target: body.target, experienceReward: body.experienceReward, startsAt: body.startsAt ?? now,
            endsAt: body.endsAt, status: body.status)
    }

    /// What a request names, and nothing else.
    fileprivate mutating func change(by body: GamificationAPI.QuestChange) throws(FieldError) {
        title = body.title ?? title
        description = body.description ?? description
        category = body.category ?? category
        if let written = body.criteria {
            criteria = try rule("criteria", written, QuestCriteria.init(parsing:))
        }
        target = body.target ?? target
        experienceReward = body.experienceReward ?? experienceReward
        startsAt = body.startsAt ?? startsAt
        endsAt = body.endsAt.applied(to: endsAt)
        status = body.status ?? status
    }
}

extension GamificationAPI.CatalogueQuest {
    fileprivate init(_ row: QuestRow) throws {
        self.init(
            id: row.id, code: row.code, kind: row.kind, title: row.title, description: row.description,
            category: row.category, criteria: try GamificationAPI.QuestCriteria(stored: row.criteria),
            target: row.target, experienceReward: row.experienceReward, startsAt: row.startsAt,
            endsAt: row.endsAt, status: row.status, revision: row.revision, createdAt: row.createdAt,
            updatedAt: row.updatedAt)
    }
}
