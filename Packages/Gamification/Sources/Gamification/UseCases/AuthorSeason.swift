import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// A season and its pass as an operator writes them.
struct SeasonDraft: Sendable {
    struct Tier: Hashable, Sendable {
        /// Points of the season in all.
        let experience: Int
        let freeReward: Reward?
        let premiumReward: Reward?
    }

    let season: Int
    var name: String
    var startsAt: Date
    var endsAt: Date
    var claimUntil: Date
    var price: FixedDecimal
    var currency: Currency
    var status: CatalogueStatus
    /// From the first on; nil where they stay as they are.
    var tiers: [Tier]?

    func validate() throws(FieldError) {
        guard startsAt < endsAt else { throw FieldError(field: "ends_at", reason: "must be after starts_at") }
        guard claimUntil >= endsAt else {
            throw FieldError(field: "claim_until", reason: "must not be before ends_at")
        }
        for (index, tier) in (tiers ?? []).enumerated() {
            let field = "tiers[\(index)]"
            guard tier.freeReward != nil || tier.premiumReward != nil else {
                throw FieldError(field: field, reason: "must have a reward on one track")
            }
            guard index == 0 || tier.experience > (tiers?[index - 1].experience ?? 0) else {
                throw FieldError(
                    field: "\(field).experience_required", reason: "must be more than that of the tier before"
                )
            }
        }
    }
}

extension SeasonDraft {
    /// What stands, to be changed.
    init(_ row: BattlePassRow) {
        season = row.season
        name = row.name
        startsAt = row.startsAt
        endsAt = row.endsAt
        claimUntil = row.claimUntil
        price = row.price
        currency = row.currency
        status = row.status
    }
}

/// Creates a season's pass with its tiers. A season that is taken violates `battle_passes_season_key`.
func createSeason(
    _ draft: SeasonDraft, in context: OperationContext
) async throws -> BattlePassRow {
    try draft.validate()
    try draft.status.checkNew()
    try await checkOverlap(of: draft, in: context)
    let row = try await context.transaction.insertBattlePass(
        battlePassID: .version7(at: context.now), season: draft.season, name: draft.name,
        startsAt: draft.startsAt,
        endsAt: draft.endsAt, claimUntil: draft.claimUntil, price: draft.price, currency: draft.currency,
        status: draft.status, now: context.now)
    try await store(draft.tiers ?? [], of: row.id, in: context)
    return row
}

/// Changes a season. Its tiers can be others only while it is a draft.
/// - Parameter check: sees the revision that stands, under a lock, before anything is written.
func changeSeason(
    _ passID: BattlePass.ID, in context: OperationContext, check: (Int) throws -> Void,
    change: (inout SeasonDraft) throws -> Void
) async throws -> BattlePassRow {
    guard let row = try await context.transaction.lockBattlePass(battlePassID: passID) else {
        throw GamificationError.notFound("battle pass")
    }
    try check(row.revision)
    var draft = SeasonDraft(row)
    try change(&draft)
    try draft.validate()
    try row.status.checkChange(to: draft.status)
    try await checkOverlap(of: draft, in: context)
    if let tiers = draft.tiers {
        guard row.status == .draft else { throw GamificationError.isFixed(field: "tiers") }
        _ = try await context.transaction.deleteTiers(battlePassID: passID)
        try await store(tiers, of: passID, in: context)
    }
    return try await context.transaction.updateBattlePass(
        name: draft.name, startsAt: draft.startsAt, endsAt: draft.endsAt, claimUntil: draft.claimUntil,
        price: draft.price, currency: draft.currency, status: draft.status, now: context.now,
        battlePassID: passID)
}

private func store(
    _ tiers: [SeasonDraft.Tier], of pass: BattlePass.ID, in context: OperationContext
) async throws {
    guard !tiers.isEmpty else { return }
    let rows = tiers.enumerated().map { index, tier in
        NewTier(
            tier: index + 1, experienceRequired: tier.experience, freeReward: tier.freeReward?.json,
            premiumReward: tier.premiumReward?.json)
    }
    try await context.transaction.insertTiers(rows, battlePassID: pass, now: context.now)
}

/// Points are of one season: two that run at once are refused.
private func checkOverlap(of draft: SeasonDraft, in context: OperationContext) async throws {
    guard draft.status == .active else { return }
    let others = try await context.transaction.listBattlePasses(beforeSeason: Int(Int32.max), rowLimit: 1_000)
    for other in others where other.status == .active && other.season != draft.season {
        guard other.endsAt <= draft.startsAt || draft.endsAt <= other.startsAt else {
            throw FieldError(field: "starts_at", reason: "overlaps season \(other.season)")
        }
    }
}
