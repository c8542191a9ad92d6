import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import EventLog

extension EventLogSuite {
    @Suite struct EventRetentionTests {
        private static let everything = Date.distantFuture
        private static let twoDays = 48 * 3_600.0

        private func numbers(_ events: EventLogTest) async throws -> [Int] {
            try await events.test.owner.query(
                "SELECT (payload ->> 'number')::int FROM platform.events ORDER BY 1"
            ).many { try $0.int(0) }
        }

        @Test func withoutAConsumerNothingGoes() async throws {
            try await EventLogTest.with(ageSeconds: Self.twoDays) { events in
                let user = try await events.test.makeUser()
                for number in 0..<3 { try await events.append(number, of: user, on: events.service) }
                let trimmed = try await events.log.trim(before: Self.everything)
                let left = try await numbers(events)
                #expect(trimmed == TrimmedRows() && left == [0, 1, 2])
            }
        }

        /// What a slow consumer has not read stays, however old, also where another read it long ago.
        @Test func whatAConsumerHasNotReadStays() async throws {
            try await EventLogTest.with(ageSeconds: Self.twoDays) { events in
                let users = [try await events.test.makeUser(), try await events.test.makeUser()]
                let slow = EventConsumer("gamification.slow").on(Counted.self) { _, _, _ in }
                try await events.append(0, of: nil, on: events.service)
                try await events.consuming(slow) {
                    try await eventually { try await events.log.consumerStates().map(\.behind) == [0] }
                }
                let service = events.service
                for number in 1..<1_200 {
                    try await events.append(number, of: users[number % 2], on: service)
                }
                try await events.consuming(EventLogTest.countingConsumer(partitions: 3)) {
                    try await events.waitForEffects(1_200, seconds: 30)
                    // Partitions that had nothing to do go on to the end too.
                    try await eventually {
                        try await events.log.consumerStates().map(\.behind) == [1_199, 0]
                    }
                }
                let first = try await events.log.trim(before: Self.everything)
                let kept = try await numbers(events)
                #expect(first.events == 1 && kept == Array(1..<1_200))
                try await events.consuming(slow) {
                    try await eventually { try await events.log.consumerStates().map(\.behind) == [0, 0] }
                }
                let young = try await events.log.trim(before: Date(timeIntervalSinceNow: -60 - Self.twoDays))
                #expect(young == TrimmedRows())
                let second = try await events.log.trim(before: Self.everything)
                let left = try await numbers(events)
                #expect(second.events == 1_199 && left.isEmpty)
                // An empty log is no new beginning.
                try await events.append(2_000, of: users[0], on: events.service)
                try await events.consuming(EventLogTest.countingConsumer(partitions: 3)) {
                    try await events.waitForEffects(1_201)
                }
                let effects = try await events.effects()
                #expect(effects.count == 1_201 && effects.last == 2_000)
            }
        }

        /// The one that failed and those behind it stay, and have their effect when it is replayed after the trimming.
        @Test func whatIsPutAsideStaysAndCanBeReplayed() async throws {
            try await EventLogTest.with(ageSeconds: Self.twoDays) { events in
                let (ada, eve) = (try await events.test.makeUser(), try await events.test.makeUser())
                let poisons = ParkedEventTests.Poisons([2])
                for number in 0..<6 {
                    try await events.append(number, of: number % 2 == 0 ? ada : eve, on: events.service)
                }
                let consumer = EventLogTest.countingConsumer { try poisons.taste($0) }
                try await events.consuming(consumer) {
                    try await eventually {
                        try await events.log.consumerStates().contains { $0.putAside == 2 }
                    }
                    try await eventually {
                        try await events.log.parkedEvents(of: EventLogTest.consumer).contains {
                            $0.status == .parked
                        }
                    }
                    try await events.waitForEffects(4)
                    let trimmed = try await events.log.trim(before: Self.everything)
                    let kept = try await numbers(events)
                    #expect(trimmed.events == 4 && kept == [2, 4])
                    poisons.heal()
                    for event in try await events.log.parkedEvents(of: EventLogTest.consumer)
                    where event.status == .parked {
                        try await events.log.replay(event.id, for: EventLogTest.consumer)
                    }
                    try await events.waitForEffects(6)
                    try await events.append(6, of: ada, on: events.service)
                    try await events.waitForEffects(7)
                }
                let effects = try await events.effects(of: ada)
                #expect(effects == [0, 2, 4, 6])
                let trimmed = try await events.log.trim(before: Self.everything)
                let left = try await numbers(events)
                #expect(trimmed == TrimmedRows(events: 3, resolvedEvents: 2, jobs: 0) && left.isEmpty)
            }
        }

