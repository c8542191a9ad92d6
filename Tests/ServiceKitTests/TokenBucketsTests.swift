import Foundation
import Testing

@testable import ServiceKit

@Suite struct TokenBucketsTests {
    private let start = Date(timeIntervalSince1970: 0)

    @Test func admitsTheBurstAndThenTheRate() {
        var buckets = TokenBuckets(perSecond: 10, burst: 3)
        for _ in 0..<3 { #expect(buckets.take("a", at: start) == nil) }
        let wait = buckets.take("a", at: start)
        #expect(wait.map { abs($0 - 0.1) < 0.000_001 } == true)
        #expect(buckets.take("b", at: start) == nil)
        #expect(buckets.take("a", at: start + 0.101) == nil)
        #expect(buckets.take("a", at: start + 0.101) != nil)
    }

    @Test func neverHoldsMoreThanTheBurst() {
        var buckets = TokenBuckets(perSecond: 10, burst: 2)
        #expect(buckets.take("a", at: start) == nil)
        let later = start + 3_600
        #expect(buckets.take("a", at: later) == nil)
        #expect(buckets.take("a", at: later) == nil)
        #expect(buckets.take("a", at: later) != nil)
    }

    @Test func keepsBoundedMemoryAndForgetsTheOldestOnly() {
        var buckets = TokenBuckets(perSecond: 1, burst: 1, capacity: 10)
        for number in 0..<1_000 {
            _ = buckets.take("address \(number)", at: start)
            #expect(buckets.count <= 20)
        }
        #expect(buckets.take("address 999", at: start) != nil)
        #expect(buckets.take("address 0", at: start) == nil)
    }
}
