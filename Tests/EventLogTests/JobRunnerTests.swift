import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import PeriodicWork
import SharedTypes
import Synchronization
import Testing

extension EventLogSuite {
    @Suite struct JobRunnerTests {
        struct Number: Codable, Equatable { let number: Int }
        struct Broken: Error {}

        static let type = "gamification.work"
        static let noon = Date(timeIntervalSince1970: 1_800_000_000.123_456)

        /// A clock that a test moves.
        final class Clock: Sendable {
            private let time = Mutex(noon)
            var now: Date { time.withLock { $0 } }
            func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
        }

        /// The log of another process, with its own pools and the test's clock.
        private func log(_ events: EventLogTest, _ clock: Clock) -> EventLog {
            EventLog(
                service: events.test.database(role: "gamification_service", maximumConnections: 6),
                worker: events.test.database(role: "gamification_worker"),
                logger: Logger(label: "jobs") { _ in SwiftLogNoOpLogHandler() }, now: { clock.now })
        }

        private func schedule(_ jobs: [NewJob], _ log: EventLog, on database: Database) async throws -> Int {
            var made = 0
            for job in jobs {
                let isNew = try await database.transaction(as: job.owner?.uuid) {
                    try await log.schedule(job, in: $0)
                }
                if isNew { made += 1 }
            }
            return made
        }

        private static func store(_ number: Int, _ job: DueJob, _ transaction: DatabaseTransaction)
            async throws
        {
            var parameters = Parameters()
            try parameters.append(int4: number)
            parameters.append(uuid: job.owner?.uuid)
            _ = try await transaction.execute(EventLogTest.store, parameters)
        }

        private static let storing = JobHandlers().on(type) { job, transaction in
            try await store(job.payload(as: Number.self).number, job, transaction)
        }

        private func states(_ events: EventLogTest) async throws -> [String] {
            try await events.test.owner.query(
                "SELECT status || ' ' || attempts || coalesce(' ' || error, '') FROM platform.jobs ORDER BY key"
            ).many { try $0.text(0) }
        }

        /// Eight runners with pools of their own; each is cancelled all the time, and sessions are ended from outside.
        @Test func eachEffectHappensOnceWhoeverDies() async throws {
            try await EventLogTest.with { events in
                let (clock, setup) = (Clock(), events.log)
                var users: [User.ID?] = [nil]
                for _ in 0..<3 { users.append(try await events.test.makeUser()) }
                let jobs = (0..<200).map {
                    NewJob(
                        Self.type, key: "\($0)", owner: users[$0 % 4], runAt: Self.noon,
                        payload: Number(number: $0), maximumAttempts: 100)
                }
                let made = try await schedule(jobs, setup, on: events.service)
                #expect(made == 200)
                let handlers = JobHandlers().on(Self.type) { job, transaction in
                    try await Self.store(job.payload(as: Number.self).number, job, transaction)
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
                    if Int.random(in: 0..<10) == 0 { throw Broken() }
                }
                let logs = (0..<8).map { _ in log(events, clock) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for log in logs {
                        group.addTask {
                            var lifetimes = Lifetimes(upTo: 200)
                            while !Task.isCancelled {
                                let runner = JobRunner(
                                    handlers, log: log, retries: RetryPolicy(longestPauseSeconds: 1),
                                    leaseSeconds: 2, pollInterval: .milliseconds(20))
                                let life = Task { try await runner.service.run() }
                                try? await Task.sleep(for: lifetimes.next())
                                life.cancel()
                                _ = await life.result
                                clock.advance(0.1)
                            }
                        }
                    }
                    let operation = try await DatabaseConnection.connect(
                        events.test.connectionString(role: "postgres"))
                    group.addTask {
                        while !Task.isCancelled {
                            try? await Task.sleep(for: .milliseconds(100))
                            try? await operation.script(
                                """
                                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                WHERE usename = 'gamification_service' AND random() < 0.1
                                """)
                        }
                        await operation.close()
                    }
                    try await events.waitForEffects(200, seconds: 60)
                    group.cancelAll()
                    try? await group.waitForAll()
                }
                let effects = try await events.effects()
                #expect(effects.sorted() == Array(0..<200))
                let strangers = try await events.test.owner.query(
                    "SELECT 1 FROM public.effects WHERE acting IS DISTINCT FROM user_id")
                #expect(strangers.rowCount == 0)
                let states = Set(try await states(events).map { $0.prefix(9) })
                #expect(states == ["succeeded"])
            }
        }

