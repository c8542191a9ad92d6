import DatabaseClient
import Foundation

/// Compares a database with what the migrations that ran in it give on a shadow. It only reads the database.
public struct SchemaDrift: Sendable {
    /// What was found.
    public struct Finding: Sendable {
        public let difference: CatalogDifference
        /// The version that the shadow was migrated to; nil when the folder is empty.
        public let version: String?
        /// Migrations of the folder that did not run in the database yet; they are no drift.
        public let pending: [String]
    }

    let connectionString: String
    let folder: MigrationFolder
    let shadowServer: String
    let progress: @Sendable (String) -> Void

    /// - Parameters:
    ///   - connectionString: of one who may read the whole schema, as `grove_owner`.
    ///   - shadowServer: where a scratch database may be made.
    public init(
        connectionString: String, folder: MigrationFolder, shadowServer: String,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.connectionString = connectionString
        self.folder = folder
        self.shadowServer = shadowServer
        self.progress = progress
    }

    /// Throws `MigrationError.historyDiffers` where the folder is not what ran in the database: then there is
    /// nothing to compare with.
    public func find() async throws -> Finding {
        try await withShadow { _, _, finding in finding }
    }

    /// Where `folder` ends for this database: the newest that ran, or all of it where none has.
    private func target() async throws -> (version: String?, pending: [String]) {
        let session = try await Session.open(connectionString, applicationName: "schema drift")
        let (applied, unfinished) = try await session.closing {
            try await session.connection.script("SET default_transaction_read_only = on")
            return (
                try await MigrationHistory(session: session).read(),
                try await MigrationProgress(session: session).read()
            )
        }
        let faults = MigrationHistory.faults(applied: applied, unfinished: unfinished, folder: folder)
        guard faults.isEmpty else { throw MigrationError.historyDiffers(faults: faults) }
        let known = Set(applied.map(\.version))
        let pending = folder.migrations.filter { !known.contains($0.version) }
        guard let last = applied.last else { return (folder.migrations.last?.version, []) }
        return (last.version, pending.map(\.title))
    }

    /// Gives `body` the migrated shadow, the catalog that the database has, and in what they differ.
    func withShadow<T: Sendable>(
        _ body: (ScratchDatabase, [CatalogObject], Finding) async throws -> T
    ) async throws -> T {
        let (version, pending) = try await target()
        let actual = CatalogObject.all(
            in: try await CatalogDump.read(connectionString: connectionString, includingRights: false))
        progress("Migrating the shadow to \(version ?? "nothing") …")
        return try await Migrator.withShadow(of: folder, at: version, server: shadowServer) { shadow in
            let expected = try await catalog(of: shadow)
            let difference = CatalogDifference(expected: expected, actual: actual)
            return try await body(
                shadow, actual, Finding(difference: difference, version: version, pending: pending))
        }
    }

    func catalog(of shadow: ScratchDatabase) async throws -> [CatalogObject] {
        CatalogObject.all(
            in: try await CatalogDump.read(
                connectionString: shadow.connectionString, includingRights: false))
    }
}

extension Migrator {
    /// A scratch database on `server` with the roles and the folder's migrations, up to and with `version`.
    static func withShadow<T: Sendable>(
        of folder: MigrationFolder, at version: String?, server: String,
        _ body: (ScratchDatabase) async throws -> T
    ) async throws -> T {
        try await ScratchDatabase.with(server: server) { shadow in
            try await folder.roles.create(connectionString: shadow.connectionString)
            try await Migrator(connectionString: shadow.connectionString, folder: folder)
                .up(to: version, grants: .leave)
            return try await body(shadow)
        }
    }
}
