import Foundation

/// Proves on a scratch database that every migration can be taken back and made again.
public struct MigrationVerification: Sendable {
    let server: String
    let folder: MigrationFolder
    let progress: @Sendable (String) -> Void

    /// - Parameter server: where a scratch database may be made, and roles.
    public init(
        server: String, folder: MigrationFolder, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.server = server
        self.folder = folder
        self.progress = progress
    }

    /// Each migration up, down and up; then all of them down to nothing and up again. After each way the
    /// catalog, owners and rights included, must be byte for byte what it was. Throws
    /// `MigrationError.catalogDiffers`.
    public func run() async throws {
        try await ScratchDatabase.with(server: server) { database in
            try await folder.roles.create(connectionString: database.connectionString)
            let migrator = Migrator(connectionString: database.connectionString, folder: folder)
            try await migrator.down(.all)
            var before = try await dump(database)
            let nothing = before
            for (index, migration) in folder.migrations.enumerated() {
                progress("[\(index + 1)/\(folder.migrations.count)] \(migration.title): up, down, up")
                try await migrator.up(to: migration.version, grants: .leave)
                let after = try await dump(database)
                if migration.irreversibleReason == nil {
                    try await migrator.down(.steps(1))
                    try compare(before, try await dump(database), "after \(migration.downFileName)")
                    try await migrator.up(to: migration.version, grants: .leave)
                    try compare(after, try await dump(database), "after the second \(migration.upFileName)")
                }
                before = after
            }
            try await verifyWholeWay(migrator, database, nothing: nothing, complete: before)
            if folder.grants != nil {
                progress("Applying the grants.")
                try await migrator.up()
            }
        }
    }

    private func verifyWholeWay(
        _ migrator: Migrator, _ database: ScratchDatabase, nothing: String, complete: String
    ) async throws {
        // What cannot be taken back ends the way down there.
        guard let barrier = folder.migrations.last(where: { $0.irreversibleReason != nil }) else {
            progress("All down to nothing, and up again")
            try await migrator.down(.all)
            try compare(nothing, try await dump(database), "after all migrations were taken back")
            try await migrator.up(grants: .leave)
            return try compare(complete, try await dump(database), "after all migrations ran again")
        }
        progress("All down to \(barrier.title), which is irreversible, and up again")
        try await migrator.down(.to(barrier.version))
        try await migrator.up(grants: .leave)
        try compare(
            complete, try await dump(database), "after the migrations since \(barrier.title) ran again")
    }

    private func dump(_ database: ScratchDatabase) async throws -> String {
        try await CatalogDump.read(connectionString: database.connectionString, includingRights: true)
    }

    private func compare(_ expected: String, _ actual: String, _ when: String) throws {
        guard expected != actual else { return }
        let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let actualLines = actual.split(separator: "\n", omittingEmptySubsequences: false)
        let changes = actualLines.difference(from: expectedLines).prefix(20).map { change in
            switch change {
            case .remove(_, let line, _): "  missing: \(line)"
            case .insert(_, let line, _): "  left over: \(line)"
            }
        }
        throw MigrationError.catalogDiffers(when: when, difference: changes.joined(separator: "\n"))
    }
}
