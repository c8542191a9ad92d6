import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import JWTKit
import Logging
import ServiceKit
import StrictJSON
import Testing

@testable import Users

@Suite struct SigningKeysTests {
    private static let seal = SymmetricKey(data: Data(repeating: 1, count: 32))
    private let logger = Logger(label: "users-tests") { _ in SwiftLogNoOpLogHandler() }
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func keys(_ test: TestDatabase, seal: SymmetricKey = seal) -> SigningKeys {
        SigningKeys(database: test.database(role: "users_service"), seal: seal, logger: logger)
    }

    private func keyIDs(_ document: String) throws -> [String] {
        try JSONDecoder().decode(JWKS.self, from: Data(document.utf8)).keys.compactMap {
            $0.keyIdentifier?.string
        }
    }

    private func claims(at now: Date) -> AccessTokenClaims {
        AccessTokenClaims(
            principal: Principal(userID: .version7(at: now), sessionID: UUID(), isOperator: false),
            issuer: "grove", audience: "grove", now: now, lifetimeSeconds: 900)
    }

    @Test func instancesThatStartAtOnceMakeOneKey() async throws {
        try await withTestDatabase { test in
            let instances = (0..<4).map { _ in keys(test) }
            let documents = try await withThrowingTaskGroup(of: String.self) { group in
                for instance in instances { group.addTask { try await instance.document(at: start) } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(documents.count == 1)
            #expect(try documents.first.map(keyIDs)?.count == 1)
        }
    }

    @Test func aKeyIsPublishedThenSignsThenStaysForItsTokensThenGoes() async throws {
        try await withTestDatabase { test in
            let (one, two) = (keys(test), keys(test))
            let first = try #require(try keyIDs(await one.document(at: start)).first)
            let due = start.addingTimeInterval(
                SigningKeySchedule.signingPeriod - SigningKeySchedule.publicationLead)
            async let left: Void = one.rotate(at: due)
            async let right: Void = two.rotate(at: due)
            _ = try await (left, right)
            let published = try keyIDs(await two.document(at: due))
            #expect(published.count == 2)
            let second = try #require(published.first { $0 != first })
            #expect(try await signer(one, at: due) == first)
            let active = due.addingTimeInterval(SigningKeySchedule.publicationLead)
            #expect(try await signer(one, at: active) == second)
            #expect(try await signer(two, at: active) == second)
            try await one.rotate(at: active.addingTimeInterval(SigningKeySchedule.retention - 1))
            #expect(try keyIDs(await one.document(at: active)).count == 2)
            try await one.rotate(at: active.addingTimeInterval(SigningKeySchedule.retention))
            let gone = active.addingTimeInterval(SigningKeySchedule.retention)
            #expect(try keyIDs(await one.document(at: gone)) == [second])
        }
    }

    private func signer(_ keys: SigningKeys, at now: Date) async throws -> String? {
        let token = try await keys.sign(claims(at: now), at: now)
        return try JSONDecoder().decode([String: String].self, from: tokenPart(token, 0))["kid"]
    }

    @Test func theTokenVerifiesAgainstThePublishedKey() async throws {
        try await withTestDatabase { test in
            let keys = keys(test)
            let now = Date()
            let token = try await keys.sign(claims(at: now), at: now)
            let verifier = JWTKeyCollection()
            try await verifier.add(jwksJSON: try await keys.document(at: now))
            let claims = try await verifier.verify(token, as: AccessTokenClaims.self)
            #expect(claims.typ == "access")
            #expect(claims.exp.timeIntervalSince(claims.iat) == 900)
        }
    }

    @Test func anotherSealingKeyOpensNothing() async throws {
        try await withTestDatabase { test in
            _ = try await keys(test).document(at: start)
            let stranger = keys(test, seal: SymmetricKey(size: .bits256))
            await #expect(throws: SigningKeys.WrongSealingKey.self) { try await stranger.document(at: start) }
        }
    }

    @Test func aSealedKeyDoesNotOpenUnderAnotherID() async throws {
        try await withTestDatabase { test in
            _ = try await keys(test).document(at: start)
            try await test.owner.script("UPDATE users.signing_keys SET id = gen_random_uuid()")
            await #expect(throws: SigningKeys.WrongSealingKey.self) {
                try await keys(test).document(at: start)
            }
        }
    }
}