        @Test func finishedJobsGoAndOthersStay() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                for (key, owner) in [("1", nil), ("2", user), ("3", user)] {
                    let job = NewJob("gamification.work", key: key, owner: owner, runAt: .distantPast)
                    _ = try await events.service.transaction(as: owner?.uuid) {
                        try await events.log.schedule(job, in: $0)
                    }
                }
                try await events.test.owner.script(
                    "UPDATE platform.jobs SET status = 'succeeded', finished_at = now() WHERE key < '3'")
                let early = try await events.log.trim(before: Date(timeIntervalSinceNow: -60))
                let trimmed = try await events.log.trim(before: Self.everything)
                #expect(early == TrimmedRows() && trimmed == TrimmedRows(jobs: 2))
            }
        }

        /// Whatever is asked for: a service that somebody else holds does not take away what just happened.
        @Test func whatIsYoungerThanADayStays() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                try await events.append(1, of: user, on: events.service)
                try await events.consuming(EventLogTest.countingConsumer()) {
                    try await eventually { try await events.log.consumerStates().map(\.behind) == [0] }
                }
                let trimmed = try await events.log.trim(before: Self.everything)
                let kept = try await numbers(events)
                #expect(trimmed == TrimmedRows() && kept == [1])
                try await events.test.owner.script(
                    "UPDATE platform.events SET created_at = created_at - interval '25 hours'")
                let second = try await events.log.trim(before: Self.everything)
                #expect(second == TrimmedRows(events: 1))
            }
        }

        /// Of what is resolved and finished a context removes its own.
        @Test func anotherContextsResolvedEventsAndJobsStay() async throws {
            try await EventLogTest.with(ageSeconds: Self.twoDays) { events in
                try await events.append(1, of: nil, on: events.service)
                try await events.test.owner.script(
                    """
                    INSERT INTO platform.consumers VALUES
                        ('gamification.a', 1, NULL, now(), now()), ('notifications.a', 1, NULL, now(), now());
                    INSERT INTO platform.parked_events
                    SELECT c.name, e.id, NULL, e.epoch, e.transaction_number, e.position, 'done', 1, NULL, NULL, now(),
                        NULL, NULL, now(), now()
                    FROM platform.consumers c, platform.events e;
                    INSERT INTO platform.jobs
                    SELECT gen_random_uuid(), NULL, t, '1', '{}', 'succeeded', now(), 1, 1, NULL, NULL, now(), NULL,
                        now(), now()
                    FROM unnest(ARRAY['gamification.a', 'notifications.a']) t;
                    """)
                let trimmed = try await events.log.trim(before: Self.everything)
                #expect(trimmed == TrimmedRows(events: 0, resolvedEvents: 1, jobs: 1))
                let kept = try await events.test.owner.query(
                    "SELECT consumer FROM platform.parked_events UNION ALL SELECT type FROM platform.jobs"
                ).many { try $0.text(0) }
                #expect(kept == ["notifications.a", "notifications.a"])
            }
        }

        /// Random places of consumers, ages and states of what is put aside: exactly what the rule says stays.
        @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
        func exactlyWhatNobodyNeedsGoes(_ seed: UInt64) async throws {
            try await EventLogTest.with { events in
                var random = SeededGenerator(seed: seed)
                let users: [User.ID?] = [
                    nil, try await events.test.makeUser(), try await events.test.makeUser(),
                ]
                let moment = Date(timeIntervalSince1970: 1_700_000_000)
                var script = ""
                var places: [Int] = []
                for consumer in 0..<Int.random(in: 1...3, using: &random) {
                    let partitions = Int.random(in: 1...4, using: &random)
                    script +=
                        "INSERT INTO platform.consumers VALUES ('test.c\(consumer)', \(partitions), NULL, now(), now());"
                    // Sometimes a consumer is registered, and the process died before it had all its cursors.
                    let cursors = partitions - (Int.random(in: 0..<12, using: &random) == 0 ? 1 : 0)
                    if cursors < partitions { places.append(0) }
                    for partition in 0..<cursors {
                        places.append(Int.random(in: 0...60, using: &random))
                        script += """
                            INSERT INTO platform.consumer_cursors
                            VALUES ('test.c\(consumer)', \(partition), 1, \(places.last ?? 0), 0, 0, now(), now());
                            """
                    }
                }
                var kept: [Int] = []
                for number in 1...50 {
                    let isOld = number < 40 || Bool.random(using: &random)
                    let owner = users.randomElement(using: &random).flatMap { $0 }.map { "'\($0)'" } ?? "NULL"
                    let id = UUID()
                    script += """
                        INSERT INTO platform.events VALUES ('\(id)', \(owner), 1, \(number), 0, 'test.counted', 1,
                            '\(number)', '{"number": \(number)}', NULL, now(),
                            to_timestamp(\(moment.timeIntervalSince1970 + (isOld ? -1 : 1))));
                        """
                    let status =
                        ["retrying", "parked", "held", "done", "skipped"].randomElement(using: &random) ?? ""
                    let isPutAside = Int.random(in: 0..<4, using: &random) == 0
                    if isPutAside {
                        script += """
                            INSERT INTO platform.parked_events VALUES ('test.c0', '\(id)', \(owner), 1, \(number), 0,
                                '\(status)', 1, 'error', \(status == "retrying" ? "now()" : "NULL"),
                                \(["done", "skipped"].contains(status) ? "now()" : "NULL"), 'op', 'reason', now(),
                                now());
                            """
                    }
                    let isOpen = isPutAside && !["done", "skipped"].contains(status)
                    if !isOld || isOpen || number > (places.min() ?? 0) { kept.append(number) }
                }
                try await events.test.owner.script(script)
                // Two processes at once remove the same as one.
                let other = EventLogTest.makeLog(events.test)
                async let one = events.log.trim(before: moment)
                async let two = other.trim(before: moment)
                let removed = try await (one.events, two.events)
                let left = try await numbers(events)
                #expect(left == kept && removed.0 + removed.1 == 50 - kept.count)
            }
        }

        /// Waits until it is so, ten seconds at most.
        private func eventually(
            _ condition: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            for _ in 0..<500 {
                if try await condition() { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            Issue.record("it did not come about", sourceLocation: sourceLocation)
        }
    }
}