        @Test func schedulingTwiceIsNothing() async throws {
            try await EventLogTest.with { events in
                let (user, log) = (try await events.test.makeUser(), log(events, Clock()))
                func job(_ key: String, _ owner: User.ID?) -> NewJob {
                    NewJob(Self.type, key: key, owner: owner, runAt: Self.noon, payload: Number(number: 1))
                }
                let jobs = [job("a", user), job("a", user), job("a", nil), job("a", nil), job("b", user)]
                let made = try await schedule(jobs, log, on: events.service)
                #expect(made == 3)
                let taken = try await JobRunner(Self.storing, log: log).runDueJobs()
                let again = try await schedule(jobs, log, on: events.service)
                #expect(taken == 3 && again == 0)
                // What did not commit was not scheduled.
                try? await events.service.transaction { transaction in
                    try await log.schedule(job("c", nil), in: transaction)
                    throw Broken()
                }
                let states = try await states(events)
                #expect(states.count == 3)
            }
        }

        /// Whoever has claimed a job and says nothing more is taken for dead when the lease ends, and not before.
        @Test func anotherTakesOverWhenTheLeaseEnds() async throws {
            try await EventLogTest.with { events in
                let clock = Clock()
                let log = log(events, clock)
                for (key, maximum) in [("1", 2), ("2", 1)] {
                    let job = NewJob(
                        Self.type, key: key, runAt: Self.noon, payload: Number(number: 1),
                        maximumAttempts: maximum)
                    _ = try await schedule([job], log, on: events.service)
                }
                try await events.test.owner.script(
                    """
                    UPDATE platform.jobs SET status = 'running', attempts = 1, locked_by = 'the dead',
                        locked_until = run_at + interval '60 seconds'
                    """)
                let runner = JobRunner(Self.storing, log: log)
                clock.advance(59)
                let early = try await runner.runDueJobs()
                clock.advance(2)
                let late = try await runner.runDueJobs()
                #expect(early == 0 && late == 1)
                let effects = try await events.effects()
                #expect(effects == [1])
                let states = try await states(events)
                #expect(
                    states == ["succeeded 2", "failed 1 the process that ran it ended before it was done"])
            }
        }

        /// One that is slow keeps its job past its lease; one whose job was given to another has no effect.
        @Test func aSlowRunnerIsNotOvertaken() async throws {
            try await EventLogTest.with { events in
                let clock = Clock()
                let (slow, other) = (log(events, clock), log(events, clock))
                let jobs = [
                    NewJob(Self.type, key: "1", runAt: Self.noon, payload: Number(number: 1)),
                    NewJob(Self.type, key: "2", runAt: Self.noon + 1_000, payload: Number(number: 2)),
                ]
                _ = try await schedule(jobs, slow, on: events.service)
                let taking = JobHandlers().on(Self.type) { job, transaction in
                    try await Self.store(1, job, transaction)
                    clock.advance(600)
                    let taken = try await JobRunner(Self.storing, log: other).runDueJobs()
                    #expect(taken == 0)
                }
                let first = try await JobRunner(taking, log: slow).runDueJobs()
                #expect(first == 1)
                let effects = try await events.effects()
                #expect(effects == [1])

                // Between claim and effect its job goes to another: the row says so, and the first one steps back.
                clock.advance(600)
                try await events.test.owner.script(
                    """
                    CREATE FUNCTION public.steal() RETURNS trigger LANGUAGE plpgsql AS
                        $$BEGIN NEW.locked_by := 'another'; RETURN NEW; END$$;
                    CREATE TRIGGER steal BEFORE UPDATE ON platform.jobs FOR EACH ROW
                        WHEN (NEW.status = 'running') EXECUTE FUNCTION public.steal();
                    """)
                try await JobRunner(Self.storing, log: slow).runDueJobs()
                let after = try await events.effects()
                let states = try await states(events)
                #expect(after == [1] && states == ["succeeded 1", "running 1"])
            }
        }

