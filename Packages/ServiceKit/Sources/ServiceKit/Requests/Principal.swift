import ExactTypes
import Foundation
import SharedTypes

/// Who makes a request, as the access token says.
public struct Principal: Sendable, Hashable {
    /// The user.
    public let userID: User.ID
    /// The session, which is a lineage of refresh tokens, that the token was issued in.
    public let sessionID: UUID
    /// Whether the user had the operator's role when the token was issued.
    public let isOperator: Bool
    /// Until when the token holds: an answer that goes on for longer ends then. Nil where no token was read.
    public let expiresAt: Date?

    /// A principal that is known already; requests get theirs from ``TokenVerifier``.
    public init(userID: User.ID, sessionID: UUID, isOperator: Bool, expiresAt: Date? = nil) {
        self.userID = userID
        self.sessionID = sessionID
        self.isOperator = isOperator
        self.expiresAt = expiresAt
    }
}
