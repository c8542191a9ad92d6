import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/catalogue/seasons`, for operators.
struct CatalogueSeasonRoutes {
    let database: Database
    let events: EventLog
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/catalogue/seasons", use: create)
        router.get("/v1/catalogue/seasons", use: list)
        router.get("/v1/catalogue/seasons/{battle_pass_id}", use: find)
        router.patch("/v1/catalogue/seasons/{battle_pass_id}", use: change)
        router.post("/v1/catalogue/seasons/{battle_pass_id}/premium", use: grant)
    }

    @Sendable private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let fields = try await Fields.body(of: request, context: context)
        let draft = SeasonDraft(
            season: try fields.int("season", in: 1...999_999),
            name: try fields.nonBlankString("name", length: 1...80),
            startsAt: try fields.timestamp("starts_at"), endsAt: try fields.timestamp("ends_at"),
            claimUntil: try fields.timestamp("claim_until"),
            price: try fields.decimal("price", .nonNegative), currency: try fields.currency("currency"),
            status: try fields.optionalEnumeration("status", CatalogueStatus.self) ?? .draft,
            tiers: try Self.tiers(fields))
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "createSeason", body: fields, on: database, now: now
        ) { operation in
            let row = try await createSeason(draft, in: operation)
            return try await answer(
                row, on: operation.transaction, status: .created,
                headers: [.location: "/v1/catalogue/seasons/\(row.id)"])
        }
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.operator()
        let page = try Page.read(from: request, context)
        var before = Int(Int32.max)
        if let cursor = page.after {
            let season = try Cursor.decode(cursor, as: Int.self)
            guard (1...before).contains(season) else { throw Cursor.foreign }
            before = season
        }
        let rows = try await database.acting(as: user.userID.uuid).listBattlePasses(
            beforeSeason: before, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, { SeasonAnswer($0, nil) }) { Cursor.encode(["\($0.season)"]) }
        )
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.operator()
        let id = try context.identifier("battle_pass_id", BattlePass.self)
        let own = database.acting(as: user.userID.uuid)
        guard let row = try await own.findBattlePass(battlePassID: id) else {
            throw GamificationError.notFound("battle pass")
        }
        if request.isNotModified(revision: row.revision) { return .notModified(revision: row.revision) }
        return try await answer(row, on: own)
    }

    @Sendable private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let id = try context.identifier("battle_pass_id", BattlePass.self)
        let fields = try await Fields.body(of: request, context: context)
        return try await context.write(on: database, at: now()) { operation in
            let row = try await changeSeason(
                id, in: operation, check: request.requireMatch(revision:)
            ) { draft in
                try Self.change(&draft, by: fields)
                try fields.finish()
            }
            return try await answer(row, on: operation.transaction)
        }
    }

    /// Opens the premium track for somebody: there is no billing yet.
    @Sendable private func grant(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let id = try context.identifier("battle_pass_id", BattlePass.self)
        let fields = try await Fields.body(of: request, context: context)
        let user = try fields.identifier("user_id", User.self)
        let order = try fields.string("order", length: 1...200)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "grantPremium", body: fields, on: database, now: now
        ) { operation in
            // The rows are that user's; the kept answer is the operator's.
            let row = try await operation.acting(as: user) {
                try await grantPremium(ofPass: id, order: order, events: events, in: $0)
            }
            return try .json(PremiumAnswer(row), status: .created)
        }
    }

    private func answer(
        _ row: BattlePassRow, on executor: any QueryExecutor, status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) async throws -> Response {
        let tiers = try await executor.listTiers(battlePassID: row.id)
        return try .json(SeasonAnswer(row, tiers), status: status, revision: row.revision, headers: headers)
    }

    private static func tiers(_ fields: Fields) throws(Problem) -> [SeasonDraft.Tier] {
        var tiers: [SeasonDraft.Tier] = []
        for tier in try fields.objects("tiers", count: 1...200) {
            tiers.append(
                SeasonDraft.Tier(
                    experience: try tier.int("experience_required", in: 0...1_000_000_000),
                    freeReward: try tier.optionalRule("free_reward", Reward.init(parsing:)),
                    premiumReward: try tier.optionalRule("premium_reward", Reward.init(parsing:))))
        }
        return tiers
    }

    private static func change(_ draft: inout SeasonDraft, by fields: Fields) throws(Problem) {
        if fields.has("name") { draft.name = try fields.nonBlankString("name", length: 1...80) }
        if fields.has("starts_at") { draft.startsAt = try fields.timestamp("starts_at") }
        if fields.has("ends_at") { draft.endsAt = try fields.timestamp("ends_at") }
        if fields.has("claim_until") { draft.claimUntil = try fields.timestamp("claim_until") }
        draft.price = try fields.optionalDecimal("price", .nonNegative) ?? draft.price
        draft.currency = try fields.optionalCurrency("currency") ?? draft.currency
        draft.status = try fields.optionalEnumeration("status", CatalogueStatus.self) ?? draft.status
        if fields.has("tiers") { draft.tiers = try tiers(fields) }
    }
}

private struct SeasonAnswer: Encodable {
    struct Tier: Encodable {
        let tier: Int
        let experienceRequired: Int
        let freeReward: RewardAnswer?
        let premiumReward: RewardAnswer?
    }

    let id: BattlePass.ID
    let season: Int
    let name: String
    let startsAt: Date
    let endsAt: Date
    let claimUntil: Date
    let price: FixedDecimal
    let currency: Currency
    let status: CatalogueStatus
    let revision: Int
    let createdAt: Date
    let updatedAt: Date
    /// Absent in a list.
    let tiers: [Tier]?

    init(_ row: BattlePassRow, _ tiers: [BattlePassTierRow]?) {
        (id, season, name, startsAt) = (row.id, row.season, row.name, row.startsAt)
        (endsAt, claimUntil, price, currency) = (row.endsAt, row.claimUntil, row.price, row.currency)
        (status, revision, createdAt, updatedAt) = (row.status, row.revision, row.createdAt, row.updatedAt)
        self.tiers = tiers?.map {
            Tier(
                tier: $0.tier, experienceRequired: $0.experienceRequired,
                freeReward: RewardAnswer(stored: $0.freeReward),
                premiumReward: RewardAnswer(stored: $0.premiumReward))
        }
    }
}

private struct PremiumAnswer: Encodable {
    let experience: Int
    let premiumSince: Date?

    init(_ row: UserBattlePassRow) { (experience, premiumSince) = (row.experience, row.premiumSince) }
}
