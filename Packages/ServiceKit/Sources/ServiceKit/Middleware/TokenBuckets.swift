import Foundation

/// Token buckets by key, in bounded memory: the state of the rate limit, without a clock and without a lock.
struct TokenBuckets {
    private struct Bucket {
        var tokens: Double
        var filledAt: Date
    }

    let perSecond: Double
    let burst: Double
    /// How many keys one generation holds.
    let capacity: Int
    private var young: [String: Bucket] = [:]
    /// Keys of the last generation that were not seen since. When the young are full these are forgotten, so
    /// that memory is bounded by two generations; a forgotten key begins with a full bucket.
    private var old: [String: Bucket] = [:]

    init(perSecond: Int, burst: Int, capacity: Int = 50_000) {
        self.perSecond = Double(perSecond)
        self.burst = Double(burst)
        self.capacity = capacity
    }

    var count: Int { young.count + old.count }

    /// Takes one token; where there is none, gives the seconds after which there will be one.
    mutating func take(_ key: String, at now: Date) -> Double? {
        var bucket = young[key] ?? old.removeValue(forKey: key) ?? Bucket(tokens: burst, filledAt: now)
        let elapsed = now.timeIntervalSince(bucket.filledAt)
        bucket.tokens = min(burst, bucket.tokens + max(0, elapsed) * perSecond)
        bucket.filledAt = now
        let wait = bucket.tokens < 1 ? (1 - bucket.tokens) / perSecond : nil
        if wait == nil { bucket.tokens -= 1 }
        if young[key] == nil, young.count >= capacity {
            old = young
            young = [:]
        }
        young[key] = bucket
        return wait
    }
}
