import ExactTypes
import Foundation
import GroveTesting
import JWTKit
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Users

@Suite struct SigningKeyRoutesTests {
    @Test func theKeySetIsCacheableAndHoldsNothingPrivate() async throws {
        try await withUsers { server in
            let answer = try await server.send("GET", "/.well-known/jwks.json")
            #expect(answer.status == 200)
            #expect(answer.headers["cache-control"] == "public, max-age=300")
            guard case .array(let keys)? = answer.member("keys"), case .object(let key)? = keys.first else {
                Issue.record("no keys: \(answer.text)")
                return
            }
            #expect(Set(key.keys) == ["kty", "crv", "alg", "use", "kid", "x", "y"])
            #expect(key["alg"] == .string("ES256"))
        }
    }
}
