import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import GamificationContract
import ServiceKit
import SharedTypes

/// `/v1/catalogue/seasons`, for operators.
struct CatalogueSeasonRoutes {
    private typealias API = GamificationAPI

    let database: Database
    let events: EventLog

    func add(to routes: EndpointRoutes) {
        routes.once(API.CreateSeason.self, create)
        routes.read(API.ListCatalogueSeasons.self, list)
        routes.read(API.FindCatalogueSeason.self, find)
        routes.write(API.ChangeSeason.self, change)
        routes.once(API.GrantPremium.self, grant)
    }

    @Sendable private func create(
        _ call: Call<API.CreateSeason>, _ operation: OperationContext
    ) async throws -> API.CreateSeason.Output {
        let row = try await createSeason(SeasonDraft(call.body), in: operation)
        return .created(
            try await season(row, on: operation.transaction), location: "/v1/catalogue/seasons/\(row.id)",
            etag: ETag(revision: row.revision))
    }

    @Sendable private func list(
        _ call: Call<API.ListCatalogueSeasons>
    ) async throws -> API.ListCatalogueSeasons.Output {
        let page = try call.page(Int32.self)
        let rows = try await database.acting(as: call.user.uuid).listBattlePasses(
            beforeSeason: Int(page.after ?? .max), rowLimit: page.rowLimit)
        return .ok(page.answer(rows, API.CatalogueSeasonSummary.init) { Int32($0.season) })
    }

    @Sendable private func find(
        _ call: Call<API.FindCatalogueSeason>
    ) async throws -> API.FindCatalogueSeason.Output {
        let own = database.acting(as: call.user.uuid)
        guard let row = try await own.findBattlePass(battlePassID: call.parameters.battlePassID) else {
            throw GamificationError.notFound("battle pass")
        }
        return .ok(try await season(row, on: own), etag: ETag(revision: row.revision))
    }

    @Sendable private func change(
        _ call: Call<API.ChangeSeason>, _ operation: OperationContext
    ) async throws -> API.ChangeSeason.Output {
        let row = try await changeSeason(
            call.parameters.battlePassID, in: operation, check: call.requireMatch(revision:)
        ) { draft in
            try draft.change(by: call.body)
        }
        return .ok(try await season(row, on: operation.transaction), etag: ETag(revision: row.revision))
    }

    /// Opens the premium track for a user: there is no billing yet.
    @Sendable private func grant(
        _ call: Call<API.GrantPremium>, _ operation: OperationContext
    ) async throws -> API.GrantPremium.Output {
        // The rows are that user's; the kept answer is the operator's.
        let row = try await operation.acting(as: call.body.userID) {
            try await grantPremium(
                ofPass: call.parameters.battlePassID, order: call.body.order, events: events, in: $0)
        }
        return .created(API.Premium(experience: row.experience, premiumSince: row.premiumSince))
    }

    private func season(
        _ row: BattlePassRow, on executor: any QueryExecutor
    ) async throws -> API.CatalogueSeason {
        let tiers = try await executor.listTiers(battlePassID: row.id)
        return API.CatalogueSeason(
            catalogueSeasonSummary: API.CatalogueSeasonSummary(row),
            tiers: tiers.map {
                API.CatalogueSeason.Tier(
                    tier: $0.tier, experienceRequired: $0.experienceRequired,
                    freeReward: API.Reward(ifStored: $0.freeReward),
                    premiumReward: API.Reward(ifStored: $0.premiumReward))
            })
    }
}

extension SeasonDraft {
    fileprivate init(_ body: GamificationAPI.NewSeason) throws(FieldError) {
        self.init(
            season: body.season, name: body.name, startsAt: body.startsAt, endsAt: body.endsAt,
            claimUntil: body.claimUntil, price: body.price, currency: body.currency, status: body.status,
            tiers: try Self.tiers(body.tiers))
    }

    /// What a request names, and nothing else.
    fileprivate mutating func change(by body: GamificationAPI.SeasonChange) throws(FieldError) {
        name = body.name ?? name
        startsAt = body.startsAt ?? startsAt
        endsAt = body.endsAt ?? endsAt
        claimUntil = body.claimUntil ?? claimUntil
        price = body.price ?? price
        currency = body.currency ?? currency
        status = body.status ?? status
        if let written = body.tiers { tiers = try Self.tiers(written) }
    }

    private static func tiers(_ written: [GamificationAPI.NewTier]) throws(FieldError) -> [Tier] {
        var tiers: [Tier] = []
        for (index, tier) in written.enumerated() {
            let field = "tiers[\(index)]"
            tiers.append(
                Tier(
                    experience: tier.experienceRequired,
                    freeReward: try reward("\(field).free_reward", tier.freeReward),
                    premiumReward: try reward("\(field).premium_reward", tier.premiumReward)))
        }
        return tiers
    }

    private static func reward(
        _ field: String, _ written: GamificationAPI.Reward?
    ) throws(FieldError) -> Reward? {
        guard let written else { return nil }
        return try rule(field, written, Reward.init(parsing:))
    }
}

extension GamificationAPI.CatalogueSeasonSummary {
    fileprivate init(_ row: BattlePassRow) {
        self.init(
            id: row.id, season: row.season, name: row.name, startsAt: row.startsAt, endsAt: row.endsAt,
            claimUntil: row.claimUntil, price: row.price, currency: row.currency, status: row.status,
            revision: row.revision, createdAt: row.createdAt, updatedAt: row.updatedAt)
    }
}
