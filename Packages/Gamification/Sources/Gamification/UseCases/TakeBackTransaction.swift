import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Takes back what a transaction added to quests that are not over, and what it earned. Where another transaction stands
/// for the same instrument or day, that stays counted, and its points stay.
///
/// A quest that falls below its target is in progress again. What was claimed for it, and the achievements that it
/// unlocked, are taken back with their points; reached again, they can be earned again. A level that was reached stays.
func takeBack(
    _ reversed: TransactionReversed, under catalogue: Catalogue, events: EventLog,
    in context: OperationContext
) async throws {
    let (user, transaction) = (try context.user, context.transaction)
    // The lock of whoever writes to a user's quests; who has no level has no quests.
    guard try await transaction.findLevel(userID: user) != nil else { return }
    var ledger = try await ExperienceLedger.open(events: events, in: context)
    let posted = "\(TransactionPosted.type):\(reversed.transactionID)"
    let source = "\(TransactionReversed.type):\(reversed.transactionID)"
    var subjects: [String] = []
    if let subject = try await transaction.deleteExperienceFact(userID: user, sourceEvent: posted),
        try await !transaction.hasExperienceFact(userID: user, subject: subject)
    {
        subjects.append(subject)
    }
    for quest in try await recount(posted, in: context) {
        subjects.append(QuestRow.subject(quest.code, period: quest.period))
        subjects += try await lock(
            catalogue.achievements[quest.code] ?? [], unlockedBy: quest.questID, of: user, in: transaction)
    }
    try await ledger.takeBack(subjects, because: source, under: catalogue)
}

/// Counts the quests anew that a transaction counted towards.
/// - Returns: those that fell below their target.
private func recount(
    _ posted: String, in context: OperationContext
) async throws -> [CountedQuestRow] {
    let (user, transaction) = (try context.user, context.transaction)
    let counted = try await transaction.listCountedQuests(userID: user, sourceEvent: posted)
    guard !counted.isEmpty else { return [] }
    let events = counted.map {
        NewQuestEvent(
            questID: $0.questID, period: $0.period,
            sourceEvent: TransactionReversed.type + $0.sourceEvent.dropFirst(TransactionPosted.type.count),
            amount: -$0.amount)
    }
    try await transaction.insertQuestEvents(events, userID: user, now: context.now)
    let recounted = try await transaction.recountUserQuests(
        counted.map { RecountedQuest(questID: $0.questID, period: $0.period) }, userID: user, now: context.now
    )
    return counted.filter { quest in
        quest.status != .inProgress
            && recounted.contains {
                $0.questID == quest.questID && $0.period == quest.period && $0.status == .inProgress
            }
    }
}

/// Locks the achievements again that a quest no longer unlocks.
/// - Returns: the subjects of their points.
private func lock(
    _ achievements: [Catalogue.QuestAchievement], unlockedBy quest: Quest.ID, of user: User.ID,
    in transaction: DatabaseTransaction
) async throws -> [String] {
    guard !achievements.isEmpty else { return [] }
    let times = try await transaction.countCompletions(userID: user, questID: quest)
    var subjects: [String] = []
    for achievement in achievements where times < achievement.criteria.times {
        let locked = try await transaction.deleteUserAchievement(
            userID: user, achievementID: achievement.row.id)
        if locked > 0 { subjects.append(achievement.row.subject) }
    }
    return subjects
}
