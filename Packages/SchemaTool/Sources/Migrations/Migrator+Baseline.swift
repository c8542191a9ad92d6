import DatabaseClient
import Foundation

extension Migrator {
    /// Records a database that was made by hand, or by another tool, as being at `version`, without running a
    /// file.
    ///
    /// - Parameters:
    ///   - shadowServer: where a scratch database may be made, to see what the files really give.
    ///   - reason: why it is recorded although the catalogs differ; nil refuses then.
    /// - Returns: the files that were recorded.
    /// - Throws: `MigrationError.catalogDiffers` with what differs; nothing is changed then.
    public func baseline(
        _ version: String, shadowServer: String, despite reason: String? = nil
    ) async throws -> [MigrationFile] {
        try requireKnown(version)
        let session = try await Session.openAsOwner(
            connectionString, applicationName: "schema migrate baseline")
        return try await session.closing {
            try await MigrationLock(session: session, deadlineSeconds: patience.lockDeadlineSeconds).acquire(
                progress)
            let applied = try await MigrationHistory(session: session).read()
            let missing = try await unrecorded(applied, upTo: version, session)
            let difference = try await difference(at: version, shadowServer)
            if !difference.isEmpty {
                guard let reason, !reason.isEmpty else {
                    throw MigrationError.catalogDiffers(
                        when: "from what the migrations up to \(version) give",
                        difference: difference.lines.map { "  \($0)" }.joined(separator: "\n")
                            + "\nBring the database there, or choose another version. Nothing was recorded.")
                }
                progress("The catalogs differ; recorded all the same, because: \(reason)")
            }
            let history = MigrationHistory(session: session)
            try await session.inTransaction {
                try await history.bootstrap()
                for migration in missing {
                    try await history.insert(migration, at: Date(), durationMilliseconds: 0)
                }
            }
            return missing
        }
    }

    private func unrecorded(
        _ applied: [AppliedMigration], upTo version: String, _ session: Session
    ) async throws -> [MigrationFile] {
        let unfinished = try await MigrationProgress(session: session).read()
        if let unfinished {
            throw MigrationError.notRepairable(
                "\(unfinished.fileName) was left half-way in this database: see `schema migrate repair` "
                    + "first."
            )
        }
        let faults = MigrationHistory.faults(applied: applied, folder: folder)
        guard faults.isEmpty else { throw MigrationError.historyDiffers(faults: faults) }
        let missing = pending(Set(applied.map(\.version)), to: version)
        guard !missing.isEmpty else {
            throw MigrationError.notRepairable(
                "This database is at \(applied.last?.version ?? version) already: there is nothing to record."
            )
        }
        return missing
    }

    private func difference(at version: String, _ shadowServer: String) async throws -> CatalogDifference {
        let actual = try await CatalogDump.read(connectionString: connectionString, includingRights: false)
        progress("Migrating a shadow to \(version) …")
        return try await Self.withShadow(of: folder, at: version, server: shadowServer) { shadow in
            let expected = try await CatalogDump.read(
                connectionString: shadow.connectionString, includingRights: false)
            return CatalogDifference(
                expected: CatalogObject.all(in: expected), actual: CatalogObject.all(in: actual))
        }
    }
}
