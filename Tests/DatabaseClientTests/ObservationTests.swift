import CoreMetrics
import Foundation
import InMemoryTracing
import Logging
import MetricsTestKit
import Testing
import Tracing

@testable import DatabaseClient

/// What is told of statements: metrics and spans.
@Suite(.timeLimit(.minutes(1))) struct ObservationTests {
    private static let read = Statement(
        name: "entries.read", sql: "-- a remark\nSELECT value FROM entries WHERE value = $1", access: .read)
    private static let wrong = Statement(
        name: "entries.wrong", sql: "SELECT $1::text::int / 0 FROM entries", access: .read)

    /// A second database through the same proxy, with metrics of its own.
    private func withMetrics(
        maximumConnections: Int = 4, acquireTimeout: Duration = .seconds(10),
        _ body: (Database, ProxiedDatabase, TestMetrics) async throws -> Void
    ) async throws {
        try await ProxiedDatabase.with { proxied in
            let metrics = TestMetrics()
            var configuration = proxied.database.configuration
            configuration.maximumConnections = maximumConnections
            configuration.pipelinedConnections = 1
            configuration.acquireTimeout = acquireTimeout
            let database = Database(configuration, logger: Logger(label: "observed"), metrics: metrics)
            do { try await body(database, proxied, metrics) } catch {
                await database.close()
                throw error
            }
            await database.close()
        }
    }

    private func timed(_ statement: String, _ outcome: String, _ metrics: TestMetrics) -> Int {
        metrics.timers(
            label: "db_query_duration", dimensions: [("statement", statement), ("outcome", outcome)]
        ).reduce(0) { $0 + $1.values.count }
    }

    private func counted(_ label: String, _ dimensions: [(String, String)], _ metrics: TestMetrics) -> Int {
        Int(metrics.counterTotal(label: label, dimensions: dimensions))
    }

    private let pool = ("pool", "through the proxy")

    @Test func statementsAreTimedByNameAndOutcome() async throws {
        try await withMetrics { database, proxied, metrics in
            for value in 0..<3 { _ = try await database.execute(Self.read, ProxiedDatabase.number(value)) }
            try await database.transaction { transaction in
                try await proxied.add(1, on: transaction)
                _ = try await transaction.execute(Self.read, ProxiedDatabase.number(1))
            }
            for try await _ in database.stream(ProxiedDatabase.count, Parameters()) {}
            await #expect(throws: DatabaseError.self) {
                try await proxied.add(1, on: database)
            }
            #expect(timed("entries.read", "ok", metrics) == 4)
            #expect(timed("insert", "ok", metrics) == 1)
            #expect(timed("insert", "error", metrics) == 1)
            #expect(timed("count", "ok", metrics) == 1)
            let waits = try metrics.expectTimer("db_pool_acquire_duration", [pool]).values.count
            #expect(waits == 2)
            #expect(counted("db_connects", [pool, ("outcome", "opened")], metrics) == 2)
        }
    }

    @Test func lossesAreCountedForWhatTheyAre() async throws {
        try await withMetrics { database, proxied, metrics in
            let isCutting = Once()
            proxied.proxy.judge { message in
                message.direction == .toClient && message.type == "D" && isCutting.take()
                    ? .cut(after: 3) : .pass
            }
            await #expect(throws: DatabaseError.outcomeUnknown(statement: "insert")) {
                try await proxied.add(1, on: database)
            }
            let isCuttingRead = Once()
            proxied.proxy.judge { message in
                message.direction == .toClient && message.type == "T" && isCuttingRead.take()
                    ? .cut(after: 3) : .pass
            }
            _ = try await database.execute(Self.read, ProxiedDatabase.number(1))
            proxied.proxy.judge { message in
                message.direction == .toClient && message.contains("COMMIT") ? .cut(after: 0) : .pass
            }
            await #expect(throws: DatabaseError.outcomeUnknown(statement: "COMMIT")) {
                try await database.transaction { try await proxied.add(2, on: $0) }
            }
            proxied.proxy.judge(nil)
            #expect(timed("insert", "unknown", metrics) == 1)
            #expect(counted("db_outcome_unknown", [("statement", "insert")], metrics) == 1)
            #expect(counted("db_outcome_unknown", [("statement", "COMMIT")], metrics) == 1)
            #expect(timed("entries.read", "unavailable", metrics) == 1)
            #expect(timed("entries.read", "ok", metrics) == 1)
            #expect(counted("db_retries", [pool, ("reason", "unavailable")], metrics) == 1)
        }
    }

    @Test func connectsThatFailAreCounted() async throws {
        try await withMetrics(acquireTimeout: .milliseconds(400)) { database, proxied, metrics in
            proxied.proxy.refuse(true)
            await #expect(throws: DatabaseError.self) { try await database.ping() }
            proxied.proxy.refuse(false)
            #expect(counted("db_connects", [pool, ("outcome", "failed")], metrics) > 1)
            #expect(timed("SELECT 1", "ok", metrics) == 0)
        }
    }

    @Test func thePoolShowsWhoHasAndWhoWaits() async throws {
        try await withMetrics(maximumConnections: 2) { database, _, metrics in
            func gauge(_ name: String) -> Double { metrics.meters(label: name).last?.values.last ?? -1 }
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await database.transaction { _ in
                    group.addTask { try await database.transaction { _ in } }
                    await eventually("the gauges do not show it") {
                        gauge("db_pool_leased") == 1 && gauge("db_pool_waiting") == 1
                    }
                }
                try await group.waitForAll()
            }
            await eventually("the gauges do not show it") {
                gauge("db_pool_leased") == 0 && gauge("db_pool_waiting") == 0 && gauge("db_pool_idle") == 1
            }
        }
    }

    @Test func spansNameTheStatementAndNeverAValue() async throws {
        let tracer = InMemoryTracer()
        try await withTracer(tracer) {
            try await withMetrics { database, proxied, _ in
                _ = try await database.execute(Self.read, ProxiedDatabase.number(424_242))
                try await database.transaction { try await proxied.add(777_777, on: $0) }
                try await proxied.direct.script("INSERT INTO entries VALUES (1)")
                var parameters = Parameters()
                parameters.append(text: "secret")
                await #expect(throws: DatabaseError.self) {
                    _ = try await database.execute(Self.wrong, parameters)
                }
            }
        }
        let spans = tracer.finishedSpans
        let read = try #require(spans.first { $0.operationName == "entries.read" })
        #expect(read.attributes["db.system.name"]?.toSpanAttribute() == .string("postgresql"))
        #expect(read.attributes["db.operation.name"]?.toSpanAttribute() == .string("SELECT"))
        #expect(read.attributes["db.query.summary"]?.toSpanAttribute() == .string("entries.read"))
        #expect(read.kind == .client)
        let transaction = try #require(spans.first { $0.operationName == "transaction" })
        let insert = try #require(spans.first { $0.operationName == "insert" })
        #expect(insert.parentSpanID == transaction.spanID)
        let wrong = try #require(spans.first { $0.operationName == "entries.wrong" })
        #expect(wrong.attributes["db.response.status_code"]?.toSpanAttribute() == .string("22P02"))
        #expect(wrong.status?.code == .error)
        #expect(wrong.errors.isEmpty)
        let told = spans.map { "\($0)" }.joined()
        for value in ["424242", "777777", "secret"] { #expect(!told.contains(value)) }
    }

    @Test func withoutABackendOrATracerNothingIsMade() async throws {
        #expect(DatabaseMetrics(factory: NOOPMetricsHandler.instance, pool: "none") == nil)
    }
}
