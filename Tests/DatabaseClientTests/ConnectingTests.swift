import DatabaseClient
import Logging
import Synchronization
import Testing

private final class Lines: Sendable { let all = Mutex<[String]>([]) }

/// Keeps what is logged.
private struct KeepingLogHandler: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let said = ["statement", "outcome", "sqlstate"].compactMap { event.metadata?[$0]?.description }
        lines.all.withLock { $0.append(([event.message.description] + said).joined(separator: " ")) }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ConnectingTests {
    private struct VaultClosed: Error { let secret = "hunter2" }

    private let who = Statement(name: "who", sql: "SELECT current_user::text", access: .read)

    /// libpq's key=value form of this server, with these hosts and ports.
    private func address(
        _ connection: DatabaseConnection, hosts prefix: String = "", ports: String = ""
    ) async throws -> String {
        let row = try await connection.query(
            """
            SELECT current_database()::text, current_setting('port'),
                split_part(current_setting('unix_socket_directories'), ',', 1)
            """)[0]
        return try
            "host=\(prefix)\(row.text(2)) port=\(ports)\(row.text(1)) dbname=\(row.text(0)) user=postgres"
    }

    @Test func credentialsAreAskedForAtEachConnectAndWin() async throws {
        try await withDatabase { _, connection in
            try await connection.script("DROP ROLE IF EXISTS of_the_vault; CREATE ROLE of_the_vault LOGIN")
            var configuration = DatabaseConfiguration(connectionString: try await address(connection))
            configuration.credentials = { Credentials(user: "of_the_vault", password: "changes") }
            let database = Database(configuration, logger: Logger(label: "test"))
            let name = try await database.execute(who, Parameters()).one { try $0.text(0) }
            #expect(name == "of_the_vault")
            await database.close()
        }
    }

    @Test func whatTheProviderThrowsIsNotRepeated() async throws {
        try await withDatabase { _, connection in
            var configuration = DatabaseConfiguration(
                connectionString: try await address(connection), acquireTimeout: .milliseconds(200))
            configuration.credentials = { throw VaultClosed() }
            let database = Database(configuration, logger: Logger(label: "test"))
            await #expect { try await database.ping() } throws: {
                "\($0)".contains("VaultClosed") && !"\($0)".contains("hunter2")
            }
            await database.close()
        }
    }

    @Test func theNextHostIsTakenWhereTheFirstIsDead() async throws {
        try await withDatabase { _, connection in
            let hosts = try await address(connection, hosts: "127.0.0.1,", ports: "1,")
            let database = Database(
                DatabaseConfiguration(connectionString: hosts + " target_session_attrs=read-write"),
                logger: Logger(label: "test"))
            try await database.ping()
            await database.close()
        }
    }

    /// A migration may take days; what a service waits for is another matter.
    @Test func aConnectionWaitsAsLongAsItsOwnerSays() async throws {
        try await withDatabase { _, connection in
            let url = try await address(connection)
            let impatient = try await DatabaseConnection.connect(url, answerLimit: .milliseconds(300))
            await #expect(throws: DatabaseError.self) {
                try await impatient.query("SELECT pg_sleep(2)::text")
            }
            let patient = try await DatabaseConnection.connect(url, answerLimit: .seconds(600))
            try await patient.query("SELECT pg_sleep(1)::text")
            await patient.close()
        }
    }

    @Test func slowStatementsAreNamedAndQuickOnesAreNot() async throws {
        try await withDatabase { _, connection in
            let lines = Lines()
            var configuration = DatabaseConfiguration(connectionString: try await address(connection))
            configuration.slowStatementThreshold = .milliseconds(300)
            let database = Database(
                configuration, logger: Logger(label: "test") { _ in KeepingLogHandler(lines: lines) })
            let slow = Statement(name: "sleeper", sql: "SELECT pg_sleep(0.4)::text", access: .read)
            try await database.ping()
            _ = try await database.execute(slow, Parameters())
            try await database.transaction { _ = try await $0.execute(slow, Parameters()) }
            let written = lines.all.withLock { $0 }
            #expect(written == ["slow statement sleeper", "slow statement sleeper"])
            await database.close()
        }
    }

    @Test func theStatementLogNamesEachStatementAndNoValue() async throws {
        try await withDatabase { _, connection in
            let lines = Lines()
            var configuration = DatabaseConfiguration(connectionString: try await address(connection))
            configuration.logsStatements = true
            let database = Database(
                configuration, logger: Logger(label: "test") { _ in KeepingLogHandler(lines: lines) })
            let read = Statement(name: "numbers.read", sql: "SELECT $1::text::int", access: .read)
            var (number, secret) = (Parameters(), Parameters())
            number.append(text: "424242")
            secret.append(text: "hunter2")
            _ = try await database.execute(read, number)
            try await database.transaction { _ = try await $0.execute(read, number) }
            await #expect(throws: DatabaseError.self) { _ = try await database.execute(read, secret) }
            let written = lines.all.withLock { $0 }
            #expect(
                written == [
                    "statement numbers.read ok", "statement numbers.read ok",
                    "statement numbers.read error 22P02",
                ])
            await database.close()
        }
    }
}
