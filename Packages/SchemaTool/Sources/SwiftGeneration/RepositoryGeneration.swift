import DatabaseClient
import Foundation
import Migrations
import SchemaAnalysis

/// Brings everything that is generated in a repository up to date with its migrations and its statements.
public struct RepositoryGeneration: Sendable {
    /// What was found and what was, or would be, written.
    public struct Outcome: Sendable {
        /// By path.
        public internal(set) var changes: [GeneratedFolder.Change] = []
        /// What people must correct; a module with one of these is left as it is on disk.
        public internal(set) var diagnostics: [Diagnostic] = []
        /// What could be simpler, or is not known; it keeps nothing from being generated.
        public internal(set) var warnings: [Diagnostic] = []
        /// Faults that have no place in a statement file, each in words.
        public internal(set) var faults: [String] = []
        public internal(set) var statementCount = 0

        public var isClean: Bool { diagnostics.isEmpty && faults.isEmpty }
    }

    let repository: String
    let migrations: String
    let only: String?
    let isCheck: Bool
    let progress: @Sendable (String) -> Void

    /// - Parameters:
    ///   - repository: the folder that holds Packages.
    ///   - migrations: the folder of the migration files, relative to the repository.
    ///   - only: one module to write; faults of the others and of later migrations do not stop it.
    ///   - isCheck: compare and write nothing.
    public init(
        repository: String, migrations: String = "migrations", only: String? = nil, isCheck: Bool = false,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.repository = repository
        self.migrations = migrations
        self.only = only
        self.isCheck = isCheck
        self.progress = progress
    }

    /// Works in a scratch database on `server`, which is dropped at the end. Throws where nothing can be said
    /// of any module: no server, a migration that fails (unless one module alone is asked for).
    public func run(server: String) async throws -> Outcome {
        let folder = try MigrationFolder(path: "\(repository)/\(migrations)")
        let (modules, faults) = try Module.discover(repository: repository, roles: folder.roles)
        if let only, !modules.contains(where: { $0.name == only }) {
            throw UnknownModule(name: only, known: modules.map(\.name))
        }
        return try await ScratchDatabase.with(server: server) { database in
            var outcome = Outcome()
            let isMigrated = try await migrate(database, folder, &outcome)
            let connection = try await DatabaseConnection.connect(database.connectionString)
            do {
                let catalog = try await Catalog.read(connection)
                let types = TypeInference(catalog: catalog)
                let nameFaults = SharedTypesSource.faults(types, folder).map { relative($0) }
                outcome.diagnostics += nameFaults
                if nameFaults.isEmpty {
                    try write(
                        .init(
                            repository: repository, path: SharedTypesSource.folder,
                            files: SharedTypesSource.files(types)), &outcome)
                }
                var grants: Grants? = Grants(catalog: catalog, roles: folder.roles)
                let analyzer = StatementAnalyzer(connection: connection, types: types)
                let lastMigration = try await connection.query(
                    "SELECT coalesce(max(version), '') FROM platform.migrations"
                ).one { try $0.text(0) }
                let broken = try await generate(
                    modules, faults, analyzer, lastMigration: lastMigration, &grants, &outcome)
                try await writeMigrationFiles(
                    grants, isMigrated: isMigrated, broken: broken, database, connection, &outcome)
                if isMigrated && only == nil { try writeDistribution(catalog, &outcome) }
                if only == nil { try writeEvents(&outcome) }
            } catch {
                await connection.close()
                throw error
            }
            await connection.close()
            outcome.diagnostics.sort { ($0.file, $0.position) < ($1.file, $1.position) }
            outcome.warnings.sort { ($0.file, $0.position) < ($1.file, $1.position) }
            return outcome
        }
    }

    private func migrate(
        _ database: ScratchDatabase, _ folder: MigrationFolder, _ outcome: inout Outcome
    ) async throws -> Bool {
        progress("Migrating the shadow database …")
        try await folder.roles.create(connectionString: database.connectionString)
        do {
            try await Migrator(connectionString: database.connectionString, folder: folder).up(grants: .leave)
            return true
        } catch let error as MigrationError {
            guard only != nil else { throw error }
            outcome.faults.append("\(error)\nThe shadow stands before this migration; going on without it.")
            return false
        }
    }

