import DatabaseClient
import DatabaseTesting
import EmbeddedPostgres
import ExactTypes
import Foundation
import GroveTesting
import Logging
import PeriodicWork
import SharedTypes
import StrictJSON
import Synchronization
import Testing

@testable import ServiceKit

@Suite struct ReadinessLooksTests {
    private let start = ContinuousClock.now

    @Test func whoeverAsksMeanwhileSharesTheLook() {
        var looks = ReadinessLooks()
        #expect(looks.ask(at: start) == .begin)
        #expect(looks.ask(at: start + .seconds(60)) == .join)
        looks.ended(with: ["a"])
        #expect(looks.ask(at: start + .milliseconds(999)) == .answer(["a"]))
        #expect(looks.ask(at: start + .seconds(1)) == .begin)
    }

    @Test func noOtherLookBeginsWhileOneHangs() {
        var looks = ReadinessLooks()
        #expect(looks.ask(at: start) == .begin)
        looks.passedDeadline(with: ["silence"])
        #expect(looks.ask(at: start + .seconds(60)) == .answer(["silence"]))
        looks.hangingLookEnded()
        #expect(looks.ask(at: start + .seconds(60)) == .begin)
    }
}

/// Readiness over a real database in every state that it can be in.
@Suite struct ReadinessTests {
    private func readiness(_ databases: [Database]) async throws -> TestClient.Answer {
        try await withServer(modules: [ProbeModule()], databases: databases) { server in
            // With the first token the keys are fetched, which else happens beside the first requests.
            let token = try await server.token(for: User.ID(UUID()))
            _ = try await server.send("GET", "/v1/things", token: token)
            return try await server.send("GET", "/readyz")
        }
    }

