import DatabaseClient
import DatabaseTesting
import EmbeddedPostgres
import Foundation
import Synchronization
import Testing

@Suite struct TestClusterTests {
    private final class Counter: Sendable { let value = Atomic(0) }

    @Test func aTemplateIsPreparedOnceAndCopiedForEachTest() async throws {
        let cluster = try await TestCluster.shared
        let preparations = Counter()
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 1...6 {
                group.addTask {
                    let template = try await cluster.template(named: "once") { connection in
                        preparations.value.add(1, ordering: .relaxed)
                        try await connection.script("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
                    }
                    return try await cluster.withDatabase(fromTemplate: template) { name in
                        // Each copy is its own: another test's row would make it two.
                        let sum = try await sumAfterInserting(number, cluster, name)
                        #expect(sum == 7 + number)
                        return name
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(preparations.value.load(ordering: .relaxed) == 1)
        #expect(Set(names).count == 6)
        #expect(try await existing(names, cluster) == 0)
    }

    @Test func aDatabaseIsDroppedAlthoughSomeoneIsConnectedAndTheTestFailed() async throws {
        struct Failure: Error {}
        let cluster = try await TestCluster.shared
        let template = try await cluster.template(named: "empty") { _ in }
        var name = ""
        var connection: DatabaseConnection?
        await #expect(throws: Failure.self) {
            try await cluster.withDatabase(fromTemplate: template) { database in
                name = database
                connection = try await .connect(cluster.connectionString(database: database))
                throw Failure()
            }
        }
        #expect(try await existing([name], cluster) == 0)
        await connection?.close()
    }

    @Test func aFailedPreparationIsToldToEveryone() async throws {
        let cluster = try await TestCluster.shared
        for _ in 0..<2 {
            await #expect(throws: DatabaseError.self) {
                try await cluster.template(named: "broken") { try await $0.script("SELECT nothing") }
            }
        }
    }

    @Test func aDedicatedClusterIsGoneAfterwards() async throws {
        let cluster = try await TestCluster.dedicated(durable: true)
        let folder = cluster.server.dataDirectory
        let connection = try await DatabaseConnection.connect(cluster.connectionString(database: "postgres"))
        #expect(try await connection.query("SHOW fsync").one { try $0.text(0) } == "on")
        await connection.close()
        await cluster.stop()
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(!FileManager.default.fileExists(atPath: cluster.server.socketDirectory))
    }

    private func sumAfterInserting(_ number: Int, _ cluster: TestCluster, _ name: String) async throws -> Int
    {
        let connection = try await DatabaseConnection.connect(cluster.connectionString(database: name))
        try await connection.script("INSERT INTO kept VALUES (\(number))")
        let sum = try await connection.query("SELECT sum(n) FROM kept").one { try $0.int(0) }
        await connection.close()
        return sum
    }

    private func existing(_ names: [String], _ cluster: TestCluster) async throws -> Int {
        let connection = try await DatabaseConnection.connect(cluster.connectionString(database: "postgres"))
        let list = names.map { "'\($0)'" }.joined(separator: ", ")
        let sql = "SELECT count(*) FROM pg_database WHERE datname IN (\(list))"
        let count = try await connection.query(sql).one { try $0.int(0) }
        await connection.close()
        return count
    }
}
