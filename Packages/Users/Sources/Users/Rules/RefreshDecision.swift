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
    let successor: Successor?

    /// The token that replaced it.
    struct Successor: Sendable {
        let id: RefreshToken.ID
        let expiresAt: Date
        let rotatedAt: Date?
    }
}

/// What a presented refresh token is answered with.
enum RefreshDecision: Sendable, Equatable {
    /// The token is the newest: it gets a successor.
    case rotate
    /// The token was replaced and its successor was never used: the same successor again, however late, so that a
    /// client that refreshes in parallel, or whose answer was lost, stays in one lineage.
    case repeatSuccessor(RefreshToken.ID)
    /// The session is over, or no token of it can be used any more.
    case refuse
    /// A replaced token came back although its successor was used: two parties hold the lineage, so it ends for both.
    case endSession

    init(_ token: PresentedToken, at now: Date) {
        if token.sessionEndedAt != nil || token.revokedAt != nil || now >= token.sessionExpiresAt {
            self = .refuse
        } else if token.rotatedAt != nil {
            guard let successor = token.successor, successor.rotatedAt == nil else {
                self = .endSession
                return
            }
            self = now < successor.expiresAt ? .repeatSuccessor(successor.id) : .refuse
        } else {
            self = now < token.expiresAt ? .rotate : .refuse
        }
    }
}
