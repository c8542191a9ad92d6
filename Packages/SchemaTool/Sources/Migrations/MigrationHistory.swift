import DatabaseClient
import Foundation

/// What a database says of a migration that ran in it.
public struct AppliedMigration: Sendable, Hashable {
    public let version: String
    public let name: String
    public let checksum: String
    public let appliedAt: Date
    public let durationMilliseconds: Int
}

/// `platform.migrations`: which files have run here, and with what text.
struct MigrationHistory: Sendable {
    let session: Session

    /// Makes the namespace and the table when they are missing. The runner does it itself, since no migration
    /// can be recorded before there is a place for the record.
    func bootstrap() async throws {
        do {
            try await session.connection.script(
                """
                CREATE SCHEMA IF NOT EXISTS platform;
                CREATE TABLE IF NOT EXISTS platform.migrations (
                    version text NOT NULL CONSTRAINT migrations_pkey PRIMARY KEY,
                    name text NOT NULL,
                    checksum text NOT NULL,
                    applied_at timestamptz NOT NULL,
                    duration_milliseconds bigint NOT NULL
                );
                COMMENT ON TABLE platform.migrations IS
                    'The migrations that ran in this database; written by the schema tool alone.';
                COMMENT ON COLUMN platform.migrations.checksum IS
                    'SHA-256 of the up file: an applied file that was edited is refused.';
                """)
        } catch let error as DatabaseError where error.sqlState == "42501" {
            throw MigrationError.notPermitted(
                "\(Roles.owner) may not create a schema in this database. Run `schema roles` on it first.")
        }
    }

    /// In the order in which they ran; empty when the table does not exist yet.
    func read() async throws -> [AppliedMigration] {
        let exists = try await session.text(
            "SELECT CASE WHEN to_regclass('platform.migrations') IS NULL THEN 'no' ELSE 'yes' END")
        guard exists == "yes" else { return [] }
        return try await session.connection.query(
            """
            SELECT version, name, checksum, applied_at, duration_milliseconds
            FROM platform.migrations ORDER BY version
            """
        ).many { row in
            AppliedMigration(
                version: try row.text(0), name: try row.text(1), checksum: try row.text(2),
                appliedAt: try row.timestamp(3), durationMilliseconds: try row.int(4))
        }
    }

    func insert(_ migration: MigrationFile, at date: Date, durationMilliseconds: Int) async throws {
        var parameters = Parameters()
        parameters.append(text: migration.version)
        parameters.append(text: migration.name)
        parameters.append(text: migration.checksum)
        parameters.append(timestamp: date)
        try parameters.append(int8: durationMilliseconds)
        _ = try await session.connection.query(
            """
            INSERT INTO platform.migrations (version, name, checksum, applied_at, duration_milliseconds)
            VALUES ($1, $2, $3, $4, $5)
            """, parameters)
    }

    func delete(_ migration: MigrationFile) async throws {
        var parameters = Parameters()
        parameters.append(text: migration.version)
        _ = try await session.connection.query(
            "DELETE FROM platform.migrations WHERE version = $1", parameters)
    }

    /// What stands between the folder and the database, each as a sentence; nothing when they agree.
    static func faults(applied: [AppliedMigration], folder: MigrationFolder) -> [String] {
        let files = Dictionary(folder.migrations.map { ($0.version, $0) }) { first, _ in first }
        var faults = applied.compactMap { row -> String? in
            guard let file = files[row.version] else {
                return
                    "\(row.version)_\(row.name) ran in this database, but \(folder.path) does not hold it. "
                    + "Update your copy of the repository, or restore the file."
            }
            guard file.checksum != row.checksum else { return nil }
            return
                "\(file.upFileName) was edited after it ran here on "
                + "\(row.appliedAt.formatted(.iso8601)). Restore its text; a change is a new migration."
        }
        let known = Set(applied.map(\.version))
        if let last = applied.last {
            faults += folder.migrations.filter { $0.version < last.version && !known.contains($0.version) }
                .map {
                    "\($0.title) is older than \(last.version)_\(last.name), which already ran here. "
                        + "Rename its files to a later timestamp, so that all databases run in one order."
                }
        }
        return faults
    }
}
