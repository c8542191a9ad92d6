import ExactTypes
import Foundation
import SharedTypes

/// How often something may be tried within a window that begins with the first attempt.
struct AttemptLimit: Sendable {
    let attempts: Int
    let windowSeconds: TimeInterval

    init(_ attempts: Int, within windowSeconds: TimeInterval) {
        self.attempts = attempts
        self.windowSeconds = windowSeconds
    }

    /// The limit of a scope. Failed log-ins count against their account, so that a list of addresses does not
    /// help, and against their address, so that a list of accounts does not either. What succeeds has limits too,
    /// which a person never meets: it costs a hash, a row or a message.
    static func of(_ scope: AttemptScope) -> AttemptLimit {
        switch scope {
        case .loginAccount: AttemptLimit(10, within: 15 * 60)
        case .loginAddress: AttemptLimit(100, within: 15 * 60)
        case .registrationAddress: AttemptLimit(60, within: 3_600)
        case .emailAccount: AttemptLimit(5, within: 3_600)
        case .emailAddress: AttemptLimit(60, within: 3_600)
        case .passwordAddress: AttemptLimit(600, within: 3_600)
        case .sessionAccount: AttemptLimit(60, within: 3_600)
        case .passwordChangeAccount: AttemptLimit(10, within: 3_600)
        }
    }

    /// The longest window: counters older than this say nothing any more.
    static let longestWindowSeconds: TimeInterval = 3_600
}
