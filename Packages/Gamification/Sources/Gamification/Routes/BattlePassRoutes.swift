import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/battle-passes`.
struct BattlePassRoutes {
    let database: Database
    let events: EventLog
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/battle-passes/current", use: findCurrent)
        router.post("/v1/battle-passes/{battle_pass_id}/tiers/{tier}/claims", use: claim)
    }

    @Sendable private func findCurrent(_ request: Request, _ context: ServiceContext) async throws -> Response
    {
        let user = try context.user().userID
        let own = database.acting(as: user.uuid)
        guard let pass = try await own.findCurrentBattlePass(now: now()) else {
            throw GamificationError.notFound("battle pass")
        }
        let tiers = try await own.listTiers(battlePassID: pass.id)
        let standing = try await own.findUserBattlePass(userID: user, battlePassID: pass.id)
        let claims = try await own.listClaims(userID: user, battlePassID: pass.id)
        return try .json(
            OwnPassAnswer(pass, tiers, standing, claims, isRunning: pass.seasonTimes.isRunning(at: now())))
    }

    @Sendable private func claim(_ request: Request, _ context: ServiceContext) async throws -> Response {
        // Before anything is read of a request that carries no token.
        _ = try context.user()
        let passID = try context.identifier("battle_pass_id", BattlePass.self)
        guard let tier = context.parameters.get("tier").flatMap({ Int($0) }), (1...100_000).contains(tier)
        else {
            throw Problem.notFound("tier")
        }
        let fields = try await Fields.body(of: request, context: context)
        let track = try fields.enumeration("track", RewardTrack.self)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "claimTier", body: fields, on: database, now: now
        ) { operation in
            let claim = try await claimTier(
                tier, on: track, ofPass: passID, events: events, in: operation)
            return try .json(TierClaimAnswer(claim), status: .created)
        }
    }
}

/// A reward as the contract shows it.
struct RewardAnswer: Encodable {
    let kind: String
    var amount: Int?
    var code: String?

    init(_ reward: Reward) {
        switch reward {
        case .experience(let amount): (kind, self.amount) = ("experience", amount)
        case .badge(let code): (kind, self.code) = ("badge", code)
        case .theme(let code): (kind, self.code) = ("theme", code)
        }
    }

    /// What was written by other rules than these is shown as nothing.
    init?(stored text: String?) {
        guard let text, let reward = try? Reward(parsing: text) else { return nil }
        self.init(reward)
    }
}

private struct OwnPassAnswer: Encodable {
    struct Tier: Encodable {
        let tier: Int
        let experienceRequired: Int
        let isEarned: Bool
        let freeReward: RewardAnswer?
        let premiumReward: RewardAnswer?
        let claimed: [RewardTrack]
    }

    let id: BattlePass.ID
    let season: Int
    let name: String
    let startsAt: Date
    let endsAt: Date
    let claimUntil: Date
    let price: FixedDecimal
    let currency: Currency
    /// Whether points are still earned: in the grace after its end what was earned is claimed.
    let isRunning: Bool
    let experience: Int
    let premiumSince: Date?
    let tiers: [Tier]

    init(
        _ pass: BattlePassRow, _ tiers: [BattlePassTierRow], _ standing: UserBattlePassRow?,
        _ claims: [BattlePassClaimRow], isRunning: Bool
    ) {
        (id, season, name, startsAt) = (pass.id, pass.season, pass.name, pass.startsAt)
        (endsAt, claimUntil, price, currency) = (pass.endsAt, pass.claimUntil, pass.price, pass.currency)
        self.isRunning = isRunning
        let experience = standing?.experience ?? 0
        self.experience = experience
        premiumSince = standing?.premiumSince
        self.tiers = tiers.map { tier in
            Tier(
                tier: tier.tier, experienceRequired: tier.experienceRequired,
                isEarned: experience >= tier.experienceRequired,
                freeReward: RewardAnswer(stored: tier.freeReward),
                premiumReward: RewardAnswer(stored: tier.premiumReward),
                claimed: claims.filter { $0.tier == tier.tier }.map(\.track))
        }
    }
}

private struct TierClaimAnswer: Encodable {
    let tier: Int
    let track: RewardTrack
    let reward: RewardAnswer?
    let claimedAt: Date

    init(_ row: BattlePassClaimRow) {
        (tier, track, claimedAt) = (row.tier, row.track, row.createdAt)
        reward = RewardAnswer(stored: row.reward)
    }
}
