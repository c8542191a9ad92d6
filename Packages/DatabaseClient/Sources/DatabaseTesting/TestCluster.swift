import DatabaseClient
import EmbeddedPostgres
import Foundation
import Synchronization

/// A PostgreSQL server for tests, in which a prepared database is copied for each test. It knows nothing of
/// what is prepared.
///
/// The server does not wait for the disk and stops with the process. Its folder under /tmp is removed by a
/// later test run.
public final class TestCluster: Sendable {
    /// Where the data folders of test clusters are: short, and open to the server's account.
    private static let parent = "/tmp"
    private static let prefix = "grove-tests-"

    public let server: EmbeddedPostgres
    private let templates = Mutex<[String: Task<String, any Error>]>([:])
    private let databaseCount = Atomic(0)

    private init(server: EmbeddedPostgres) { self.server = server }

    // MARK: - The server

    /// The cluster of this process, started by the first who asks.
    public static var shared: TestCluster {
        get async throws { try await sharedStart.value }
    }

    private static let sharedStart = Task {
        await removeAbandoned()
        return try await dedicated()
    }

    /// A cluster of one's own, for a test that kills or restarts its server, or that needs to be alone: an
    /// open transaction in any database of a cluster holds back what others see as finished. Call ``stop()``
    /// after.
    /// - Parameter durable: true where what was acknowledged must survive a killed server.
    public static func dedicated(
        durable: Bool = false, settings: [String: String] = [:]
    ) async throws -> TestCluster {
        // Without autovacuum no worker sits in a template when it is copied; and checkpoints only cost here.
        // Many tests at once, each with a pool: more sessions than a service would ever have.
        let quiet = [
            "autovacuum": "off", "checkpoint_timeout": "1h", "max_wal_size": "4GB", "max_connections": "500",
        ]
        let name = prefix + UUID().uuidString.prefix(13).lowercased()
        let server = try await EmbeddedPostgres.start(
            EmbeddedPostgres.Configuration(
                dataDirectory: "\(parent)/\(name)", durable: durable,
                settings: quiet.merging(settings) { _, chosen in chosen }))
        return TestCluster(server: server)
    }

    /// Stops a dedicated cluster and removes its data.
    public func stop() async {
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: server.dataDirectory)
    }

    /// A connection string for one of the cluster's databases.
    public func connectionString(user: String = "postgres", database: String) -> String {
        server.connectionString(user: user, database: database)
    }

    /// Removes what test processes that have died left behind. A folder that was made a moment ago may belong
    /// to a process that has not yet locked it.
    private static func removeAbandoned() async {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            let made = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            if let made, made.timeIntervalSinceNow < -60 {
                await EmbeddedPostgres.remove(dataDirectory: path)
            }
        }
    }

    // MARK: - Templates and their copies

    /// Makes the template for `key`, once in the life of the cluster; whoever asks for it meanwhile waits.
    /// - Parameters:
    ///   - key: names the content, a checksum of the migrations, say.
    ///   - prepare: fills the empty database, as the superuser.
    /// - Returns: the template's name, for ``database(fromTemplate:)``.
    /// - Throws: what `prepare` threw, to everyone who asks for this key.
    public func template(
        named key: String, prepare: @escaping @Sendable (DatabaseConnection) async throws -> Void
    ) async throws -> String {
        let task = templates.withLock { templates in
            if let begun = templates[key] { return begun }
            let name = "template_\(templates.count + 1)"
            let task = Task {
                try await administer("CREATE DATABASE \(name)")
                try await withConnection(to: name, prepare)
                // A copy fails while anybody is connected, so nobody may be from now on.
                try await administer("ALTER DATABASE \(name) WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
                return name
            }
            templates[key] = task
            return task
        }
        return try await task.value
    }

    /// Copies a template. By copying files: measured without fsync on 12 MB in 160 relations, that took 0.6
    /// to 0.8 of the time of WAL_LOG, the default, both one at a time and two at once.
    /// - Returns: the name of the new database, which stays until it is dropped or the cluster goes.
    public func database(fromTemplate template: String) async throws -> String {
        let number = databaseCount.add(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        try await administer("CREATE DATABASE \(name) TEMPLATE \(template) STRATEGY FILE_COPY")
        return name
    }

    /// Runs `body` with a copy of the template and drops it after, whoever is still connected.
    public func withDatabase<T>(fromTemplate template: String, _ body: (String) async throws -> T)
        async throws -> T
    {
        let name = try await database(fromTemplate: template)
        let result: Result<T, any Error>
        do { result = .success(try await body(name)) } catch { result = .failure(error) }
        // The test's own verdict counts more than a server that it may have killed.
        do { try await drop(name) } catch { if case .success = result { throw error } }
        return try result.get()
    }

    /// Drops a database, whoever is still connected.
    public func drop(_ database: String) async throws {
        try await administer("DROP DATABASE IF EXISTS \(database) WITH (FORCE)")
    }

    /// Statements about databases cannot run inside one another's transaction, so each has a connection.
    private func administer(_ sql: String) async throws {
        try await withConnection(to: "postgres") { try await $0.script(sql) }
    }

    private func withConnection(
        to database: String, _ body: (DatabaseConnection) async throws -> Void
    ) async throws {
        let connection = try await DatabaseConnection.connect(connectionString(database: database))
        do { try await body(connection) } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }
}