    /// Analyses every module, for the grants are everybody's, and writes those that are asked for. Gives the
    /// modules that have a fault; without the rights of every statement there are no grants.
    private func generate(
        _ modules: [Module], _ faults: [Diagnostic], _ analyzer: StatementAnalyzer, lastMigration: String,
        _ grants: inout Grants?, _ outcome: inout Outcome
    ) async throws -> [String] {
        var broken: [String] = []
        // Of names: while SharedTypes is left as it is on disk, so is what stands on it.
        let mayWrite = outcome.diagnostics.isEmpty
        for module in modules {
            let isAsked = only == nil || only == module.name
            var (statements, diagnostics) = try await analyzer.analyse(module)
            var warnings = diagnostics.filter { $0.severity == .warning }
            diagnostics.removeAll { $0.severity == .warning }
            diagnostics += faults.filter { $0.file.hasPrefix("\(module.path)/") }
            if spreadsOverCluster {
                diagnostics += statements.flatMap { statement in
                    statement.clusterFaults.map { statement.query.diagnostic($0) }
                }
            }
            let called = Set(module.calledStatements.map(\.name))
            for statement in statements where called.contains(statement.query.name) {
                if let rights = statement.rights {
                    grants?.add(rights, roles: module.roles(of: statement.query))
                } else {
                    grants = nil
                }
            }
            let source = ModuleSource(
                module: module, statements: statements, sharedNames: SharedTypesSource.names(analyzer.types))
            var (files, ownFaults) = source.files()
            if module.isPlanned { files = [] }
            if module.name == SchemaFactsSource.module {
                files.append(
                    SchemaFactsSource.file(
                        analyzer.types.catalog, lastMigration: lastMigration, folder: source.folder))
            }
            diagnostics += ownFaults
            // Swift is generated before its caller is written: until somebody checks, this is a warning.
            if isCheck {
                diagnostics += module.callerFaults(.error)
            } else {
                warnings += module.callerFaults(.warning)
            }
            if !diagnostics.isEmpty { broken.append(module.name) }
            guard isAsked else { continue }
            progress("\(module.name): \(statements.count) statements, \(diagnostics.count) faults")
            outcome.statementCount += statements.count
            outcome.diagnostics += diagnostics
            outcome.warnings += warnings
            guard diagnostics.isEmpty, mayWrite else { continue }
            try write(.init(repository: repository, path: source.folder, files: files), &outcome)
        }
        return broken
    }

    /// `grants.sql` and `schema.sql`. The grants are tried on the shadow first: what is written does apply.
    private func writeMigrationFiles(
        _ grants: Grants?, isMigrated: Bool, broken: [String], _ database: ScratchDatabase,
        _ connection: DatabaseConnection, _ outcome: inout Outcome
    ) async throws {
        var files: [GeneratedFile] = []
        if isMigrated {
            let schema = try await CatalogDump.schemaFile(connectionString: database.connectionString)
            files.append(GeneratedFile(path: "\(migrations)/schema.sql", text: schema))
        }
        if let grantsText = grants?.file(events: try EventCatalogue(repository: repository)?.rights),
            broken.isEmpty || only != nil
        {
            do {
                try await connection.script("SET ROLE \(Roles.owner); \(grantsText)")
                files.append(GeneratedFile(path: "\(migrations)/grants.sql", text: grantsText))
            } catch let error as DatabaseError {
                outcome.faults.append(
                    "The grants do not apply to the shadow, which is a fault of the tool: \(error)")
            }
        } else if !broken.isEmpty {
            progress(
                "Left grants.sql alone: it needs every statement of \(broken.joined(separator: " and ")).")
        }
        if only != nil && !broken.isEmpty {
            progress("grants.sql lacks the faulty statements of \(broken.joined(separator: " and ")).")
        }
        try write(.init(repository: repository, path: nil, files: files), &outcome)
    }

    /// Whether the repository has a folder for a Citus cluster; then its statements must run there, too.
    private var spreadsOverCluster: Bool {
        FileManager.default.fileExists(atPath: "\(repository)/\(DistributionSource.folder)")
    }

    /// Where the repository has a folder for it.
    private func writeDistribution(_ catalog: Catalog, _ outcome: inout Outcome) throws {
        let source = DistributionSource(catalog: catalog)
        guard spreadsOverCluster else { return }
        outcome.faults += source.faults().map { "Citus would refuse a foreign key: \($0)." }
        let file = GeneratedFile(path: "\(DistributionSource.folder)/distribute.sql", text: source.file())
        try write(.init(repository: repository, path: nil, files: [file]), &outcome)
    }

    /// Where the repository has events.
    private func writeEvents(_ outcome: inout Outcome) throws {
        guard let catalogue = try EventCatalogue(repository: repository) else { return }
        outcome.faults += catalogue.faults
        let file = GeneratedFile(path: EventCatalogue.path, text: catalogue.text)
        try write(.init(repository: repository, path: nil, files: [file]), &outcome)
    }

    /// With its file relative to the repository, as those of statements are.
    private func relative(_ fault: Diagnostic) -> Diagnostic {
        guard fault.file.hasPrefix("\(repository)/") else { return fault }
        return Diagnostic(
            file: String(fault.file.dropFirst(repository.count + 1)), position: fault.position,
            message: fault.message, excerpt: fault.excerpt, hint: fault.hint)
    }

    private func write(_ folder: GeneratedFolder, _ outcome: inout Outcome) throws {
        outcome.changes += isCheck ? folder.changes() : try folder.write()
    }
}
