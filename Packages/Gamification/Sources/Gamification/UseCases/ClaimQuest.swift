import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What a claim gave.
struct QuestClaim: Sendable {
    let quest: QuestRow
    let progress: UserQuestRow
    let experience: Int
    let level: UserLevelRow
}

/// Claims a completed quest of a period: its experience comes to the ledger, once. Where a season runs at the
/// moment of the claim, the points are the season's too.
func claimQuest(
    _ questID: Quest.ID, period: String, events: EventLog, in context: OperationContext
) async throws -> QuestClaim {
    let (user, transaction, now) = (try context.user, context.transaction, context.now)
    var ledger = try await ExperienceLedger.open(events: events, in: context)
    guard let quest = try await transaction.findQuest(questID: questID), quest.status != .draft else {
        throw GamificationError.notFound("quest")
    }
    let claimed = try await transaction.claimUserQuest(
        now: now, userID: user, questID: questID, period: period)
    guard let claimed else {
        let standing = try await transaction.findUserQuest(userID: user, questID: questID, period: period)
        switch standing?.status {
        case nil, .available, .inProgress: throw GamificationError.notCompleted
        case .claimed: throw GamificationError.alreadyClaimed
        case .completed, .expired: throw GamificationError.claimIsOver
        }
    }
    let experience = try await ledger.grant(
        [
            ExperienceGrant(
                amount: quest.experienceReward, reason: .quest,
                subject: QuestRow.subject(quest.code, period: period))
        ], towards: try await runningPass(at: now, on: transaction))
    return QuestClaim(
        quest: quest, progress: claimed, experience: experience,
        level: try await findLevel(of: user, on: transaction, at: now))
}

/// The pass of the season that runs, in which points are earned; in its grace there is none.
func runningPass(at now: Date, on executor: any QueryExecutor) async throws -> BattlePass.ID? {
    let pass = try await executor.findCurrentBattlePass(now: now)
    return pass.flatMap { $0.seasonTimes.isRunning(at: now) ? $0.id : nil }
}

/// A user's level; level 1 where nothing was earned yet.
func findLevel(of user: User.ID, on executor: any QueryExecutor, at now: Date) async throws -> UserLevelRow {
    try await executor.findLevel(userID: user)
        ?? UserLevelRow(userID: user, level: 1, experience: 0, createdAt: now, updatedAt: now)
}

extension QuestRow {
    /// What the points of a quest of a period are for.
    static func subject(_ code: String, period: String) -> String { "quest.completed:\(code):\(period)" }
}
