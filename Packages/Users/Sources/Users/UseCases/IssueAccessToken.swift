import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// What a log-in or a refresh hands out.
struct IssuedTokens: Sendable {
    let session: OpenSession
    let accessToken: String
}

/// What access tokens are signed with, and for whom.
struct AccessTokenIssuer: Sendable {
    let keys: SigningKeys
    /// The `iss` of the tokens.
    let issuer: String
    /// The `aud` of the tokens.
    let audience: String
}

/// Signs an access token of a session.
func issueAccessToken(
    of session: OpenSession, by issuer: AccessTokenIssuer, at now: Date
) async throws -> IssuedTokens {
    let claims = AccessTokenClaims(
        principal: Principal(
            userID: session.userID, sessionID: session.sessionID.uuid, isOperator: session.isOperator),
        issuer: issuer.issuer, audience: issuer.audience, now: now,
        lifetimeSeconds: Int(Lifetimes.accessToken))
    return IssuedTokens(session: session, accessToken: try await issuer.keys.sign(claims, at: now))
}
