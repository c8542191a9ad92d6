import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Synchronization
import Testing

@testable import EventLog

extension EventLogSuite {
    @Suite struct ParkedEventTests {
        struct Poison: Error {}

        /// What is poisonous, which the test may change while the consumer runs.
        final class Poisons: Sendable {
            private let numbers: Mutex<Set<Int>>
            private let tries = Mutex(0)
            init(_ numbers: Set<Int>) { self.numbers = Mutex(numbers) }
            func heal() { numbers.withLock { $0 = [] } }
            var attempts: Int { tries.withLock { $0 } }
            func taste(_ counted: Counted) throws {
                guard numbers.withLock({ $0.contains(counted.number) }) else { return }
                tries.withLock { $0 += 1 }
                throw Poison()
            }
        }

        private func parked(_ events: EventLogTest, _ status: ParkedEventStatus) async throws -> [ParkedEvent]
        {
            do {
                return try await events.log.parkedEvents(of: EventLogTest.consumer).filter {
                    $0.status == status
                }
            } catch EventLogError.notFound {
                // It has not registered yet.
                return []
            }
        }

        private func waitUntilParked(_ events: EventLogTest) async throws -> ParkedEvent {
            for _ in 0..<500 {
                if let event = try await parked(events, .parked).first { return event }
                try await Task.sleep(for: .milliseconds(20))
            }
            return try #require(try await parked(events, .parked).first)
        }

        /// Event 2 of Ada fails: her 4 and 6 wait behind it, Eve's go on. Healed and replayed, each has its effect once.
        @Test func aPoisonedEventHoldsItsUserBackAndNobodyElse() async throws {
            try await EventLogTest.with { events in
                let (ada, eve) = (try await events.test.makeUser(), try await events.test.makeUser())
                let poisons = Poisons([2])
                for number in 0..<8 {
                    try await events.append(number, of: number % 2 == 0 ? ada : eve, on: events.service)
                }
                let consumer = EventLogTest.countingConsumer(partitions: 2) { try poisons.taste($0) }
                try await events.consuming(consumer) {
                    let event = try await waitUntilParked(events)
                    // The first attempt of the three is made twice: a pass that fails is run again with care.
                    #expect(event.owner == ada && event.attempts == 3 && poisons.attempts == 4)
                    #expect(event.error?.contains("Poison") == true)
                    try await events.waitForEffects(5)
                    let held = try await parked(events, .held)
                    #expect(held.count == 2 && held.allSatisfy { $0.owner == ada })
                    let before = try await (events.effects(of: ada), events.effects(of: eve))
                    #expect(before == ([0], [1, 3, 5, 7]))

                    poisons.heal()
                    try await events.log.replay(event.id, for: EventLogTest.consumer)
                    try await events.waitForEffects(8)
                    let after = try await events.effects(of: ada)
                    #expect(after == [0, 2, 4, 6])
                    await #expect(throws: EventLogError.notFound("event")) {
                        try await events.log.replay(event.id, for: EventLogTest.consumer)
                    }
                }
                let left = try await events.log.parkedEvents(of: EventLogTest.consumer)
                #expect(left.isEmpty)
            }
        }

        /// The next look is ten minutes away, so all that was held must follow from the one stroke of the replay.
        @Test func whatWasHeldFollowsAtOnce() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                let poisons = Poisons([0])
                for number in 0..<20 { try await events.append(number, of: user, on: events.service) }
                let consumer = EventLogTest.countingConsumer { try poisons.taste($0) }
                let retries = RetryPolicy(maximumAttempts: 1)
                try await events.consuming(consumer, retries: retries, pollInterval: .seconds(600)) {
                    let event = try await waitUntilParked(events)
                    try await Task.sleep(for: .milliseconds(300))
                    poisons.heal()
                    try await events.log.replay(event.id, for: EventLogTest.consumer)
                    try await events.waitForEffects(20, seconds: 5)
                }
                let effects = try await events.effects()
                #expect(effects == Array(0..<20))
            }
        }

        @Test func whatIsSkippedHasNoEffectAndItsReasonIsKept() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                let poisons = Poisons([1])
                for number in 0..<3 { try await events.append(number, of: user, on: events.service) }
                let consumer = EventLogTest.countingConsumer { try poisons.taste($0) }
                try await events.consuming(consumer) {
                    let event = try await waitUntilParked(events)
                    try await events.log.skip(
                        event.id, for: EventLogTest.consumer, by: "op", because: "a duplicate")
                    try await events.waitForEffects(2)
                }
                let effects = try await events.effects()
                #expect(effects == [0, 2])
                let kept = try await events.test.owner.query(
                    "SELECT resolved_by, resolution FROM platform.parked_events WHERE status = 'skipped'"
                ).many { [try $0.text(0), try $0.text(1)] }
                #expect(kept == [["op", "a duplicate"]])
            }
        }

        /// A database's refusal inside a handler undoes that handler alone.
        @Test func aRefusedStatementUndoesItsOwnEffectOnly() async throws {
            try await EventLogTest.with { events in
                let (ada, eve) = (try await events.test.makeUser(), try await events.test.makeUser())
                for number in 0..<4 {
                    try await events.append(number, of: number == 1 ? ada : eve, on: events.service)
                }
                let consumer = EventConsumer(EventLogTest.consumer).on(Counted.self) {
                    counted, event, transaction in
                    var parameters = Parameters()
                    try parameters.append(int4: counted.number)
                    parameters.append(uuid: event.owner?.uuid)
                    _ = try await transaction.execute(EventLogTest.store, parameters)
                    if counted.number == 1 {
                        let wrong = Statement(name: "test.wrong", sql: "SELECT 1 / 0", access: .read)
                        _ = try await transaction.execute(wrong, Parameters())
                    }
                }
                try await events.consuming(consumer) {
                    let event = try await waitUntilParked(events)
                    #expect(event.error?.contains("22012") == true)
                    try await events.waitForEffects(3)
                }
                let effects = try await events.effects()
                #expect(effects == [0, 2, 3])
            }
        }

        @Test func aNewerFormIsParkedAndNotGuessed() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                try await events.append(1, of: user, on: events.service)
                try await events.test.owner.script("UPDATE platform.events SET version = 2")
                try await events.consuming(EventLogTest.countingConsumer()) {
                    let event = try await waitUntilParked(events)
                    #expect(event.error?.contains("unknownVersion") == true)
                }
            }
        }

        @Test func thePausesDouble() {
            let policy = RetryPolicy(maximumAttempts: 5, firstPauseSeconds: 1, longestPauseSeconds: 5)
            #expect((1...5).map { policy.pauseSeconds(after: $0) } == [1, 2, 4, 5, nil])
        }
    }
}
