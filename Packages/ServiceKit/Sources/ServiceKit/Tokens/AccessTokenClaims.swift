import Foundation
import JWTKit
import SharedTypes

/// The claims of an access token. Users signs them with ES256 and a `kid`; every service checks them with
/// ``TokenVerifier``.
public struct AccessTokenClaims: JWTPayload {
    /// Who issued the token.
    public let iss: IssuerClaim
    /// For whom it is.
    public let aud: AudienceClaim
    /// The user's id.
    public let sub: SubjectClaim
    /// The session's id.
    public let sid: UUID
    /// When it was issued.
    public let iat: IssuedAtClaim
    /// From when on it holds.
    public let nbf: NotBeforeClaim
    /// Until when it holds.
    public let exp: ExpirationClaim
    /// "access": no other token that the same key signs may pass for one.
    public let typ: String
    /// Whether the user has the operator's role.
    public let `operator`: Bool

    /// The claims of a token for a principal that holds from now on for so many seconds.
    public init(
        principal: Principal, issuer: String, audience: String, now: Date, lifetimeSeconds: Int
    ) {
        iss = IssuerClaim(value: issuer)
        aud = AudienceClaim(value: audience)
        sub = SubjectClaim(value: principal.userID.description)
        sid = principal.sessionID
        iat = IssuedAtClaim(value: now)
        nbf = NotBeforeClaim(value: now)
        exp = ExpirationClaim(value: now.addingTimeInterval(TimeInterval(lifetimeSeconds)))
        typ = Self.type
        `operator` = principal.isOperator
    }

    static let type = "access"

    /// Checks what needs neither a clock nor a configuration. jwt-kit calls it after the signature held; the
    /// rest is ``principal(issuer:audience:now:)``.
    public func verify(using algorithm: some JWTAlgorithm) throws {
        guard typ == Self.type else { throw TokenRejection(reason: "The token is no access token.") }
    }

    /// Who the token speaks for; throws where it is not for this audience, not from this issuer, or not valid
    /// now.
    ///
    /// `nbf` may lie half a minute ahead, because the clocks of two machines differ; `exp` gets no such
    /// grace.
    func principal(issuer: String, audience: String, now: Date) throws(TokenRejection) -> Principal {
        guard iss.value == issuer else { throw TokenRejection(reason: "The token is of another issuer.") }
        guard aud.value.contains(audience) else {
            throw TokenRejection(reason: "The token is for another audience.")
        }
        guard now < exp.value else { throw TokenRejection(reason: "The token has expired.") }
        guard nbf.value <= now.addingTimeInterval(30) else {
            throw TokenRejection(reason: "The token is not valid yet.")
        }
        guard let userID = User.ID(sub.value) else {
            throw TokenRejection(reason: "The token names no user.")
        }
        return Principal(
            userID: userID, sessionID: sid, isOperator: `operator`, expiresAt: exp.value)
    }
}

/// Why a token is not accepted, in a sentence for the client.
struct TokenRejection: Error, Equatable {
    let reason: String
}
