import ExactTypes
import Foundation
import JWTKit
import SharedTypes

/// The claims of an access token. Users signs them with ES256 and a `kid`; every service checks them with
/// ``TokenVerifier``.
///
/// The claims are plain values and not jwt-kit's own types, of which some stop the process where a claim is odd.
public struct AccessTokenClaims: JWTPayload {
    /// Who issued the token.
    public let iss: String
    /// For whom it is: one or more.
    public let aud: [String]
    /// The user's id.
    public let sub: String
    /// The session's id.
    public let sid: UUID
    /// When it was issued.
    public let iat: Date
    /// From when on it holds.
    public let nbf: Date
    /// Until when it holds.
    public let exp: Date
    /// "access": no other token that the same key signs may pass for one.
    public let typ: String
    /// Whether the user has the operator's role.
    public let `operator`: Bool

    /// The claims of a token for a principal that holds from now on for so many seconds.
    public init(
        principal: Principal, issuer: String, audience: String, now: Date, lifetimeSeconds: Int
    ) {
        iss = issuer
        aud = [audience]
        sub = principal.userID.description
        sid = principal.sessionID
        iat = now
        nbf = now
        exp = now.addingTimeInterval(TimeInterval(lifetimeSeconds))
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
        guard iss == issuer else { throw TokenRejection(reason: "The token is of another issuer.") }
        guard aud.contains(audience) else {
            throw TokenRejection(reason: "The token is for another audience.")
        }
        guard now < exp else { throw TokenRejection(reason: "The token has expired.") }
        guard nbf <= now.addingTimeInterval(30) else {
            throw TokenRejection(reason: "The token is not valid yet.")
        }
        guard let userID = User.ID(sub) else {
            throw TokenRejection(reason: "The token names no user.")
        }
        return Principal(
            userID: userID, sessionID: sid, isOperator: `operator`, expiresAt: exp)
    }
}

extension AccessTokenClaims {
    private enum CodingKeys: String, CodingKey {
        case iss, aud, sub, sid, iat, nbf, exp, typ, `operator`
    }

    public init(from decoder: any Decoder) throws {
        let claims = try decoder.container(keyedBy: CodingKeys.self)
        /// A NumericDate of RFC 7519, within the years that every part of Grove can count with.
        func date(_ key: CodingKeys) throws -> Date {
            let seconds = try claims.decode(Double.self, forKey: key)
            guard (0...253_402_300_799).contains(seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: claims, debugDescription: "outside the years 1970 to 9999")
            }
            return Date(timeIntervalSince1970: seconds)
        }
        iss = try claims.decode(String.self, forKey: .iss)
        let single = try? claims.decode(String.self, forKey: .aud)
        aud = try single.map { [$0] } ?? claims.decode([String].self, forKey: .aud)
        sub = try claims.decode(String.self, forKey: .sub)
        sid = try claims.decode(UUID.self, forKey: .sid)
        iat = try date(.iat)
        nbf = try date(.nbf)
        exp = try date(.exp)
        typ = try claims.decode(String.self, forKey: .typ)
        `operator` = try claims.decode(Bool.self, forKey: .operator)
    }

    public func encode(to encoder: any Encoder) throws {
        var claims = encoder.container(keyedBy: CodingKeys.self)
        try claims.encode(iss, forKey: .iss)
        // Of one audience the text alone, which every reader knows.
        if let audience = aud.first, aud.count == 1 {
            try claims.encode(audience, forKey: .aud)
        } else {
            try claims.encode(aud, forKey: .aud)
        }
        try claims.encode(sub, forKey: .sub)
        try claims.encode(sid, forKey: .sid)
        try claims.encode(iat.timeIntervalSince1970, forKey: .iat)
        try claims.encode(nbf.timeIntervalSince1970, forKey: .nbf)
        try claims.encode(exp.timeIntervalSince1970, forKey: .exp)
        try claims.encode(typ, forKey: .typ)
        try claims.encode(`operator`, forKey: .operator)
    }
}

/// Why a token is not accepted, in a sentence for the client.
struct TokenRejection: Error, Equatable {
    let reason: String
}
