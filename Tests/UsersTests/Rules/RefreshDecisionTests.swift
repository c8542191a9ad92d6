import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Users

@Suite struct RefreshDecisionTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let successor = RefreshToken.ID.version7(at: Date(timeIntervalSince1970: 1_800_000_000))

    private func decision(
        ended: Date? = nil, sessionExpires: TimeInterval = 1_000, expires: TimeInterval = 1_000,
        rotated: TimeInterval? = nil, revoked: Date? = nil, successorExpires: TimeInterval = 1_000,
        successorRotated: TimeInterval? = nil
    ) -> RefreshDecision {
        RefreshDecision(
            PresentedToken(
                sessionEndedAt: ended, sessionExpiresAt: now.addingTimeInterval(sessionExpires),
                expiresAt: now.addingTimeInterval(expires), rotatedAt: rotated.map(now.addingTimeInterval),
                revokedAt: revoked,
                successor: rotated == nil
                    ? nil
                    : .init(
                        id: successor, expiresAt: now.addingTimeInterval(successorExpires),
                        rotatedAt: successorRotated.map(now.addingTimeInterval))),
            at: now)
    }

    @Test func theNewestTokenIsReplaced() { #expect(decision() == .rotate) }

    @Test func anEndedSessionOrRevokedTokenIsRefused() {
        #expect(decision(ended: now) == .refuse)
        #expect(decision(revoked: now) == .refuse)
        #expect(decision(ended: now, rotated: -1) == .refuse)
    }

    @Test func expiryIsAbsoluteForTheSessionAndIdleForTheToken() {
        #expect(decision(sessionExpires: 0) == .refuse)
        #expect(decision(sessionExpires: 1) == .rotate)
        #expect(decision(expires: 0) == .refuse)
        #expect(decision(expires: 1) == .rotate)
    }

    @Test func thePredecessorRepeatsHoweverLateWhileTheSuccessorIsUnused() {
        #expect(decision(rotated: -36) == .repeatSuccessor(successor))
        #expect(decision(expires: -1, rotated: -20 * 86_400) == .repeatSuccessor(successor))
    }

    @Test func anExpiredSuccessorIsNotRepeated() {
        #expect(decision(rotated: -40 * 86_400, successorExpires: 0) == .refuse)
        #expect(decision(rotated: -40 * 86_400, successorExpires: 0, successorRotated: -1) == .endSession)
    }

    @Test func aGrandparentEndsTheSession() {
        #expect(decision(rotated: -1, successorRotated: -1) == .endSession)
    }
}
