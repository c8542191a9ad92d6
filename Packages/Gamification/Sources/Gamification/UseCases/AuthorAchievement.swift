import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes
import StrictJSON

/// An achievement as an operator writes it.
struct AchievementDraft: Sendable {
    let code: String
    var title: String
    var description: String
    var tier: AchievementTier
    var criteria: AchievementCriteria
    var isHidden: Bool
    var experienceReward: Int
    var status: CatalogueStatus

    /// Refuses criteria that ask for a quest which is not there, or for more than it can give.
    func validate(in transaction: DatabaseTransaction) async throws {
        guard let quest = try await transaction.findQuestByCode(code: criteria.quest) else {
            throw FieldError(field: "criteria.quest", reason: "is the code of no quest")
        }
        try criteria.check(kind: quest.kind)
    }
}

extension AchievementDraft {
    /// What stands, to be changed.
    init(_ row: AchievementRow) throws {
        code = row.code
        title = row.title
        description = row.description
        tier = row.tier
        criteria = try AchievementCriteria(parsing: row.criteria)
        isHidden = row.hidden
        experienceReward = row.experienceReward
        status = row.status
    }
}

/// Creates an achievement. A code that is taken violates `achievements_code_key`.
func createAchievement(
    _ draft: AchievementDraft, in context: OperationContext
) async throws -> AchievementRow {
    try await draft.validate(in: context.transaction)
    try draft.status.checkNew()
    return try await context.transaction.insertAchievement(
        achievementID: .version7(at: context.now), code: draft.code, title: draft.title,
        description: draft.description, tier: draft.tier, criteria: draft.criteria.json,
        hidden: draft.isHidden, experienceReward: draft.experienceReward, status: draft.status,
        now: context.now)
}

/// Changes an achievement. Once people could unlock it, its criteria stay.
/// - Parameter check: sees the revision that stands, under a lock, before anything is written.
func changeAchievement(
    _ achievementID: Achievement.ID, in context: OperationContext, check: (Int) throws -> Void,
    change: (inout AchievementDraft) throws -> Void
) async throws -> AchievementRow {
    guard let row = try await context.transaction.lockAchievement(achievementID: achievementID) else {
        throw GamificationError.notFound("achievement")
    }
    try check(row.revision)
    let before = try AchievementDraft(row)
    var draft = before
    try change(&draft)
    try await draft.validate(in: context.transaction)
    guard row.status == .draft || draft.criteria == before.criteria else {
        throw GamificationError.isFixed(field: "criteria")
    }
    try row.status.checkChange(to: draft.status)
    return try await context.transaction.updateAchievement(
        title: draft.title, description: draft.description, tier: draft.tier, criteria: draft.criteria.json,
        hidden: draft.isHidden, experienceReward: draft.experienceReward, status: draft.status,
        now: context.now,
        achievementID: achievementID)
}
