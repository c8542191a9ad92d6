import DatabaseClient
import EventLog
import Foundation
import SharedTypes

/// Takes back what a transaction added to quests that are not claimed and not over. Where another transaction
/// stands for the same instrument or day, that stays counted.
///
/// Experience and achievements stay: each is granted once for good, by an instrument, a day or a quest, so
/// who posts and reverses wins nothing a second time.
func takeBack(
    _ reversed: TransactionReversed, in context: OperationContext
) async throws {
    let (user, transaction) = (try context.user, context.transaction)
    // The lock of whoever writes to a user's quests; who has no level has no quests.
    guard try await transaction.lockLevel(userID: user) != nil else { return }
    let counted = try await transaction.listCountedQuests(
        userID: user, sourceEvent: "\(TransactionPosted.type):\(reversed.transactionID)")
    guard !counted.isEmpty else { return }
    let quests = counted.map(\.questID)
    let periods = counted.map(\.period)
    try await transaction.insertQuestEvents(
        userID: user, now: context.now, questIDs: quests, periods: periods,
        sourceEvents: counted.map {
            TransactionReversed.type + $0.sourceEvent.dropFirst(TransactionPosted.type.count)
        }, amounts: counted.map { -$0.amount })
    try await transaction.recountUserQuests(
        questIDs: quests, periods: periods, userID: user, now: context.now)
}
