import DatabaseClient
import ExactTypes
import Foundation
import Logging
import PeriodicWork

/// Ends quests whose period and its grace are over, every few seconds. Any number of processes may do it:
/// each user is done under the lock of their level's row, and what one has ended the other finds ended.
struct QuestExpiry: Sendable {
    static let rowsAtOnce = 500

    let database: Database
    let worker: Database
    let logger: Logger
    let now: @Sendable () -> Date

    /// Ends quests until the service shuts down.
    var service: PeriodicService {
        PeriodicService("gamification.quest_expiry", every: .seconds(5), logger: logger) {
            try await expire(at: now()) ? .more : .done
        }
    }

    /// - Returns: whether there may be more.
    @discardableResult
    func expire(at moment: Date) async throws -> Bool {
        let due = try await worker.listExpiringQuests(now: moment, rowLimit: Self.rowsAtOnce)
        for user in Set(due.map(\.userID)) {
            try await database.transaction(as: user.uuid) { transaction in
                _ = try await transaction.lockLevel(userID: user)
                _ = try await transaction.expireUserQuests(now: moment, userID: user)
            }
        }
        return due.count == Self.rowsAtOnce
    }
}
