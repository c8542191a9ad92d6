import DatabaseClient
import EventLog
import Foundation
import SharedTypes

/// A user's experience, held alone until the transaction ends: whoever writes anything of a user's in this
/// module holds their level's row first, so that two never meet in another order.
struct ExperienceLedger {
    let events: EventLog
    /// Its moment is that at which the event was recorded, or the claim made.
    let context: OperationContext
    let user: User.ID
    private var level: Int
    private(set) var experience: Int

    static func open(events: EventLog, in context: OperationContext) async throws -> ExperienceLedger {
        let (user, transaction) = (try context.user, context.transaction)
        var row = try await transaction.lockLevel(userID: user)
        if row == nil {
            try await transaction.insertLevel(userID: user, now: context.now)
            row = try await transaction.lockLevel(userID: user)
        }
        return ExperienceLedger(
            events: events, context: context, user: user, level: row?.level ?? 1,
            experience: row?.experience ?? 0)
    }

    private init(events: EventLog, context: OperationContext, user: User.ID, level: Int, experience: Int) {
        (self.events, self.context, self.user) = (events, context, user)
        (self.level, self.experience) = (level, experience)
    }

    /// Writes down what was not granted for the same reason and source before, and what follows: the level,
    /// and the season's points.
    /// - Parameter pass: of the season that runs; nil where none does, or the points are not the season's.
    /// - Returns: how many points came.
    @discardableResult
    mutating func grant(_ grants: [ExperienceGrant], towards pass: BattlePass.ID?) async throws -> Int {
        let (transaction, now) = (context.transaction, context.now)
        var granted: [ExperienceGranted] = []
        for grant in grants where grant.amount > 0 {
            let entry = try await transaction.insertExperience(
                userID: user, experienceEntryID: .version7(at: now), amount: grant.amount,
                reason: grant.reason, sourceEvent: grant.source, requestID: context.requestID, now: now)
            guard entry != nil else { continue }
            granted.append(
                ExperienceGranted(
                    amount: grant.amount, reason: grant.reason, source: grant.source, grantedAt: now))
        }
        let sum = granted.reduce(0) { $0 + $1.amount }
        guard sum > 0 else { return 0 }
        experience += sum
        // A correction may take points back, and a level that was reached stays reached.
        let reached = max(level, LevelCurve.level(at: experience))
        try await transaction.updateLevel(level: reached, experience: experience, now: now, userID: user)
        if let pass {
            try await transaction.addSeasonExperience(
                userID: user, battlePassID: pass, experience: sum, now: now)
        }
        try await events.append(granted, in: context)
        try await events.append(
            (level..<reached).map { LevelReached(level: $0 + 1, experience: experience, reachedAt: now) },
            in: context)
        level = reached
        return sum
    }
}