        /// Its effect is undone, it waits longer after each attempt, and then it has failed; others go on.
        @Test func aFailingJobIsPutOffAndThenFailed() async throws {
            try await EventLogTest.with { events in
                let clock = Clock()
                let log = log(events, clock)
                let jobs = [
                    NewJob(Self.type, key: "bad", runAt: Self.noon, maximumAttempts: 3),
                    NewJob("gamification.other", key: "of no handler", runAt: Self.noon),
                ]
                _ = try await schedule(jobs, log, on: events.service)
                let failing = JobHandlers().on(Self.type) { job, transaction in
                    #expect(job.runAt == Self.noon && job.now == clock.now && job.maximumAttempts == 3)
                    try await Self.store(job.attempt, job, transaction)
                    throw Broken()
                }
                let runner = JobRunner(
                    failing, log: log, retries: RetryPolicy(firstPauseSeconds: 5, longestPauseSeconds: 60))
                var taken: [Int] = []
                for pause in [0, 4, 1, 9, 1, 60] as [Double] {
                    clock.advance(pause)
                    taken.append(try await runner.runDueJobs())
                }
                #expect(taken == [1, 0, 1, 0, 1, 0])
                let (effects, states) = try await (events.effects(), states(events))
                #expect(effects.isEmpty && states == ["failed 3 Broken()", "scheduled 0"])
            }
        }

        /// Nobody ran for ten days: the one occurrence that was due runs with its own time, and its successor is the
        /// handler's to choose, in the same transaction.
        @Test func whatWasMissedRunsOnceWithTheTimeItWasFor() async throws {
            try await EventLogTest.with { events in
                let clock = Clock()
                let log = log(events, clock)
                let day = 86_400.0
                @Sendable func daily(_ number: Int) -> NewJob {
                    NewJob(
                        Self.type, key: "day \(number)", runAt: Self.noon + Double(number) * day,
                        payload: Number(number: number))
                }
                _ = try await schedule([daily(1)], log, on: events.service)
                let recurring = JobHandlers().on(Self.type) { job, transaction in
                    let number = try job.payload(as: Number.self).number
                    #expect(job.runAt == daily(number).runAt && job.key == "day \(number)")
                    try await Self.store(number, job, transaction)
                    let next = Int((job.now.timeIntervalSince(Self.noon) / day).rounded(.down)) + 1
                    try await log.schedule(daily(next), in: transaction)
                    // Its successor is not scheduled by an attempt that fails.
                    if job.attempt == 1 { throw Broken() }
                }
                let runner = JobRunner(recurring, log: log)
                var taken = [try await runner.runDueJobs()]
                clock.advance(10.5 * day)
                taken.append(try await runner.runDueJobs())
                let first = try await states(events)
                #expect(first == ["scheduled 1 Broken()"])
                clock.advance(5)
                taken.append(try await runner.runDueJobs())
                taken.append(try await runner.runDueJobs())
                #expect(taken == [0, 1, 1, 0])
                let (effects, states) = try await (events.effects(), states(events))
                #expect(effects == [1] && states == ["succeeded 2", "scheduled 0"])
            }
        }

        /// A process that ends hands its job back: it is due at once, and was no attempt.
        @Test func whoEndsHandsItsJobBack() async throws {
            try await EventLogTest.with { events in
                let log = log(events, Clock())
                let job = NewJob(Self.type, key: "1", runAt: Self.noon, payload: Number(number: 1))
                _ = try await schedule([job], log, on: events.service)
                let (began, beginning) = AsyncStream<Void>.makeStream()
                let endless = JobHandlers().on(Self.type) { job, transaction in
                    try await Self.store(1, job, transaction)
                    beginning.yield()
                    try await Task.sleep(for: .seconds(600))
                }
                let life = Task { try await JobRunner(endless, log: log).service.run() }
                for await _ in began { break }
                life.cancel()
                _ = await life.result
                let handedBack = try await states(events)
                #expect(handedBack == ["scheduled 0"])
                let taken = try await JobRunner(Self.storing, log: log).runDueJobs()
                let effects = try await events.effects()
                #expect(taken == 1 && effects == [1])
            }
        }
    }
}
