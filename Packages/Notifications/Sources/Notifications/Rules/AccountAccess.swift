import SharedTypes

/// Whether an account may set something up here, by what Users says of it at this moment. An access token outlives the
/// session and the account by some minutes, and what is set up outlives the token.
enum AccountAccess {
    enum Refusal: Error, Sendable, Hashable {
        /// The session has ended, or the account was closed or erased.
        case sessionEnded
        /// The address may be another person's, who would inherit what is set up now.
        case emailNotVerified
        case suspended
    }

    /// - Parameters:
    ///   - status: nil where the account was erased.
    ///   - isSessionOpen: whether the session of the token still stands.
    static func check(_ status: UserStatus?, isSessionOpen: Bool) throws(Refusal) {
        guard let status, isSessionOpen else { throw .sessionEnded }
        switch status {
        case .active: return
        case .pendingVerification: throw .emailNotVerified
        case .suspended: throw .suspended
        case .closed: throw .sessionEnded
        }
    }
}
