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

    /// Takes the file's present text for the one that ran.
    func accept(_ migration: MigrationFile) async throws {
        var parameters = Parameters()
        parameters.append(text: migration.version)
        parameters.append(text: migration.checksum)
        parameters.append(text: migration.name)
        _ = try await session.connection.query(
            "UPDATE platform.migrations SET checksum = $2, name = $3 WHERE version = $1", parameters)
    }

    func delete(version: String) async throws {
        var parameters = Parameters()
        parameters.append(text: version)
        _ = try await session.connection.query(
            "DELETE FROM platform.migrations WHERE version = $1", parameters)
    }

    /// What stands between the folder and the database, each as a sentence; nothing when they agree.
    static func faults(
        applied: [AppliedMigration], unfinished: UnfinishedMigration? = nil, folder: MigrationFolder
    ) -> [String] {
        let files = Dictionary(folder.migrations.map { ($0.version, $0) }) { first, _ in first }
        if let fault = madeByOtherFiles(applied, files, folder) { return [fault] }
        var faults = applied.compactMap { row -> String? in
            guard let file = files[row.version] else {
                return
                    "\(row.version)_\(row.name) ran in this database, but \(folder.path) does not hold it. "
                    + "Update your copy of the repository, or restore the file; if it is gone for good, "
                    + "`schema migrate repair --forget \(row.version)`."
            }
            guard !file.isText(of: row) else { return nil }
            return
                "\(file.upFileName) was edited after it ran here on "
                + "\(row.appliedAt.formatted(.iso8601)). Restore its text; a change is a new migration. "
                + "If only words changed, and not what it does: `schema migrate repair --accept "
                + "\(row.version)`. If no release holds the file yet, the database can be made anew instead."
        }
        let known = Set(applied.map(\.version))
        if let unfinished {
            faults += Self.faults(unfinished, files[unfinished.version])
            faults += folder.migrations.filter {
                unfinished.isUp && $0.version < unfinished.version && !known.contains($0.version)
            }.map {
                "\($0.title) is older than \(unfinished.fileName), which was begun here. "
                    + "Rename its files to a later timestamp."
            }
        }
        if let last = applied.last {
            faults += folder.migrations.filter { $0.version < last.version && !known.contains($0.version) }
                .map {
                    "\($0.title) is older than \(last.version)_\(last.name), which already ran here. "
                        + "Rename its files to a later timestamp, so that all databases run in one order."
                }
        }
        return faults
    }

    /// Where no file that ran is in the folder, nothing leads from the one set to the other: forgetting each of them,
    /// as one would a single one, only lets the folder's first file fail on tables that are there.
    private static func madeByOtherFiles(
        _ applied: [AppliedMigration], _ files: [String: MigrationFile], _ folder: MigrationFolder
    ) -> String? {
        guard let first = applied.first, let last = applied.last,
            !applied.contains(where: { files[$0.version] != nil })
        else { return nil }
        return """
            Other files made this database than those of \(folder.path), which holds none of the \(applied.count) that \
            ran here, \(first.version)_\(first.name) to \(last.version)_\(last.name). No migration leads from those to \
            these, and nothing was changed.
            If another copy of the repository belongs to this database, use that one. If the files were replaced, as \
            they may be before the first release, the database must be made anew:
              1. Export what is to stay, with the program that the database was made for.
              2. Make a new database, in a new folder where the program keeps it in one, and run `schema roles` and \
            `schema migrate up` on it.
              3. Import what was exported.
            """
    }

    /// A file that was left half-way is no fault as long as the next run can simply go on.
    private static func faults(_ unfinished: UnfinishedMigration, _ file: MigrationFile?) -> [String] {
        if let file, unfinished.fits(file) { return [] }
        let what =
            file == nil ? "the folder does not hold it any more" : "a statement that is in was edited since"
        return [
            "\(unfinished.fileName) runs without a transaction and was left half-way: its first "
                + "\(unfinished.doneStatements) statements are in, and \(what). Restore the text and run "
                + "`schema migrate \(unfinished.isUp ? "up" : "down")` to go on; or "
                + "`schema migrate repair --retry \(unfinished.version)` to run it from its first "
                + "statement; or, "
                + "when you have brought the rest about by hand, "
                + "`schema migrate repair --mark-applied \(unfinished.version)`."
        ]
    }
}
