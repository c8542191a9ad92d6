import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import GamificationContract
import ServiceKit
import SharedTypes

/// `/v1/catalogue/achievements`, for operators.
struct CatalogueAchievementRoutes {
    private typealias API = GamificationAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.once(API.CreateAchievement.self, create)
        routes.read(API.ListCatalogueAchievements.self, list)
        routes.read(API.FindCatalogueAchievement.self, find)
        routes.write(API.ChangeAchievement.self, change)
    }

    @Sendable private func create(
        _ call: Call<API.CreateAchievement>, _ operation: OperationContext
    ) async throws -> API.CreateAchievement.Output {
        let row = try await createAchievement(AchievementDraft(call.body), in: operation)
        return .created(
            try API.CatalogueAchievement(row), location: "/v1/catalogue/achievements/\(row.id)",
            etag: ETag(revision: row.revision))
    }

    @Sendable private func list(
        _ call: Call<API.ListCatalogueAchievements>
    ) async throws -> API.ListCatalogueAchievements.Output {
        let page = try call.page(Achievement.ID.self)
        let rows = try await database.acting(as: call.user.uuid).listAchievements(
            afterID: page.after ?? .lowest, rowLimit: page.rowLimit)
        return .ok(try page.answer(rows, API.CatalogueAchievement.init) { $0.id })
    }

    @Sendable private func find(
        _ call: Call<API.FindCatalogueAchievement>
    ) async throws -> API.FindCatalogueAchievement.Output {
        let found = try await database.acting(as: call.user.uuid).findAchievement(
            achievementID: call.parameters.achievementID)
        guard let row = found else { throw GamificationError.notFound("achievement") }
        return .ok(try API.CatalogueAchievement(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func change(
        _ call: Call<API.ChangeAchievement>, _ operation: OperationContext
    ) async throws -> API.ChangeAchievement.Output {
        let row = try await changeAchievement(
            call.parameters.achievementID, in: operation, check: call.requireMatch(revision:)
        ) { draft in
            try draft.change(by: call.body)
        }
        return .ok(try API.CatalogueAchievement(row), etag: ETag(revision: row.revision))
    }
}

extension AchievementDraft {
    fileprivate init(_ body: GamificationAPI.NewAchievement) throws(FieldError) {
        self.init(
            code: body.code, title: body.title, description: body.description, tier: body.tier,
            criteria: try rule("criteria", body.criteria, AchievementCriteria.init(parsing:)),
            isHidden: body.hidden, experienceReward: body.experienceReward, status: body.status)
    }

    /// What a request names, and nothing else.
    fileprivate mutating func change(by body: GamificationAPI.AchievementChange) throws(FieldError) {
        title = body.title ?? title
        description = body.description ?? description
        tier = body.tier ?? tier
        if let written = body.criteria {
            criteria = try rule("criteria", written, AchievementCriteria.init(parsing:))
        }
        isHidden = body.hidden ?? isHidden
        experienceReward = body.experienceReward ?? experienceReward
        status = body.status ?? status
    }
}

extension GamificationAPI.CatalogueAchievement {
    fileprivate init(_ row: AchievementRow) throws {
        self.init(
            id: row.id, code: row.code, title: row.title, description: row.description, tier: row.tier,
            criteria: try GamificationAPI.AchievementCriteria(stored: row.criteria), hidden: row.hidden,
            experienceReward: row.experienceReward, status: row.status, revision: row.revision,
            createdAt: row.createdAt, updatedAt: row.updatedAt)
    }
}
