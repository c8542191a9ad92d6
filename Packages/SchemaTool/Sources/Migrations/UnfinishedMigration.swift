import Crypto
import DatabaseClient
import Foundation

/// A file that runs without a transaction, was begun in a database, and has not ended there.
///
/// The row stands in `platform.migration_progress`, a table that exists only as long as there is one: the
/// schema is the same before such a file and after it.
public struct UnfinishedMigration: Sendable, Hashable {
    public let version: String
    public let name: String
    /// True for an `.up.sql`, false for a `.down.sql`.
    public let isUp: Bool
    /// How many statements have ended, from the first.
    public let doneStatements: Int
    /// The statement, from zero, that was begun without a transaction and has no mark of its end; -1 for
    /// none.
    public let startedStatement: Int
    /// SHA-256 of the statements that have ended: they must not be edited when the file goes on.
    let doneChecksum: String

    var fileName: String { "\(version)_\(name).\(isUp ? "up" : "down").sql" }

    static func checksum(of statements: some Sequence<String>) -> String {
        SHA256.hash(data: Data(statements.joined(separator: ";\n").utf8))
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether the file's first statements are still those that have ended.
    func fits(_ migration: MigrationFile) -> Bool {
        let text = isUp ? migration.up : migration.down
        guard let statements = try? MigrationFile.statements(of: text), statements.count >= doneStatements
        else { return false }
        return Self.checksum(of: statements.prefix(doneStatements).map(\.sql)) == doneChecksum
    }
}

/// Where a runner notes how far it has come in a file without a transaction.
struct MigrationProgress: Sendable {
    let session: Session

    static let createTable = """
        CREATE TABLE IF NOT EXISTS platform.migration_progress (
            version text NOT NULL CONSTRAINT migration_progress_pkey PRIMARY KEY,
            name text NOT NULL,
            is_up boolean NOT NULL,
            done_statements bigint NOT NULL,
            started_statement bigint NOT NULL,
            done_checksum text NOT NULL
        );
        COMMENT ON TABLE platform.migration_progress IS
            'How far a migration without a transaction has come; the table is gone when it has ended.';
        """

    /// SQL that takes the row away, and the table with it.
    static let end = "DROP TABLE IF EXISTS platform.migration_progress"

    func read() async throws -> UnfinishedMigration? {
        let exists = try await session.text(
            "SELECT CASE WHEN to_regclass('platform.migration_progress') IS NULL THEN 'no' ELSE 'yes' END")
        guard exists == "yes" else { return nil }
        return try await session.connection.query(
            """
            SELECT version, name, is_up, done_statements, started_statement, done_checksum
            FROM platform.migration_progress
            """
        ).many { row in
            UnfinishedMigration(
                version: try row.text(0), name: try row.text(1), isUp: try row.bool(2),
                doneStatements: try row.int(3), startedStatement: try row.int(4),
                doneChecksum: try row.text(5))
        }.first
    }

    func begin(_ migration: MigrationFile, isUp: Bool) async throws {
        try await session.connection.script(
            """
            \(Self.createTable)
            INSERT INTO platform.migration_progress
            VALUES (\(literal(migration.version)), \(literal(migration.name)), \(isUp), 0, -1,
                \(literal(UnfinishedMigration.checksum(of: []))))
            ON CONFLICT DO NOTHING;
            """)
    }

    /// Written before a statement that no transaction can hold, so that a later runner knows whose it is.
    static func start(_ statement: Int) -> String {
        "UPDATE platform.migration_progress SET started_statement = \(statement)"
    }

    /// SQL that notes the first `count` statements as ended.
    static func done(_ statements: some Collection<String>) -> String {
        """
        UPDATE platform.migration_progress SET done_statements = \(statements.count),
            started_statement = -1,
            done_checksum = \(literal(UnfinishedMigration.checksum(of: statements)))
        """
    }
}
