import Crypto
import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import ServiceKit

@Suite struct RememberedTokensTests {
    private let start = Date(timeIntervalSince1970: 0)

    private func hash(_ token: String) -> SHA256Digest { SHA256.hash(data: Data(token.utf8)) }

    private func principal(expiringAfter seconds: TimeInterval) -> Principal {
        Principal(
            userID: User.ID(UUID()), sessionID: UUID(), isOperator: false, expiresAt: start + seconds)
    }

    @Test func remembersUntilTheTokenExpires() {
        var tokens = RememberedTokens()
        let ada = principal(expiringAfter: 10)
        #expect(tokens.principal(of: hash("a"), at: start) == nil)
        tokens.remember(ada, of: hash("a"), keySet: tokens.keySet)
        #expect(tokens.principal(of: hash("a"), at: start + 9.999) == ada)
        #expect(tokens.principal(of: hash("b"), at: start) == nil)
        #expect(tokens.principal(of: hash("a"), at: start + 10) == nil)
        #expect(tokens.count == 0)
    }

    @Test func forgetsAllWhenTheKeysChange() {
        var tokens = RememberedTokens()
        let former = tokens.keySet
        tokens.remember(principal(expiringAfter: 10), of: hash("a"), keySet: former)
        tokens.keysHaveChanged()
        #expect(tokens.principal(of: hash("a"), at: start) == nil)
        // It was being verified while the keys changed.
        tokens.remember(principal(expiringAfter: 10), of: hash("b"), keySet: former)
        #expect(tokens.principal(of: hash("b"), at: start) == nil)
    }

    @Test func keepsBoundedMemoryAndForgetsTheOldestOnly() {
        var tokens = RememberedTokens(capacity: 10)
        tokens.remember(principal(expiringAfter: 10), of: hash("seen again"), keySet: 0)
        for number in 0..<1_000 {
            tokens.remember(principal(expiringAfter: 10), of: hash("\(number)"), keySet: 0)
            #expect(tokens.count <= 20)
            #expect(tokens.principal(of: hash("seen again"), at: start) != nil)
        }
        #expect(tokens.principal(of: hash("999"), at: start) != nil)
        #expect(tokens.principal(of: hash("0"), at: start) == nil)
    }

    @Test func doesNotRememberForEverWithoutAnEnd() {
        var tokens = RememberedTokens()
        let endless = Principal(userID: User.ID(UUID()), sessionID: UUID(), isOperator: false)
        tokens.remember(endless, of: hash("a"), keySet: 0)
        #expect(tokens.principal(of: hash("a"), at: start) == nil)
    }
}
