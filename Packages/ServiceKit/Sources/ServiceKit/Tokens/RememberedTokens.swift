import Crypto
import Foundation

/// Tokens whose signature held, by their hash and in bounded memory: the state of the verifier's memory, without a clock
/// and without a lock.
struct RememberedTokens {
    /// How many tokens one generation holds.
    let capacity: Int
    /// Counts the sets of keys. What was verified by an earlier set is not remembered.
    private(set) var keySet = 0
    private var young: [SHA256Digest: Principal] = [:]
    /// Tokens of the last generation that were not seen since. When the young are full these are forgotten, so that
    /// memory is bounded by two generations; a forgotten token is verified again.
    private var old: [SHA256Digest: Principal] = [:]

    init(capacity: Int = 20_000) { self.capacity = capacity }

    var count: Int { young.count + old.count }

    /// Who a token speaks for that was remembered and has not expired.
    mutating func principal(of token: SHA256Digest, at now: Date) -> Principal? {
        if let principal = young[token] {
            if Self.holds(principal, at: now) { return principal }
            young[token] = nil
        } else if let principal = old.removeValue(forKey: token), Self.holds(principal, at: now) {
            insert(principal, token)
            return principal
        }
        return nil
    }

    /// - Parameter keySet: the set of keys by which it was verified.
    mutating func remember(_ principal: Principal, of token: SHA256Digest, keySet: Int) {
        if keySet == self.keySet { insert(principal, token) }
    }

    /// Forgets every token: each holds only as long as its key does.
    mutating func keysHaveChanged() {
        keySet += 1
        young = [:]
        old = [:]
    }

    private mutating func insert(_ principal: Principal, _ token: SHA256Digest) {
        if young.count >= capacity {
            old = young
            young = [:]
        }
        young[token] = principal
    }

    private static func holds(_ principal: Principal, at now: Date) -> Bool {
        principal.expiresAt.map { now < $0 } ?? false
    }
}
