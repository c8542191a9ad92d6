import DatabaseClient
import EventLog
import ExactTypes
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

    /// Notes an event that the points of a subject stand on.
    func insertFact(_ source: String, standingFor subject: String) async throws {
        try await context.transaction.insertExperienceFact(
            userID: user, sourceEvent: source, subject: subject, now: context.now)
    }

    /// Writes down what is not granted for the same subject already, and what follows: the level, and the season's
    /// points. Where a day has given all that it gives for a kind of fact, nothing is granted.
    /// - Parameter pass: of the season that runs; nil where none does, or the points are not the season's.
    /// - Returns: how many points came.
    @discardableResult
    mutating func grant(_ grants: [ExperienceGrant], towards pass: BattlePass.ID?) async throws -> Int {
        let (transaction, now) = (context.transaction, context.now)
        var granted: [ExperienceGranted] = []
        for grant in grants where grant.amount > 0 {
            let standing = try await transaction.findSubjectExperience(userID: user, subject: grant.subject)
            guard standing.experience == 0, try await isWithinDailyLimit(grant) else { continue }
            // Points that were taken back and are earned again are another entry of the same subject.
            let source =
                standing.corrections == 0
                ? grant.subject : "\(grant.subject):\(standing.corrections + 1)"
            let entry = try await insert(grant.amount, grant.reason, source: source, subject: grant.subject)
            if let entry { granted.append(entry) }
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

    /// Takes back the points of some subjects by a correction each, and those of the seasons in which they were
    /// earned. A tier that was claimed stays claimed.
    /// - Parameter source: type and key of the event that says so.
    mutating func takeBack(
        _ subjects: [String], because source: String, under catalogue: Catalogue
    ) async throws {
        let (transaction, now) = (context.transaction, context.now)
        var corrections: [ExperienceGranted] = []
        for subject in subjects {
            let entries = try await transaction.listSubjectExperience(userID: user, subject: subject)
            let sum = entries.reduce(0) { $0 + $1.amount }
            guard sum > 0, let latest = entries.last(where: { $0.amount > 0 }) else { continue }
            let correction = try await insert(
                -sum, .correction, source: "\(source):\(subject)", subject: subject)
            guard let correction else { continue }
            corrections.append(correction)
            if let pass = catalogue.pass(at: latest.createdAt) {
                try await transaction.subtractSeasonExperience(
                    experience: sum, now: now, userID: user, battlePassID: pass.id)
            }
        }
        guard !corrections.isEmpty else { return }
        experience += corrections.reduce(0) { $0 + $1.amount }
        try await transaction.updateLevel(level: level, experience: experience, now: now, userID: user)
        try await events.append(corrections, in: context)
    }

    private func isWithinDailyLimit(_ grant: ExperienceGrant) async throws -> Bool {
        guard let limit = grant.dailyLimit else { return true }
        let today = try await context.transaction.sumKindExperience(
            userID: user, since: limit.day.lowerBound, until: limit.day.upperBound,
            subjectPrefix: limit.subjectPrefix)
        guard today + grant.amount <= limit.points else { return false }
        // Whoever moves from zone to zone begins a day each hour, and has two days' points in 24 hours all the same.
        let recent = try await context.transaction.sumKindExperience(
            userID: user, since: context.now - .days(1), until: limit.day.upperBound,
            subjectPrefix: limit.subjectPrefix)
        return recent + grant.amount <= 2 * limit.points
    }

    /// - Returns: the event that says it; nil where an entry of this reason and source stands already.
    private func insert(
        _ amount: Int, _ reason: ExperienceReason, source: String, subject: String
    ) async throws -> ExperienceGranted? {
        let now = context.now
        let entry = try await context.transaction.insertExperience(
            userID: user, experienceEntryID: .version7(at: now), amount: amount, reason: reason,
            sourceEvent: source, subject: subject, requestID: context.requestID, now: now)
        return entry.map { _ in
            ExperienceGranted(amount: amount, reason: reason, source: source, grantedAt: now)
        }
    }
}
