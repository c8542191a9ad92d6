import DatabaseClient
import Logging
import Synchronization
import Testing

/// A database behind a ``FaultProxy``, with a direct connection beside it.
struct ProxiedDatabase: Sendable {
    let database: Database
    let proxy: FaultProxy
    let direct: DatabaseConnection

    static let count = Statement(name: "count", sql: "SELECT count(*) FROM entries", access: .read)
    static let insert = Statement(
        name: "insert", sql: "INSERT INTO entries VALUES ($1) RETURNING value", access: .write)

    /// Runs the body, and then sees that the database still works and that nothing of it is left after its end.
    static func with(
        _ change: (inout DatabaseConfiguration) -> Void = { _ in },
        _ body: (ProxiedDatabase) async throws -> Void
    ) async throws {
        try await withDatabase { _, direct in
            try await direct.script("CREATE TABLE entries (value int8 PRIMARY KEY)")
            let row = try await direct.query(
                """
                SELECT current_database()::text, current_setting('port'),
                    split_part(current_setting('unix_socket_directories'), ',', 1)
                """)[0]
            let proxy = try FaultProxy(to: "\(row.text(2))/.s.PGSQL.\(row.text(1))")
            defer { proxy.stop() }
            var configuration = try DatabaseConfiguration(
                connectionString: "host=127.0.0.1 port=\(proxy.port) dbname=\(row.text(0)) user=postgres "
                    + "sslmode=disable gssencmode=disable",
                maximumConnections: 5, applicationName: "through the proxy", acquireTimeout: .seconds(10))
            change(&configuration)
            let database = Database(configuration, logger: Logger(label: "proxied"))
            let proxied = ProxiedDatabase(database: database, proxy: proxy, direct: direct)
            do {
                try await body(proxied)
                proxy.judge(nil)
                proxy.refuse(false)
                proxy.delayAnswers(by: .zero)
                try await proxied.expectInOrder(maximumConnections: configuration.maximumConnections)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
            await eventually("the client left a socket open") { proxy.liveLinks == 0 }
            let sessions = """
                SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'through the proxy')
                """
            await eventually("a session stayed on the server") {
                try await direct.query(sessions).rowCount == 1
            }
        }
    }

    /// The next statement and the next transaction work, and no more connections are there than may be.
    func expectInOrder(maximumConnections: Int) async throws {
        try await database.ping()
        try await database.transaction { _ = try await $0.execute(Self.count, Parameters()) }
        await eventually("a connection is still lent") { database.usage == (0, 0) }
        // A link counts until the proxy has read its end, so one that is being replaced may count twice for a moment.
        await eventually("more connections than may be") { proxy.liveLinks <= maximumConnections }
    }

    func add(_ value: Int, on executor: any QueryExecutor) async throws {
        _ = try await executor.execute(Self.insert, Self.number(value))
    }

    /// What is stored, seen past the proxy.
    func entries() async throws -> [Int] {
        try await direct.query("SELECT value FROM entries ORDER BY 1").many { try $0.int(0) }
    }

    static func number(_ value: Int) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int8: value)
        return parameters
    }
}

/// Waits up to ten seconds until something is so.
func eventually(
    _ complaint: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ isSo: () async throws -> Bool
) async {
    for _ in 0..<1_000 {
        if (try? await isSo()) == true { return }
        try? await Task.sleep(for: .milliseconds(10))
    }
    Issue.record(complaint, sourceLocation: sourceLocation)
}

/// Runs the body and sees that it ended, in whichever way, before what it must not wait for would have: those take 30 s.
/// How much sooner depends on the machine.
func within<T>(
    _ limit: Duration = .seconds(25), sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> T
) async -> Result<T, any Error> {
    let start = ContinuousClock.now
    let result: Result<T, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    let taken = ContinuousClock.now - start
    #expect(taken < limit, sourceLocation: sourceLocation)
    return result
}

extension Result {
    var failure: DatabaseError? {
        guard case .failure(let error) = self else { return nil }
        return error as? DatabaseError
    }

    var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}

extension DatabaseError {
    var isUnavailable: Bool {
        if case .unavailable = self { true } else { false }
    }
}

/// True for the first who asks.
final class Once: Sendable {
    private let isTaken = Mutex(false)

    func take() -> Bool {
        isTaken.withLock { taken in
            defer { taken = true }
            return !taken
        }
    }
}
