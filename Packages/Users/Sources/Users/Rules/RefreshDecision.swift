import ExactTypes
import Foundation
import SharedTypes

/// What the database knows of a refresh token that somebody presents.
struct PresentedToken: Sendable {
    let sessionEndedAt: Date?
    let sessionExpiresAt: Date
    let expiresAt: Date
    let rotatedAt: Date?
    let revokedAt: Date?
    let successorID: RefreshToken.ID?
    let successorRotatedAt: Date?
}

/// What a presented refresh token is answered with.
enum RefreshDecision: Sendable, Equatable {
    /// The token is the newest: it gets a successor.
    case rotate
    /// The token was replaced a moment ago and its successor is unused: the same successor again, so that a
    /// client that refreshes in parallel, or did not hear the answer, stays in one lineage.
    case repeatSuccessor(RefreshToken.ID)
    /// The session is over.
    case refuse
    /// A replaced token came back: two parties hold the lineage, so it ends for both.
    case endSession

    /// How long a replaced token may be used again. It must outlast a slow network and a retry, and no more:
    /// within it a thief and the owner look alike.
    static let graceSeconds: TimeInterval = 30

    init(_ token: PresentedToken, at now: Date) {
        if token.sessionEndedAt != nil || token.revokedAt != nil || now >= token.sessionExpiresAt {
            self = .refuse
        } else if let rotatedAt = token.rotatedAt {
            if let successor = token.successorID, token.successorRotatedAt == nil,
                now.timeIntervalSince(rotatedAt) <= Self.graceSeconds
            {
                self = .repeatSuccessor(successor)
            } else {
                self = .endSession
            }
        } else {
            self = now < token.expiresAt ? .rotate : .refuse
        }
    }
}
