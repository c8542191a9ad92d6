import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import ServiceKit

@Suite struct StreamTests {
    /// A token may name any moment of time.
    @Test func anyEndOfATokenIsAPause() {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        func pause(_ end: Double) -> Duration? {
            streamPause(
                until: Date(timeIntervalSince1970: end), now: now, heartbeat: .seconds(15))
        }
        for end in [1e308, .infinity, .greatestFiniteMagnitude, 1_800_000_900] {
            #expect(pause(end) == .seconds(15))
        }
        for end in [-1e308, -.infinity, .nan, 0, 1_800_000_000] { #expect(pause(end) == nil) }
        #expect(pause(1_800_000_004) == .seconds(4))
        #expect(streamPause(until: nil, now: now, heartbeat: .seconds(15)) == .seconds(15))
    }

    private func user() -> User.ID { .version7(at: Date()) }

    @Test func aTopicWakesThoseWhoWaitForItAndNoOthers() async throws {
        let listeners = StreamListeners<String>(limitOfAUser: 2)
        let (ada, eve) = (user(), user())
        let both = try #require(listeners.listen(for: ada, to: ["A", "B"]))
        let one = try #require(listeners.listen(for: eve, to: ["B"]))
        listeners.wake(["A", "C"])
        both.end()
        one.end()
        var (woken, others) = (0, 0)
        for await _ in both.wakeups { woken += 1 }
        for await _ in one.wakeups { others += 1 }
        #expect(woken == 1 && others == 0)
        #expect(Set(listeners.topics) == ["A", "B"])
    }

    /// Whoever is slow looks once for all that came meanwhile.
    @Test func manyWakeupsAreOne() async throws {
        let listeners = StreamListeners<String>(limitOfAUser: 2)
        let listener = try #require(listeners.listen(for: user(), to: ["A"]))
        for _ in 1...5 { listeners.wake(["A"]) }
        listener.end()
        var woken = 0
        for await _ in listener.wakeups { woken += 1 }
        #expect(woken == 1)
    }

    @Test func aPlaceIsFreeAgainWhenNothingHoldsIt() throws {
        let listeners = StreamListeners<String>(limitOfAUser: 1)
        let (ada, eve) = (user(), user())
        var first = listeners.listen(for: ada, to: ["A"])
        #expect(first != nil && listeners.listen(for: ada, to: ["B"]) == nil)
        #expect(!listeners.hasListeners(to: "B"))
        #expect(listeners.listen(for: eve, to: ["A"]) != nil)
        first = nil
        #expect(!listeners.hasListeners(to: "A"))
        #expect(listeners.listen(for: ada, to: ["B"]) != nil)
    }
}
