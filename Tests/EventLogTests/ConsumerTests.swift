import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import PeriodicWork
import SharedTypes
import Synchronization
import Testing

extension EventLogSuite {
    @Suite struct ConsumerTests {
        @Test func eachEffectHappensOnceAsItsUserInTheirOrder() async throws {
            try await EventLogTest.with { events in
                let users = [try await events.test.makeUser(), try await events.test.makeUser()]
                let service = events.service
                for number in 0..<60 { try await events.append(number, of: users[number % 2], on: service) }
                try await events.append(100, of: nil, on: service)
                try await events.consuming(EventLogTest.countingConsumer(partitions: 4)) {
                    try await events.waitForEffects(61)
                    // The cursor of a partition that has nothing more goes on a little later.
                    for _ in 0..<1_000 where try await events.log.consumerStates().map(\.behind) != [0] {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
                for (index, user) in users.enumerated() {
                    let effects = try await events.effects(of: user)
                    #expect(effects == (0..<60).filter { $0 % 2 == index })
                }
                let strangers = try await events.test.owner.query(
                    "SELECT 1 FROM public.effects WHERE acting IS DISTINCT FROM user_id")
                #expect(strangers.rowCount == 0)
                let states = try await events.log.consumerStates()
                #expect(states.map(\.behind) == [0] && states.map(\.putAside) == [0])
            }
        }

        /// What is not committed has not happened, and a savepoint that is rolled back takes its events along.
        @Test func onlyWhatCommitsIsRead() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                struct Given: Error {}
                try await events.service.transaction(as: user.uuid) { transaction in
                    let context = OperationContext(user: user, transaction: transaction, now: Date())
                    try await events.log.append(Counted(1), in: context)
                    try? await transaction.savepoint {
                        try await events.log.append(Counted(2), in: context)
                        throw Given()
                    }
                    try await events.log.append(Counted(3), in: context)
                }
                try? await events.service.transaction(as: user.uuid) { transaction in
                    try await events.log.append(
                        Counted(4), in: OperationContext(user: user, transaction: transaction, now: Date()))
                    throw Given()
                }
                try await events.consuming(EventLogTest.countingConsumer()) {
                    try await events.waitForEffects(2)
                }
                let effects = try await events.effects()
                #expect(effects == [1, 3])
            }
        }

