import ExactTypes
import Foundation

/// How long what Users hands out is good for. Seconds.
enum Lifetimes {
    static let accessToken: TimeInterval = 15 * 60
    /// A session's absolute end, whatever its use.
    static let session: TimeInterval = .days(90)
    /// A refresh token that is not used.
    static let idleRefreshToken: TimeInterval = .days(30)
    static let verificationToken: TimeInterval = .days(3)
    static let passwordResetToken: TimeInterval = 3_600
    /// How long an ended session and an expired email token are kept before they are forgotten.
    static let forgottenAfter: TimeInterval = .days(30)
}
