import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GamificationContract
import ServiceKit
import SharedTypes

/// `/v1/battle-passes`.
struct BattlePassRoutes {
    private typealias API = GamificationAPI

    let database: Database
    let events: EventLog

    func add(to routes: EndpointRoutes) {
        routes.read(API.FindCurrentBattlePass.self, findCurrent)
        routes.once(API.ClaimTier.self, claim)
    }

    @Sendable private func findCurrent(
        _ call: Call<API.FindCurrentBattlePass>
    ) async throws -> API.FindCurrentBattlePass.Output {
        let (user, now) = (call.user, call.now)
        let own = database.acting(as: user.uuid)
        guard let pass = try await own.findCurrentBattlePass(now: now) else {
            throw GamificationError.notFound("battle pass")
        }
        // All in one flight.
        async let tiers = own.listTiers(battlePassID: pass.id)
        async let standing = own.findUserBattlePass(userID: user, battlePassID: pass.id)
        async let claims = own.listClaims(userID: user, battlePassID: pass.id)
        return .ok(
            API.BattlePass(
                pass, try await tiers, try await standing, try await claims,
                isRunning: pass.seasonTimes.isRunning(at: now)))
    }

    @Sendable private func claim(
        _ call: Call<API.ClaimTier>, _ operation: OperationContext
    ) async throws -> API.ClaimTier.Output {
        let claim = try await claimTier(
            call.parameters.tier, on: call.body.track, ofPass: call.parameters.battlePassID, events: events,
            in: operation)
        return .created(
            API.TierClaim(
                tier: claim.tier, track: claim.track, reward: try API.Reward(stored: claim.reward),
                claimedAt: claim.createdAt))
    }
}

extension GamificationAPI.BattlePass {
    /// - Parameter isRunning: whether points are still earned: in the grace after its end what was earned is claimed.
    fileprivate init(
        _ pass: BattlePassRow, _ tiers: [BattlePassTierRow], _ standing: UserBattlePassRow?,
        _ claims: [BattlePassClaimRow], isRunning: Bool
    ) {
        let experience = standing?.experience ?? 0
        self.init(
            id: pass.id, season: pass.season, name: pass.name, startsAt: pass.startsAt, endsAt: pass.endsAt,
            claimUntil: pass.claimUntil, price: pass.price, currency: pass.currency, isRunning: isRunning,
            experience: experience, premiumSince: standing?.premiumSince,
            tiers: tiers.map { tier in
                Tier(
                    tier: tier.tier, experienceRequired: tier.experienceRequired,
                    isEarned: experience >= tier.experienceRequired,
                    freeReward: GamificationAPI.Reward(ifStored: tier.freeReward),
                    premiumReward: GamificationAPI.Reward(ifStored: tier.premiumReward),
                    claimed: claims.filter { $0.tier == tier.tier }.map(\.track))
            })
    }
}
