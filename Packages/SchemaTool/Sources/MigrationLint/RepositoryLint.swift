import DatabaseClient
import Migrations
import SchemaAnalysis

/// The whole lint of a repository: the text of its migrations, the catalog that they make, the statements of
/// its modules, and, when asked, those of the commit that runs.
public struct RepositoryLint: Sendable {
    let repository: String
    let migrations: String
    let against: String?
    let progress: @Sendable (String) -> Void

    /// - Parameters:
    ///   - repository: the folder that holds Packages.
    ///   - migrations: the folder of the migration files, inside the repository.
    ///   - against: the commit whose code runs while the migrations do.
    public init(
        repository: String, migrations: String = "migrations", against: String? = nil,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.repository = repository
        self.migrations = migrations
        self.against = against
        self.progress = progress
    }

    /// Works in a scratch database on `server`, which is dropped at the end.
    ///
    /// - Throws: `MigrationError` where the folder cannot be run at all.
    public func run(server: String) async throws -> [Finding] {
        let folder = try MigrationFolder(path: "\(repository)/\(migrations)")
        let linter = try Linter(folder: folder, path: migrations)
        var history: History?
        if let against {
            history = History(
                commit: try await GitCommit(folder: repository, name: against), migrations: migrations)
        }
        progress("Migrating the shadow database …")
        return try await ScratchDatabase.with(server: server) { database in
            try await folder.roles.create(connectionString: database.connectionString)
            try await Migrator(connectionString: database.connectionString, folder: folder).up(grants: .leave)
            let connection = try await DatabaseConnection.connect(database.connectionString)
            do {
                var findings = linter.findings(offenders: try await CatalogOffender.read(connection))
                findings += try userIDUpdates(folder.roles)
                if let history {
                    findings += try await history.findings(folder: folder)
                    progress("Preparing the statements of \(history.commit.name) on it …")
                    findings += try await history.brokenStatements(on: connection, folder.roles)
                }
                await connection.close()
                return findings.sorted()
            } catch {
                await connection.close()
                throw error
            }
        }
    }

    /// Statements of the modules that change the user of a row.
    private func userIDUpdates(_ roles: Roles) throws -> [Finding] {
        try Module.discover(repository: repository, roles: roles).modules.flatMap(\.statements).compactMap {
            query in
            // The lint's own reader of statements; what it cannot read `schema generate` refuses anyway.
            guard
                let file = try? LintedFile(
                    path: query.file, text: query.sql, direction: .up, runsInTransaction: true,
                    schema: KnownSchema()),
                file.statements.first?.updatedUserID != nil
            else { return nil }
            let rule = Rule.userIDUpdate
            return Finding(
                file: query.file, line: query.position.line, rule: rule.name,
                message: "\(query.name) changes the user of a row", instead: rule.instead)
        }
    }
}
