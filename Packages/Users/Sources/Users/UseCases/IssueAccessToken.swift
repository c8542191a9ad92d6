import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// What access tokens are signed with, and for whom.
struct AccessTokenIssuer: Sendable {
    let keys: SigningKeys
    /// The `iss` of the tokens.
    let issuer: String
    /// The `aud` of the tokens.
    let audience: String
}

/// Signs an access token of a session; gives its text.
func issueAccessToken(
    of session: OpenSession, by issuer: AccessTokenIssuer, at now: Date
) async throws -> String {
    let claims = AccessTokenClaims(
        principal: Principal(
            userID: session.userID, sessionID: session.sessionID.uuid, isOperator: session.isOperator),
        issuer: issuer.issuer, audience: issuer.audience, now: now,
        lifetimeSeconds: Int(Lifetimes.accessToken))
    return try await issuer.keys.sign(claims, at: now)
}
