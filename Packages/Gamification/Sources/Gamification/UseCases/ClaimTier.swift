import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Claims a tier of a season's pass on a track. The insert of the claim is the claim: of many at once, its
/// primary key lets one through, and its reward is granted in the same transaction.
///
/// Experience that a tier gives is the ledger's and not the season's: one tier does not pay for the next.
func claimTier(
    _ tier: Int, on track: RewardTrack, ofPass passID: BattlePass.ID, events: EventLog,
    in context: OperationContext
) async throws -> BattlePassClaimRow {
    let (user, transaction, now) = (try context.user, context.transaction, context.now)
    var ledger = try await ExperienceLedger.open(events: events, in: context)
    guard let pass = try await transaction.findBattlePass(battlePassID: passID), pass.status != .draft else {
        throw GamificationError.notFound("battle pass")
    }
    guard let row = try await transaction.findTier(battlePassID: passID, tier: tier) else {
        throw GamificationError.notFound("tier")
    }
    let standing = try await transaction.findUserBattlePass(userID: user, battlePassID: passID)
    let text = track == .free ? row.freeReward : row.premiumReward
    let asked = TierClaim(
        season: pass.seasonTimes, experienceRequired: row.experienceRequired, track: track,
        reward: try text.map(Reward.init(parsing:)), experience: standing?.experience ?? 0,
        isPremium: standing?.premiumSince != nil)
    let reward: Reward
    do throws(TierClaim.Refusal) {
        reward = try asked.granted(at: now)
    } catch {
        throw GamificationError(error)
    }
    if standing == nil {
        try await transaction.insertUserBattlePass(userID: user, battlePassID: passID, now: now)
    }
    let claim = try await transaction.claimTier(
        userID: user, battlePassID: passID, tier: tier, track: track, reward: reward.json, now: now)
    guard let claim else { throw GamificationError.alreadyClaimed }
    let claimed = TierClaimed(
        battlePassID: passID, season: pass.season, tier: tier, track: track, claimedAt: now)
    if case .experience(let amount) = reward {
        try await ledger.grant(
            [ExperienceGrant(amount: amount, reason: .quest, subject: "\(TierClaimed.type):\(claimed.key)")],
            towards: nil)
    }
    try await events.append(claimed, in: context)
    return claim
}

/// Opens the premium track for the acting user, once; the tiers already earned can then be claimed on it.
///
/// There is no billing yet: an operator does this as that user, and names the order, which opens one pass.
func grantPremium(
    ofPass passID: BattlePass.ID, order: String, events: EventLog, in context: OperationContext
) async throws -> UserBattlePassRow {
    let (user, transaction, now) = (try context.user, context.transaction, context.now)
    do {
        _ = try await ExperienceLedger.open(events: events, in: context)
    } catch let error as DatabaseError where error.foreignKeyViolation == "user_levels_user_fkey" {
        // It is the operator who names the user, so that the operator's own token is sound.
        throw GamificationError.notFound("user")
    }
    guard let pass = try await transaction.findBattlePass(battlePassID: passID), pass.status == .active else {
        throw GamificationError.notFound("battle pass")
    }
    guard now < pass.claimUntil else { throw GamificationError.claimIsOver }
    try await transaction.insertUserBattlePass(userID: user, battlePassID: passID, now: now)
    let bought = try await transaction.buyPremium(
        now: now, premiumOrder: order, userID: user, battlePassID: passID)
    guard let bought else { throw GamificationError.alreadyPremium }
    return bought
}
