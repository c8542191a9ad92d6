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
import UsersContract

@testable import Users

@Suite struct SigningKeysTests {
    private static let seal = SymmetricKey(data: Data(repeating: 1, count: 32))
    private let logger = Logger(label: "users-tests") { _ in SwiftLogNoOpLogHandler() }
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func keys(_ test: TestDatabase, seal: SymmetricKey = seal) -> SigningKeys {
        SigningKeys(database: test.database(role: "users_service"), seal: seal, logger: logger)
    }

    private func claims(at now: Date) -> AccessTokenClaims {
        AccessTokenClaims(
            principal: Principal(userID: .version7(at: now), sessionID: UUID(), isOperator: false),
            issuer: "grove", audience: "grove", now: now, lifetimeSeconds: 900)
    }

    @Test func instancesThatStartAtOnceMakeOneKey() async throws {
        try await withTestDatabase { test in
            let instances = (0..<4).map { _ in keys(test) }
            let published = try await withThrowingTaskGroup(of: UsersAPI.KeySet.self) { group in
                for instance in instances { group.addTask { try await instance.published(at: start) } }
                return try await group.reduce(into: Set<UsersAPI.KeySet>()) { $0.insert($1) }
            }
            #expect(published.count == 1)
            #expect(published.first?.keys.count == 1)
        }
    }

    @Test func aKeyIsPublishedThenSignsThenStaysForItsTokensThenGoes() async throws {
        try await withTestDatabase { test in
            let (one, two) = (keys(test), keys(test))
            let first = try #require(try await one.published(at: start).keys.first?.kid)
            let due = start.addingTimeInterval(
                SigningKeySchedule.signingPeriod - SigningKeySchedule.publicationLead)
            async let left: Void = one.rotate(at: due)
            async let right: Void = two.rotate(at: due)
            _ = try await (left, right)
            let published = try await two.published(at: due).keys.map(\.kid)
            #expect(published.count == 2)
            let second = try #require(published.first { $0 != first })
            #expect(try await signer(one, at: due) == first.description)
            let active = due.addingTimeInterval(SigningKeySchedule.publicationLead)
            #expect(try await signer(one, at: active) == second.description)
            #expect(try await signer(two, at: active) == second.description)
            try await one.rotate(at: active.addingTimeInterval(SigningKeySchedule.retention - 1))
            #expect(try await one.published(at: active).keys.count == 2)
            try await one.rotate(at: active.addingTimeInterval(SigningKeySchedule.retention))
            let gone = active.addingTimeInterval(SigningKeySchedule.retention)
            #expect(try await one.published(at: gone).keys.map(\.kid) == [second])
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
            try await verifier.add(jwksJSON: String(decoding: keys.published(at: now).json, as: UTF8.self))
            let claims = try await verifier.verify(token, as: AccessTokenClaims.self)
            #expect(claims.typ == "access")
            #expect(claims.exp.timeIntervalSince(claims.iat) == 900)
        }
    }

    @Test func anotherSealingKeyOpensNothing() async throws {
        try await withTestDatabase { test in
            _ = try await keys(test).published(at: start)
            let otherService = keys(test, seal: SymmetricKey(size: .bits256))
            await #expect(throws: SigningKeys.WrongSealingKey.self) {
                try await otherService.published(at: start)
            }
        }
    }

    @Test func aSealedKeyDoesNotOpenUnderAnotherID() async throws {
        try await withTestDatabase { test in
            _ = try await keys(test).published(at: start)
            try await test.owner.script("UPDATE users.signing_keys SET id = gen_random_uuid()")
            await #expect(throws: SigningKeys.WrongSealingKey.self) {
                try await keys(test).published(at: start)
            }
        }
    }
}
