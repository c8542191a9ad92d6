import Foundation

/// How long what Users hands out is good for. Seconds.
enum Lifetimes {
    static let accessToken: TimeInterval = 15 * 60
    /// A session's absolute end, whatever its use.
    static let session: TimeInterval = 90 * 86_400
    /// A refresh token that is not used.
    static let idleRefreshToken: TimeInterval = 30 * 86_400
    static let verificationToken: TimeInterval = 3 * 86_400
    static let passwordResetToken: TimeInterval = 3_600
    /// How long an ended session and an expired email token are kept before they are forgotten.
    static let forgottenAfter: TimeInterval = 30 * 86_400
}
