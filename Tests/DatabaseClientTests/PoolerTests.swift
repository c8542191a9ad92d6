import DatabaseClient
import Foundation
import Logging
import Testing

/// PgBouncer 1.18, as Debian has it, in transaction mode before the shared test cluster.
private struct PgBouncer {
    private static let program = "/usr/sbin/pgbouncer"

    /// Runs the body with a URL that leads through a PgBouncer of its own to the server of `url`.
    static func run(before url: String, _ body: (String) async throws -> Void) async throws {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            Issue.record("\(program) is missing: apt-get install -y pgbouncer")
            return
        }
        let parts = try #require(URLComponents(string: url))
        let server = parts.queryItems?.first { $0.name == "host" }?.value ?? parts.host ?? "localhost"
        let serverPort = parts.queryItems?.first { $0.name == "port" }?.value ?? "\(parts.port ?? 5_432)"
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pgb-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o777])
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        let port = Int.random(in: 20_000..<30_000)
        // Two server sessions for all clients: a session's state that leaked would be met soon.
        try """
        [databases]
        * = host=\(server) port=\(serverPort) user=\(parts.user ?? "postgres")
        [pgbouncer]
        listen_addr =
        listen_port = \(port)
        unix_socket_dir = \(folder.path)
        auth_type = any
        pool_mode = transaction
        default_pool_size = 2
        """.write(to: folder.appending(path: "pgbouncer.ini"), atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: program)
        // Under root it must be told whom to become: the server's account, whose socket folder it has to enter.
        let account = getpwnam("postgres") == nil ? "nobody" : "postgres"
        process.arguments =
            (geteuid() == 0 ? ["-u", account] : []) + [folder.appending(path: "pgbouncer.ini").path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It holds nothing that would want an orderly end.
        defer { kill(process.processIdentifier, SIGKILL) }
        let socket = folder.appending(path: ".s.PGSQL.\(port)").path
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: socket) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let database = parts.path.dropFirst()
        try await body("host=\(folder.path) port=\(port) user=\(parts.user ?? "postgres") dbname=\(database)")
    }
}

@Suite(.timeLimit(.minutes(1))) struct PoolerTests {
    private let who = Statement(
        name: "who", sql: "SELECT current_setting('app.user_id', true), $1::int8", access: .read)

    private func number(_ value: Int) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int8: value)
        return parameters
    }

    private func withPooler(_ body: (Database, DatabaseConnection) async throws -> Void) async throws {
        try await withDatabase { _, connection in
            let row = try await connection.query(
                """
                SELECT current_database()::text, current_setting('port'),
                    split_part(current_setting('unix_socket_directories'), ',', 1)
                """)[0]
            let direct = try "postgresql://postgres@/\(row.text(0))?host=\(row.text(2))&port=\(row.text(1))"
            try await PgBouncer.run(before: direct) { url in
                let database = Database(
                    DatabaseConfiguration(
                        connectionString: url, maximumConnections: 6, pooler: .transaction,
                        directConnectionString: direct),
                    logger: Logger(label: "pooler"))
                try await body(database, connection)
                await database.close()
            }
        }
    }

    @Test func theActingUserHoldsForTheFlightAndForNobodyElse() async throws {
        try await withPooler { database, _ in
            try await withThrowingTaskGroup { group in
                for index in 0..<200 {
                    group.addTask {
                        let user = UUID()
                        let parameters = try number(index)
                        let row =
                            index.isMultiple(of: 2)
                            ? try await database.acting(as: user).execute(who, parameters)[0]
                            : try await database.execute(who, parameters)[0]
                        let seen = row.isNull(0) ? "" : try row.text(0)
                        let answer = try row.int(1)
                        #expect(seen == (index.isMultiple(of: 2) ? user.uuidString.lowercased() : ""))
                        #expect(answer == index)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func transactionsStreamsAndCopiesWork() async throws {
        try await withPooler { database, connection in
            try await connection.script("CREATE TABLE kept (n int8)")
            let keep = Statement(name: "keep", sql: "INSERT INTO kept VALUES ($1)", access: .write)
            try await withThrowingTaskGroup { group in
                for index in 0..<20 {
                    group.addTask {
                        try await database.transaction(as: UUID()) { transaction in
                            _ = try await transaction.execute(keep, try number(index))
                            _ = try await transaction.execute(keep, try number(index))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let copy = Statement(name: "copy", sql: "COPY kept FROM STDIN", access: .write)
            let lines = AsyncStream<[UInt8]> { continuation in
                continuation.yield(Array("7\n8\n".utf8))
                continuation.finish()
            }
            let taken = try await database.copyIn(copy, rows: lines)
            #expect(taken == 2)
            let all = Statement(name: "all", sql: "SELECT n FROM kept", access: .read)
            var seen = 0
            for try await _ in database.stream(all, Parameters(), rowsAtOnce: 10) { seen += 1 }
            #expect(seen == 42)
        }
    }

    @Test func notificationsComeOnTheDirectConnection() async throws {
        try await withPooler { database, connection in
            var events = database.notifications(channel: "news").makeAsyncIterator()
            let first = await events.next()
            #expect(first == .reconnected)
            try await connection.query("SELECT pg_notify('news', 'one')")
            let heard = await events.next()
            #expect(heard == .notification("one"))
        }
    }
}
