import DatabaseClient

extension Migrator {
    /// The SQL that `up` would run now, as text for a person to read. Changes nothing and takes no lock, so
    /// another runner may be at work meanwhile.
    ///
    /// - Throws: `MigrationError.historyDiffers` where `up` would refuse.
    public func dryRun(to version: String? = nil, grants: Grants = .replace) async throws -> String {
        if let version { try requireKnown(version) }
        let session = try await Session.openAsOwner(
            connectionString, applicationName: "schema migrate up --dry-run")
        let (applied, unfinished) = try await session.closing {
            try await session.connection.script("SET default_transaction_read_only = on")
            return (
                try await MigrationHistory(session: session).read(),
                try await MigrationProgress(session: session).read()
            )
        }
        let faults = MigrationHistory.faults(applied: applied, unfinished: unfinished, folder: folder)
        guard faults.isEmpty else { throw MigrationError.historyDiffers(faults: faults) }
        try requireSameWay(unfinished, .up)
        let known = Set(applied.map(\.version))
        let pending = pending(known, to: version)
        var parts = try pending.map { try preview($0, unfinished) }
        if pending.isEmpty { parts.append("-- Nothing to migrate.\n") }
        if known.count + pending.count == folder.migrations.count {
            parts += try preview(grants).map { [$0] } ?? []
        } else {
            parts.append("-- The grants are left alone: they belong to the newest version.\n")
        }
        return parts.joined(separator: "\n")
    }

    private func preview(_ migration: MigrationFile, _ unfinished: UnfinishedMigration?) throws -> String {
        let text = migration.up.hasSuffix("\n") ? migration.up : migration.up + "\n"
        guard migration.upRunsWithoutTransaction else {
            return """
                -- \(migration.upFileName): on a connection of its own, in one transaction, with its row in platform.migrations
                BEGIN;
                SET LOCAL lock_timeout = '\(patience.lockTimeoutMilliseconds)ms';
                \(text)COMMIT;

                """
        }
        let statements = try MigrationFile.statements(of: migration.up)
        var heading =
            "-- \(migration.upFileName): on a connection of its own, without a transaction, \(statements.count) statements, each by "
            + "itself\n"
        if let unfinished, unfinished.version == migration.version, unfinished.doneStatements > 0 {
            heading += "-- The first \(unfinished.doneStatements) are in already and are not run again.\n"
        }
        return heading + text
    }

    private func preview(_ grants: Grants) throws -> String? {
        guard let text = folder.grants else { return nil }
        switch grants {
        case .leave:
            return nil
        case .replace:
            return "-- \(MigrationFolder.grantsFileName): the grants of the service roles\n\(text)"
        case .add:
            let added = try MigrationFile.statements(of: text).map(\.sql).filter(MigrationFolder.addsRights)
            return "-- \(MigrationFolder.grantsFileName): only what it adds\n"
                + added.map { "\($0);\n" }.joined()
        }
    }
}