        @Test func theSameFactIsAppendedOnce() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                try await events.append(1, of: user, on: events.service)
                await #expect { try await events.append(1, of: user, on: events.service) } throws: {
                    ($0 as? DatabaseError)?.uniqueViolation == "events_natural_key"
                }
            }
        }

        @Test func whatFollowsFromAnEventCarriesItsRequestAndTheMomentOfItsOperation() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                let (first, second) = (
                    Date(timeIntervalSince1970: 1_790_000_000), Date(timeIntervalSince1970: 1_790_000_060)
                )
                try await events.service.transaction(as: user.uuid) { transaction in
                    try await events.log.append(
                        Counted(1),
                        in: OperationContext(
                            user: user, transaction: transaction, now: first, requestID: "abc"))
                }
                let log = events.log
                let consumer = EventConsumer(EventLogTest.consumer).on(Counted.self) {
                    counted, event, transaction in
                    guard counted.number == 1 else { return }
                    try await log.append(Counted(2), in: event.operation(in: transaction, at: second))
                }
                func written() async throws -> [String] {
                    try await events.test.owner.query(
                        """
                        SELECT concat_ws(' ', key, owner_id = '\(user)', request_id,
                            extract(epoch FROM created_at)::bigint)
                        FROM platform.events ORDER BY key
                        """
                    ).many { try $0.text(0) }
                }
                try await events.consuming(consumer) {
                    for _ in 0..<500 where try await written().count < 2 {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
                #expect(try await written() == ["1 t abc 1790000000", "2 t abc 1790000060"])
            }
        }

        @Test func whereThePlatformActsThereIsNoUserToWriteFor() async throws {
            try await EventLogTest.with { events in
                try await events.service.transaction { transaction in
                    let context = OperationContext(user: nil, transaction: transaction, now: Date())
                    #expect(throws: EventLogError.noActingUser) { try context.user }
                    let user = try await events.test.makeUser()
                    try await context.acting(as: user) { inner in
                        try await events.log.append(Counted(1), in: inner)
                    }
                    // Nobody acts again: else the policy would refuse nobody's event.
                    try await events.log.append(Counted(2), in: context)
                }
                let owned = try await events.test.owner.query(
                    "SELECT owner_id IS NOT NULL FROM platform.events ORDER BY key"
                ).many { try $0.bool(0) }
                #expect(owned == [true, false])
            }
        }

        /// A transaction that began first and commits last: its event comes first in the order, and nothing behind it is
        /// read before.
        @Test func aLateCommitIsNeverSkipped() async throws {
            try await EventLogTest.with { events in
                let (early, late) = (try await events.test.makeUser(), try await events.test.makeUser())
                try await events.consuming(EventLogTest.countingConsumer(partitions: 2)) {
                    try await events.service.transaction(as: late.uuid) { transaction in
                        try await events.log.append(
                            Counted(0),
                            in: OperationContext(user: late, transaction: transaction, now: Date()))
                        // The event goes out with the next statement that is awaited.
                        try await transaction.act(as: late.uuid)
                        for number in 1...5 { try await events.append(number, of: early, on: events.service) }
                        try await Task.sleep(for: .milliseconds(500))
                        let before = try await events.effects()
                        #expect(before.isEmpty, "what comes after an open transaction was read before it")
                    }
                    try await events.waitForEffects(6)
                }
                let effects = try await events.effects()
                #expect(Set(effects) == Set(0...5))
            }
        }

        /// The poll interval is longer than the test: only the bell can wake it.
        @Test func theBellWakesASleepingConsumer() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                try await events.consuming(EventLogTest.countingConsumer(), pollInterval: .seconds(600)) {
                    // What is appended before it listens wakes nothing; what is appended then, does.
                    for number in 1...60 where try await events.effects().isEmpty {
                        try await events.append(number, of: user, on: events.service)
                        try await Task.sleep(for: .seconds(1))
                    }
                    #expect(try await !events.effects().isEmpty)
                }
            }
        }

        @Test func aPausedConsumerWaits() async throws {
            try await EventLogTest.with { events in
                let user = try await events.test.makeUser()
                try await events.append(1, of: user, on: events.service)
                try await events.consuming(EventLogTest.countingConsumer()) {
                    try await events.waitForEffects(1)
                    try await events.log.setPaused(true, EventLogTest.consumer)
                    try await events.append(2, of: user, on: events.service)
                    try await Task.sleep(for: .milliseconds(400))
                    let held = try await events.effects()
                    #expect(held == [1])
                    try await events.log.setPaused(false, EventLogTest.consumer)
                    try await events.waitForEffects(2)
                }
                await #expect(throws: EventLogError.notFound("consumer")) {
                    try await events.log.setPaused(true, "nobody")
                }
            }
        }

        /// Four processes share a consumer, each dies and comes back all the time, and sessions are ended from outside.
        @Test func whoeverDiesNothingHappensTwiceAndNothingIsMissing() async throws {
            try await EventLogTest.with { events in
                // The writer's sessions are not those that are ended.
                try await events.test.owner.script(
                    "SELECT platform.let_append('users_service', '{test.counted}')")
                var users: [User.ID] = []
                for _ in 0..<8 { users.append(try await events.test.makeUser()) }
                let processes = (0..<4).map { _ in EventLogTest.makeLog(events.test) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for process in processes {
                        group.addTask {
                            var lifetimes = Lifetimes(upTo: 250)
                            while !Task.isCancelled {
                                let service = EventConsumerService(
                                    EventLogTest.countingConsumer(partitions: 4), log: process,
                                    pollInterval: .milliseconds(30))
                                let life = Task { try await service.run() }
                                try? await Task.sleep(for: lifetimes.next())
                                life.cancel()
                                _ = await life.result
                            }
                        }
                    }
                    let operation = try await DatabaseConnection.connect(
                        events.test.connectionString(role: "postgres"))
                    group.addTask {
                        while !Task.isCancelled {
                            try? await Task.sleep(for: .milliseconds(150))
                            try? await operation.script(
                                """
                                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                WHERE usename = 'gamification_service' AND random() < 0.2
                                """)
                        }
                        await operation.close()
                    }
                    // A fact has one event, however often a writer must try.
                    let service = events.test.database(role: "users_service")
                    for number in 0..<400 {
                        try await events.append(number, of: users[number % 8], on: service)
                    }
                    try await events.waitForEffects(400, seconds: 40)
                    group.cancelAll()
                    try? await group.waitForAll()
                }
                for (index, user) in users.enumerated() {
                    let effects = try await events.effects(of: user)
                    #expect(effects == (0..<400).filter { $0 % 8 == index })
                }
            }
        }
    }
}
