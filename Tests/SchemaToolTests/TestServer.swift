import DatabaseClient
import EmbeddedPostgres
import Foundation
import Migrations
import Synchronization
import Testing

/// The tests' own clusters, each started once in the process: roles are made in them, which belong to a whole
/// cluster.
actor TestServer: CustomTestStringConvertible {
    /// PostgreSQL 15, or what else the machine has.
    static let shared = TestServer("PostgreSQL 15", suffix: "")

    /// PostgreSQL 16, which `scripts/setup --tools` gets; nil where it has none for this processor.
    static let sixteen = packagesWith16.map { TestServer("PostgreSQL 16", suffix: "-16", packages: $0) }

    /// Whether PostgreSQL 16 has what Market's migration makes.
    static let sixteenHasTrigrams =
        packagesWith16.map {
            FileManager.default.fileExists(
                atPath: "\($0)/pgserver/pginstall/share/postgresql/extension/pg_trgm.control")
        } ?? false

    /// Those that are here. `PostgreSQL16Tests` says it when the second is not.
    static let all = [shared, sixteen].compactMap(\.self)

    private static let folders = FileManager.default.temporaryDirectory
    private static let prefix = "grove-schema-tests-"

    nonisolated let testDescription: String
    private let folder: String
    /// Where Python keeps the package `pgserver` and the libraries beside it.
    private let packages: String?
    private var start: Task<EmbeddedPostgres, any Error>?

    private init(_ name: String, suffix: String, packages: String? = nil) {
        testDescription = name
        folder = Self.folders.appendingPathComponent("\(Self.prefix)\(getpid())\(suffix)").path
        self.packages = packages
    }

    /// The connection string of a superuser.
    func url() async throws -> String { try await server().connectionString() }

    /// The folder of `postgres` and `pg_dump`.
    func binaries() async throws -> String { try await server().binaries.directory }

    private func server() async throws -> EmbeddedPostgres {
        let start =
            self.start
            ?? Task {
                try await EmbeddedPostgres.start(
                    .init(
                        dataDirectory: folder, durable: false,
                        settings: ["max_connections": "400", "max_wal_size": "64MB", "min_wal_size": "32MB"],
                        binaries: try copiedPrograms()))
            }
        self.start = start
        return try await start.value
    }

    /// Away from the checkout, into which the server's account may have no way.
    private func copiedPrograms() throws -> String? {
        Self.removeFoldersOfEndedRuns()
        guard let packages else { return nil }
        let copy = "\(folder)-programs"
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in ["pgserver", "pgserver.libs"] {
            try FileManager.default.copyItem(atPath: "\(packages)/\(name)", toPath: "\(copy)/\(name)")
        }
        return "\(copy)/\(Self.binaries)"
    }

    private static let binaries = "pgserver/pginstall/bin"

    private static let packagesWith16: String? = {
        let libraries = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".grove/tools/lib").path
        let pythons = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
        return pythons.map { "\(libraries)/\($0)/site-packages" }
            .first { FileManager.default.isExecutableFile(atPath: "\($0)/\(binaries)/postgres") }
    }()

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
func withScratch<T: Sendable>(
    on server: TestServer = .shared, _ body: (ScratchDatabase) async throws -> T
) async throws -> T {
    try await ScratchDatabase.with(server: await server.url()) { database in
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
    "20260102000000_prices.up.sql": "ALTER TABLE shop.items ADD COLUMN price numeric(38,18);",
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
