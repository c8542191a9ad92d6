import DatabaseClient
import Foundation

/// A pair of files that `schema drift --write` has made.
public struct DriftMigration: Sendable, Hashable {
    public let version: String
    public let paths: [String]
    /// What the files do not say, each in words; the same stands in them as comments.
    public let notExpressed: [String]
}

extension SchemaDrift {
    /// Writes a migration that makes the difference, and takes it back, after both were tried on the shadow.
    ///
    /// A statement that fails there, and a difference that is left, are comments in the file.
    /// - Returns: nil for the migration when nothing differs.
    public func write(
        named name: String = "drift", at date: Date
    ) async throws -> (finding: Finding, migration: DriftMigration?) {
        try await withShadow { shadow, actual, finding in
            guard !finding.difference.isEmpty else { return (finding, nil) }
            guard finding.pending.isEmpty else {
                throw MigrationError.notRepairable(
                    "Run `schema migrate up` on this database first: what is pending there would come before "
                        + "the new file and may change the same objects.")
            }
            let before = try await catalog(of: shadow)
            let up = try await attempt(from: before, to: actual, on: shadow)
            let reached = try await catalog(of: shadow)
            let down = try await attempt(from: reached, to: before, on: shadow)
            let paths = try MigrationFolder.create(
                name: name, at: date, in: folder.path,
                up:
                    "-- What was changed by hand in a database; schema drift wrote it. Read it before "
                    + "you run it.\n"
                    + up.text,
                down: "-- Takes back what the up file makes.\n" + down.text)
            guard let version = paths.first.map({ URL(fileURLWithPath: $0).lastPathComponent.prefix(14) })
            else {
                return (finding, nil)
            }
            return (
                finding,
                DriftMigration(
                    version: String(version), paths: paths, notExpressed: up.notExpressed + down.notExpressed)
            )
        }
    }

    /// Runs the statements on the shadow one by one, and gives the text of those that went through.
    private func attempt(
        from: [CatalogObject], to: [CatalogObject], on shadow: ScratchDatabase
    ) async throws -> (text: String, notExpressed: [String]) {
        let script = DriftStatements(from: from, to: to)
        var notExpressed = script.notExpressed
        var text = ""
        let session = try await Session.openAsOwner(shadow.connectionString, applicationName: "schema drift")
        try await session.closing {
            // What was refused may only have come too early: a column before its type, say.
            var waiting = script.statements
            var refusals: [String] = []
            var isMoving = true
            while isMoving && !waiting.isEmpty {
                var refused: [DriftStatements.Statement] = []
                refusals = []
                for statement in waiting {
                    do {
                        try await session.connection.script(statement.sql)
                        text += "\(statement.sql)\n"
                    } catch let error as DatabaseError where error.sqlState != nil {
                        refused.append(statement)
                        refusals.append(Self.refusal(statement, error))
                    }
                }
                isMoving = refused.count < waiting.count
                waiting = refused
            }
            notExpressed += refusals
        }
        let left = CatalogDifference(expected: to, actual: try await catalog(of: shadow))
        let known = notExpressed.joined(separator: "\n")
        for title in (left.added + left.missing + left.changed.map(\.actual)).map(\.title)
        where !known.contains(title) {
            notExpressed.append("\(title) is still not the same, as the order of its columns")
        }
        let comments = notExpressed.map { "-- not expressed: \($0.replacing("\n", with: " "))\n" }
        return (comments.joined() + text, notExpressed)
    }

    private static func refusal(_ statement: DriftStatements.Statement, _ error: DatabaseError) -> String {
        var reason = "\(error)"
        if case .server(let server) = error { reason = "\(server.message) (SQLSTATE \(server.sqlState))" }
        let line = statement.sql.split(separator: "\n").joined(separator: " ")
        return "\(statement.title): `\(line)` was refused: \(reason)"
    }
}
