import DatabaseClient
import EmbeddedPostgres
import Foundation
import Migrations
import Synchronization
import Testing

/// The tests' own cluster, started once in the process: roles are made in it, which belong to a whole
/// cluster.
actor TestServer {
    static let shared = TestServer()

    private static let folders = FileManager.default.temporaryDirectory
    private static let prefix = "grove-schema-tests-"

    private var start: Task<EmbeddedPostgres, any Error>?

    /// The connection string of a superuser.
    func url() async throws -> String {
        let start =
            self.start
            ?? Task {
                Self.removeFoldersOfEndedRuns()
                let folder = Self.folders.appendingPathComponent("\(Self.prefix)\(getpid())").path
                return try await EmbeddedPostgres.start(
                    .init(
                        dataDirectory: folder, durable: false,
                        settings: ["max_connections": "200", "max_wal_size": "64MB", "min_wal_size": "32MB"]))
            }
        self.start = start
        return try await start.value.connectionString()
    }

    /// The server ends with the process that started it; its folder is for the next run to remove.
    private static func removeFoldersOfEndedRuns() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folders.path)) ?? []
        for name in names where name.hasPrefix(prefix) {
            guard let process = pid_t(name.dropFirst(prefix.count).prefix(while: \.isNumber)),
                kill(process, 0) == -1, errno == ESRCH
            else {
                continue
            }
            try? FileManager.default.removeItem(at: folders.appendingPathComponent(name))
        }
    }
}

/// Runs `body` on an empty database of its own, where the roles may connect.
func withScratch<T: Sendable>(_ body: (ScratchDatabase) async throws -> T) async throws -> T {
    try await ScratchDatabase.with(server: await TestServer.shared.url()) { database in
        try await Fixture.roles.create(connectionString: database.connectionString)
        return try await body(database)
    }
}

/// Connects, as another role where one is given, and closes on every way out.
func withConnection<T: Sendable>(
    _ database: ScratchDatabase, as role: String = "postgres", _ body: (DatabaseConnection) async throws -> T
) async throws -> T {
    let connection = try await DatabaseConnection.connect(
        database.connectionString.replacing("postgres@", with: "\(role)@", maxReplacements: 1))
    do {
        let value = try await body(connection)
        await connection.close()
        return value
    } catch {
        await connection.close()
        throw error
    }
}

/// A folder with these files, gone after `body`.
func withFolder<T>(_ files: [String: String], _ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "schema-test-\(UUID().uuidString)")
    for (path, text) in files { try write(text, to: path, in: folder.path) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

func write(_ text: String, to path: String, in folder: String) throws {
    let url = URL(fileURLWithPath: "\(folder)/\(path)")
    try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
}

func read(_ path: String, in folder: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
}

/// Two migrations that depend on one another.
let twoMigrations = [
    "20260101000000_shop.up.sql":
        "CREATE SCHEMA shop;\nCREATE TABLE shop.items (id uuid CONSTRAINT items_pkey PRIMARY KEY);",
    "20260101000000_shop.down.sql": "DROP SCHEMA shop CASCADE;",
    "20260102000000_prices.up.sql": "ALTER TABLE shop.items ADD COLUMN price numeric(18,8);",
    "20260102000000_prices.down.sql": "ALTER TABLE shop.items DROP COLUMN price;",
]

/// A migrator of `path` on `database`.
func makeMigrator(
    _ database: ScratchDatabase, _ path: String, patience: Migrator.Patience = .init(), lines: Lines? = nil
) throws -> Migrator {
    Migrator(
        connectionString: database.connectionString, folder: try MigrationFolder(path: path),
        patience: patience, progress: { line in lines?.add(line) })
}

/// Runs `body` on an empty database and a folder with these files.
func withMigrations<T: Sendable>(
    _ files: [String: String], _ body: (ScratchDatabase, String) async throws -> T
) async throws -> T {
    try await withScratch { database in
        try await withFolder(files) { path in try await body(database, path) }
    }
}

/// The words of the error that `body` must throw.
func words(of body: () async throws -> Void) async -> String {
    let error = await #expect(throws: MigrationError.self) { try await body() }
    return error?.description ?? ""
}

/// The value of a query with one text.
func text(_ database: ScratchDatabase, _ sql: String) async throws -> String {
    try await withConnection(database) { connection in
        try await connection.query(sql).one { try $0.text(0) }
    }
}

/// What reached a progress callback, which may be called from any thread.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}
