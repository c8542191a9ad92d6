import DatabaseClient
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// Whose attempts are counted: an account, an email or a network, under a keyed hash.
struct AttemptSubject: Sendable {
    let scope: AttemptScope
    let text: String

    init(scope: AttemptScope, text: String) {
        self.scope = scope
        self.text = text
    }

    /// An address counts with its network: whoever has one IPv6 address has 2^64.
    init(_ scope: AttemptScope, _ address: ClientAddress) {
        self.init(scope: scope, text: address.network)
    }
}

/// Counts attempts, outside of every transaction, so that a failure does not take them back.
struct AttemptCounter: Sendable {
    let database: Database
    let keys: DerivedKeys

    /// Throws `tooManyAttempts` when the subject has used its attempts up.
    func require(_ subject: AttemptSubject, at now: Date) async throws {
        let limit = AttemptLimit.of(subject.scope)
        let count = try await database.countAttempts(
            scope: subject.scope, subjectHash: keys.fingerprint(of: subject.text),
            windowFloor: now.addingTimeInterval(-limit.windowSeconds))
        guard let count, count.attempts >= limit.attempts else { return }
        throw limit.exceeded(count, at: now)
    }

    /// Counts an attempt, and throws `tooManyAttempts` when it is one too many.
    func record(_ subject: AttemptSubject, at now: Date) async throws {
        let limit = AttemptLimit.of(subject.scope)
        let count = try await database.recordAttempt(
            scope: subject.scope, subjectHash: keys.fingerprint(of: subject.text), now: now,
            windowFloor: now.addingTimeInterval(-limit.windowSeconds))
        guard count.attempts > limit.attempts else { return }
        throw limit.exceeded(count, at: now)
    }

    /// Clears a subject's counter.
    func forget(_ subject: AttemptSubject) async throws {
        try await database.forgetAttempts(
            scope: subject.scope, subjectHash: keys.fingerprint(of: subject.text))
    }
}

/// Deletes the counters whose windows are over.
func deleteExpiredAttempts(on database: Database, at now: Date) async throws {
    _ = try await database.deleteOldAttempts(
        before: now.addingTimeInterval(-AttemptLimit.longestWindowSeconds))
}

extension AttemptLimit {
    fileprivate func exceeded(_ count: AttemptCount, at now: Date) -> UsersError {
        let seconds = count.windowStartedAt.addingTimeInterval(windowSeconds).timeIntervalSince(now)
        return .tooManyAttempts(retryAfterSeconds: max(1, Int(seconds.rounded(.up))))
    }
}
