import Crypto
import DatabaseClient
import Foundation

/// Migrated databases that are kept on a server of the tool's own, so that the next run copies one and does
/// not migrate from nothing.
///
/// A template's name holds the hash of all that it follows from, so it is never out of date: another text
/// has another name. It gets that name when it is complete; one that was being made at kill -9 never does.
public enum ShadowTemplate {
    static let prefix = "grove_shadow_"
    private static let building = "grove_building_"
    private static let kept = 3

    /// Makes the template of `folder` unless it is there, drops the oldest ones and what killed runs left.
    ///
    /// - Parameters:
    ///   - server: of a superuser, on a server that nobody else uses meanwhile.
    ///   - toolVersion: of the program whose roles and history table are in it too.
    /// - Returns: the address of the template, of which `ScratchDatabase` makes copies; of the server as it
    ///   was given where a migration fails, for the caller to meet the error where it can tell of it.
    public static func prepare(
        _ folder: MigrationFolder, server: String, toolVersion: String,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> String {
        let session = try await Session.open(server, applicationName: "schema shadow")
        return try await session.closing {
            let version = try await session.text("SELECT version()")
            let name = prefix + hash(folder, [toolVersion, version])
            let known = try await names(session)
            for left in known where left.hasPrefix(building) || left.hasPrefix(ScratchDatabase.prefix) {
                try await drop(left, session)
            }
            if !known.contains(name) {
                progress("Migrating a new shadow …")
                guard try await make(name, folder, server, session) else { return server }
            }
            // The comment is when it was last used; the oldest go.
            let now = try await session.text("SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.US')")
            try await session.connection.script("COMMENT ON DATABASE \(name) IS '\(now)'")
            for old in try await names(session).filter({ $0.hasPrefix(prefix) }).dropFirst(kept) {
                try await drop(old, session)
            }
            return connectionString(server, withDatabase: name)
        }
    }

    private static func make(
        _ name: String, _ folder: MigrationFolder, _ server: String, _ session: Session
    ) async throws -> Bool {
        let unfinished = building + UUID().uuidString.lowercased().prefix(8)
        try await session.connection.script(
            "CREATE DATABASE \(unfinished) TEMPLATE template0 ENCODING 'UTF8'")
        let address = connectionString(server, withDatabase: unfinished)
        try await folder.roles.create(connectionString: address)
        do {
            try await Migrator(connectionString: address, folder: folder).up(grants: .leave)
        } catch is MigrationError {
            try await drop(unfinished, session)
            return false
        }
        try await session.whenUnused {
            try await session.connection.script("ALTER DATABASE \(unfinished) RENAME TO \(name)")
        }
        return true
    }

    /// The last used first.
    private static func names(_ session: Session) async throws -> [String] {
        try await session.texts(
            """
            SELECT datname::text FROM pg_catalog.pg_database
            ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST
            """)
    }

    private static func drop(_ name: String, _ session: Session) async throws {
        try await session.connection.script("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// The grants are no part of it: the shadow is used before they are applied.
    static func hash(_ folder: MigrationFolder, _ versions: [String]) -> String {
        let parts =
            versions + folder.roles.contexts + folder.roles.planned.sorted()
            + folder.migrations.map { "\($0.title) \($0.checksum)" }
        return SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).prefix(12)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Session {
    /// Tries again for a little while when a database is still in use: a backend ends after its client.
    func whenUnused(_ body: () async throws -> Void) async throws {
        for attempt in 1... {
            do {
                return try await body()
            } catch let error as DatabaseError where error.sqlState == "55006" && attempt < 5 {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}
