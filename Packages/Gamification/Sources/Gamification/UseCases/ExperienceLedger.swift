import DatabaseClient
import EventLog
import Foundation
import SharedTypes

/// A user's experience, held alone until the transaction ends: whoever writes anything of a user's in this
/// module holds their level's row first, so that two never meet in another order.
struct ExperienceLedger {
    let user: User.ID
    let transaction: DatabaseTransaction
    let events: EventLog
    /// The moment that everything is written at: when the event was told, or a claim was made.
    let at: Date
    private var level: Int
    private(set) var experience: Int

    static func open(
        _ user: User.ID, in transaction: DatabaseTransaction, events: EventLog, at moment: Date
    ) async throws -> ExperienceLedger {
        var row = try await transaction.lockLevel(userID: user)
        if row == nil {
            try await transaction.insertLevel(userID: user, now: moment)
            row = try await transaction.lockLevel(userID: user)
        }
        return ExperienceLedger(
            user: user, transaction: transaction, events: events, at: moment, level: row?.level ?? 1,
            experience: row?.experience ?? 0)
    }

    private init(
        user: User.ID, transaction: DatabaseTransaction, events: EventLog, at: Date, level: Int,
        experience: Int
    ) {
        (self.user, self.transaction, self.events, self.at) = (user, transaction, events, at)
        (self.level, self.experience) = (level, experience)
    }

    /// Writes down what was not granted for the same reason and source before, and what follows: the level,
    /// and the season's points.
    /// - Parameter pass: of the season that runs; nil where none does, or the points are not the season's.
    /// - Returns: how many points came.
    @discardableResult
    mutating func grant(_ grants: [ExperienceGrant], towards pass: BattlePass.ID?) async throws -> Int {
        var granted: [ExperienceGranted] = []
        for grant in grants where grant.amount > 0 {
            let entry = try await transaction.insertExperience(
                userID: user, experienceEntryID: .version7(at: at), amount: grant.amount,
                reason: grant.reason, sourceEvent: grant.source, now: at)
            guard entry != nil else { continue }
            granted.append(
                ExperienceGranted(
                    amount: grant.amount, reason: grant.reason, source: grant.source, grantedAt: at))
        }
        let sum = granted.reduce(0) { $0 + $1.amount }
        guard sum > 0 else { return 0 }
        experience += sum
        // A correction may take points back, and a level that was reached stays reached.
        let reached = max(level, LevelCurve.level(at: experience))
        try await transaction.updateLevel(level: reached, experience: experience, now: at, userID: user)
        if let pass {
            try await transaction.addSeasonExperience(
                userID: user, battlePassID: pass, experience: sum, now: at)
        }
        try await events.append(granted, of: user, in: transaction)
        try await events.append(
            (level..<reached).map { LevelReached(level: $0 + 1, experience: experience, reachedAt: at) },
            of: user, in: transaction)
        level = reached
        return sum
    }
}
