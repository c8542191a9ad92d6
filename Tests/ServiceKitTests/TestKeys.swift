import ExactTypes
import Foundation
import JWTKit
import Logging
import SharedTypes
import StrictJSON

@testable import ServiceKit

/// A signing key as Users has one, and tokens of every kind, sound and not.
struct TestKeys {
    let keyID: String
    let key = ES256PrivateKey()

    init(keyID: String = "test-1") { self.keyID = keyID }

    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// The JWKS document with the public key.
    var document: String { Self.document([self]) }

    static func document(_ keys: [TestKeys]) -> String {
        let members = keys.map { keys in
            let point = keys.key.parameters ?? ("", "")
            func url(_ text: String) -> String { Data(base64Encoded: text)?.base64URL ?? "" }
            return
                #"{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"\#(keys.keyID)","x":"\#(url(point.0))","y":"\#(url(point.1))"}"#
        }
        return #"{"keys":[\#(members.joined(separator: ","))]}"#
    }

    func claims(
        user: User.ID = User.ID(UUID()), isOperator: Bool = false, issuer: String = "grove",
        audience: String = "grove", at moment: Date = now
    ) -> AccessTokenClaims {
        AccessTokenClaims(
            principal: Principal(userID: user, sessionID: UUID(), isOperator: isOperator), issuer: issuer,
            audience: audience, now: moment, lifetimeSeconds: 900)
    }

    func token(_ payload: some JWTPayload, keyID: String? = nil) async throws -> String {
        let keys = await JWTKeyCollection().add(ecdsa: key, kid: JWKIdentifier(string: keyID ?? self.keyID))
        return try await keys.sign(payload, kid: JWKIdentifier(string: keyID ?? self.keyID))
    }

    func verifier(source: KeySource? = nil, now: @escaping @Sendable () -> Date = { Self.now })
        -> TokenVerifier
    {
        let document = document
        return TokenVerifier(
            source: source ?? .inProcess { document }, issuer: "grove", audience: "grove", now: now,
            logger: Logger(label: "test"))
    }
}
