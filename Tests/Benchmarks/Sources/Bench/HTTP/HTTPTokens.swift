import Crypto
import Foundation

/// A signing key of the benchmark's own, and what it signs: an access token for each user.
struct HTTPTokens {
    private let key = P256.Signing.PrivateKey()
    private static let keyID = "bench"
    static let users = 1_000

    var publicKey: String { key.publicKey.pemRepresentation }

    /// The key set that services verify by.
    var keySet: String {
        let point = key.publicKey.rawRepresentation
        return """
            {"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"\(Self.keyID)",\
            "x":"\(Self.base64URL(point.prefix(32)))","y":"\(Self.base64URL(point.suffix(32)))"}]}
            """
    }

    /// A line for each user: their token, and the twelve digits that end their ids.
    func lines() throws -> String {
        let header = Self.base64URL(Data(#"{"alg":"ES256","typ":"JWT","kid":"\#(Self.keyID)"}"#.utf8))
        let now = Int(Date().timeIntervalSince1970)
        return try (0..<Self.users).map { number in
            let hexadecimal = String(number, radix: 16)
            let digits = String(repeating: "0", count: 12 - hexadecimal.count) + hexadecimal
            let user = "00000000-0000-7000-8000-\(digits)"
            let claims = """
                {"iss":"grove","aud":"grove","sub":"\(user)","sid":"\(user)","iat":\(now),"nbf":\(now),\
                "exp":\(now + 86_400),"typ":"access","operator":false}
                """
            let signed = header + "." + Self.base64URL(Data(claims.utf8))
            let signature = try key.signature(for: Data(signed.utf8)).rawRepresentation
            return "\(signed).\(Self.base64URL(signature)) \(digits)\n"
        }.joined()
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }
}