    @Test func itIsReadyForBothRolesOfAServiceAndOnANewerSchema() async throws {
        try await withTestDatabase { test in
            try await test.owner.script(
                """
                INSERT INTO platform.migrations (version, name, checksum, applied_at, duration_milliseconds)
                VALUES ('99990101000000', 'newer', 'x', now(), 1)
                """)
            let answer = try await readiness([
                test.database(role: "portfolios_service"), test.database(role: "portfolios_worker"),
            ])
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test func itIsNotReadyBeforeTheLastMigration() async throws {
        try await withTestDatabase { test in
            try await test.owner.script(
                "DELETE FROM platform.migrations WHERE version = '\(Schema.lastMigration)'")
            let answer = try await readiness([test.database(role: "portfolios_service")])
            #expect(answer.status == 503)
            #expect(answer.json["detail"]?.string?.contains(Schema.lastMigration) == true, "\(answer.text)")
        }
    }

    @Test(arguments: [
        "DROP FUNCTION app.act_as", "DROP FUNCTION app.act_as; DROP SCHEMA platform CASCADE",
        "REVOKE EXECUTE ON FUNCTION app.act_as FROM portfolios_service",
    ])
    func itIsNotReadyWhereNoRequestCouldRun(_ sql: String) async throws {
        try await withTestDatabase { test in
            try await test.owner.script(sql)
            let answer = try await readiness([test.database(role: "portfolios_service")])
            #expect(answer.status == 503)
            #expect(
                answer.json["detail"]
                    == .string("Not ready: the database refuses what every request runs."))
        }
    }

    @Test func itIsNotReadyOnAnEmptyDatabase() async throws {
        let cluster = try await TestCluster.shared
        let template = try await cluster.template(named: "empty") { _ in }
        try await cluster.withDatabase(fromTemplate: template) { name in
            let database = Database(
                DatabaseConfiguration(connectionString: cluster.connectionString(database: name)),
                logger: Logger(label: "test"))
            let answer = try await readiness([database])
            #expect(answer.status == 503)
            await database.close()
        }
    }

    /// The answer arrives while nothing of PostgreSQL runs.
    @Test func itAnswersWhileTheDatabaseIsFrozen() async throws {
        let cluster = try await TestCluster.dedicated()
        try await withTestDatabase(on: cluster) { test in
            let database = test.database(role: "portfolios_service")
            try await withServer(modules: [ProbeModule()], databases: [database]) { server in
                #expect(try await server.send("GET", "/readyz").status == 200)
                let processes = try processes(of: cluster)
                #expect(processes.count > 1)
                for process in processes { kill(process, SIGSTOP) }
                defer { for process in processes { kill(process, SIGCONT) } }
                var answer = try await server.send("GET", "/readyz")
                // The look of a moment ago may still count.
                while answer.status == 200 { answer = try await server.send("GET", "/readyz") }
                #expect(answer.status == 503)
                #expect(answer.json["detail"] == .string("Not ready: the database does not answer."))
                // And while that look hangs, whoever asks next.
                #expect(try await server.send("GET", "/readyz").status == 503)
                for process in processes { kill(process, SIGCONT) }
                while try await server.send("GET", "/readyz").status != 200 {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }
        await cluster.stop()
    }

    @Test func manyAskersCostOneStatement() async throws {
        try await withTestDatabase { test in
            let metrics = PrometheusMetrics()
            let database = Database(
                DatabaseConfiguration(connectionString: test.connectionString(role: "portfolios_service")),
                logger: Logger(label: "test"), metrics: metrics)
            let moment = ContinuousClock.now
            let readiness = Readiness(
                databases: [database], now: { moment }, logger: Logger(label: "test"))
            await withTaskGroup(of: [String].self) { group in
                for _ in 0..<300 { group.addTask { await readiness.faults() } }
                for await faults in group { #expect(faults == []) }
            }
            let lines = metrics.text.split(separator: "\n").filter {
                $0.contains("serviceKit.hasMigration") && $0.contains("_count")
            }
            #expect(lines.count == 1)
            #expect(lines.first?.hasSuffix(" 1") == true, "\(lines)")
            await database.close()
        }
    }

    private struct Broken: Error {}

    /// A loop that has failed for ten minutes is named, and the service stays ready: its requests are served all the same.
    @Test func itNamesALoopThatHasFailedForTenMinutes() async throws {
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        let moment = Mutex(start)
        let isBroken = Mutex(true)
        let metrics = PrometheusMetrics()
        let (rounds, round) = AsyncStream.makeStream(of: Void.self)
        let loop = PeriodicService(
            "test.loop", every: .milliseconds(1), longestPause: .milliseconds(1),
            time: PeriodicTime(now: { moment.withLock { $0 } }),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            metrics: metrics
        ) {
            defer { round.yield() }
            if isBroken.withLock({ $0 }) { throw Broken() }
            return .done
        }
        let application = ServiceApplication(
            name: "probe-service", configuration: .forTests, modules: [ProbeModule()], databases: [],
            services: [loop], verifier: TestKeys().verifier(), metrics: metrics,
            now: { moment.withLock { $0 } }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await application.serve { port in
            func ready() async throws -> TestClient.Answer {
                try await TestClient.shared.send("GET", "http://127.0.0.1:\(port)/readyz")
            }
            var ended = rounds.makeAsyncIterator()
            for _ in 0..<2 { await ended.next() }
            while try await ready().status != 200 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(try await ready().json["failing"] == nil)
            moment.withLock { $0 += 600 }
            let failing = try await ready()
            #expect(failing.status == 200)
            let named = try #require(failing.json["failing"]?.elements.first)
            #expect(named["name"] == .string("test.loop"))
            #expect(named["since"] == .string(start.rfc3339))
            isBroken.withLock { $0 = false }
            while try await ready().json["failing"] != nil { await ended.next() }
            #expect(
                metrics.text.contains(
                    "periodic_last_success_timestamp_seconds{loop=\"test.loop\"} \(start.timeIntervalSince1970 + 600)"
                ))
        }
    }

    /// The postmaster and its children.
    private func processes(of cluster: TestCluster) throws -> [Int32] {
        let postmaster = cluster.server.processID
        let children = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init)
            .filter { process in
                let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
                // After the name in brackets come the state and the parent.
                let fields = stat?.split(separator: ")").last?.split(separator: " ") ?? []
                return fields.count > 1 && fields[1] == "\(postmaster)"
            }
        return [postmaster] + children
    }
}
