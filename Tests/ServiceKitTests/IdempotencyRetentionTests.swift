import DatabaseClient
import GroveTesting
import Logging
import ServiceLifecycle
import Testing

@testable import ServiceKit

@Suite struct IdempotencyRetentionTests {
    private static func fill(_ test: TestDatabase) async throws {
        for _ in 0..<2 {
            let user = try await test.makeUser()
            try await test.owner.script(
                """
                INSERT INTO platform.idempotency_keys (user_id, operation, key, request_hash, response_status,
                    response_headers, response_body, created_at, expires_at)
                SELECT '\(user)', 'test', number::text, sha256(''), 200, '{}', '', now() - interval '2 days',
                    now() + CASE WHEN number <= 600 THEN interval '-1 day' ELSE interval '1 hour' END
                FROM generate_series(1, 603) AS number
                """)
        }
    }

    private static func count(_ test: TestDatabase) async throws -> Int {
        try await test.owner.query("SELECT count(*) FROM platform.idempotency_keys").one { try $0.int(0) }
    }

    @Test func whatHasExpiredGoesThoughItsUserDoesNotComeAgain() async throws {
        try await withTestDatabase { test in
            try await Self.fill(test)
            let retention = IdempotencyRetention(
                worker: test.database(role: "market_worker"), interval: .milliseconds(1),
                logger: Logger(label: "test"))
            let group = ServiceGroup(services: [retention.service], logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                while try await Self.count(test) > 6 { try await Task.sleep(for: .milliseconds(5)) }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
            #expect(try await Self.count(test) == 6)
        }
    }

    @Test func aWorkerCanRemoveNothingElse() async throws {
        try await withTestDatabase { test in
            try await Self.fill(test)
            let worker = test.database(role: "market_worker")
            #expect(try await worker.removeExpiredIdempotencyKeys(rowLimit: 1_000_000) == 1_000)
            #expect(try await worker.removeExpiredIdempotencyKeys(rowLimit: 1_000_000) == 200)
            #expect(try await worker.removeExpiredIdempotencyKeys(rowLimit: 1_000_000) == 0)
            let delete = Statement(
                name: "delete", sql: "DELETE FROM platform.idempotency_keys", access: .write)
            await #expect {
                try await worker.execute(delete, Parameters())
            } throws: {
                ($0 as? DatabaseError)?.sqlState == "42501"
            }
            let service = test.database(role: "market_service")
            await #expect {
                try await service.removeExpiredIdempotencyKeys(rowLimit: 1)
            } throws: {
                ($0 as? DatabaseError)?.sqlState == "42501"
            }
        }
    }
}
