import DatabaseClient
import Foundation

extension Migrator {
    /// Statement by statement, since PostgreSQL takes several in one message as one transaction.
    ///
    /// Each statement commits with the mark that it has ended. Those that no transaction can hold are marked
    /// before and after, and a runner that finds only the mark before asks the catalog what has become of
    /// them.
    func runWithoutTransaction(
        _ direction: Direction, _ migration: MigrationFile, _ session: Session
    ) async throws {
        let started = ContinuousClock.now
        let isUp = direction == .up
        let statements = try MigrationFile.statements(of: isUp ? migration.up : migration.down)
        let progressTable = MigrationProgress(session: session)
        try await progressTable.begin(migration, isUp: isUp)
        guard let unfinished = try await progressTable.read() else { return }
        if unfinished.doneStatements > 0 {
            progress(
                "\(migration.title): \(unfinished.doneStatements) statements are in; going on from there.")
        }
        for (_, sql) in statements.prefix(unfinished.doneStatements) where Self.isSetting(sql) {
            try await session.connection.script(sql)
        }
        for (index, (offset, sql)) in statements.enumerated().dropFirst(unfinished.doneStatements) {
            let invalidBefore = try await ConcurrentIndex.invalid(session)
            progress(
                "\(migration.title): statement \(index + 1) of \(statements.count), without a transaction …")
            let mark = MigrationProgress.done(statements[...index].map(\.sql))
            do {
                let wasBegun = unfinished.startedStatement == index
                try await run(sql, thatWasBegun: wasBegun, at: index, mark: mark, migration, session)
            } catch let error as DatabaseError {
                let invalid = (try? await ConcurrentIndex.invalid(session)) ?? invalidBefore
                throw failure(
                    error, direction, migration, offset: offset, statementsThatStay: index,
                    invalidIndexes: invalid.filter { !invalidBefore.contains($0) })
            }
        }
        try await session.inTransaction {
            try await session.connection.script("RESET ALL; \(Session.becomeOwnerLocally)")
            try await record(direction, migration, session, started)
            try await session.connection.script(MigrationProgress.end)
        }
    }

    /// What a statement set went with the session of the run that was cut off: it is set again.
    private static func isSetting(_ sql: String) -> Bool {
        let comment = /(?s)\/\*.*?\*\/|--[^\n]*/
        return sql.replacing(comment, with: " ").prefixMatch(
            of: /(?i)\s*(?:(?:SET|RESET)\s|SELECT\s+(?:pg_catalog\s*\.\s*)?set_config\s*\()/) != nil
    }

    /// One statement and its mark: in one transaction, unless PostgreSQL says that it cannot be.
    private func run(
        _ sql: String, thatWasBegun wasBegun: Bool, at index: Int, mark: String, _ migration: MigrationFile,
        _ session: Session
    ) async throws {
        let built = ConcurrentIndex(sql)
        if built == nil {
            do {
                try await retryingLocks(migration) { try await runWithMark(sql, mark: mark, session) }
                return
            } catch let error as DatabaseError where Self.refusesTransaction(error) {}
        }
        if let built, try await isThere(built, wasBegun: wasBegun, migration, session) {
            return try await self.mark(mark, session)
        }
        try await self.mark(MigrationProgress.start(index), session)
        do {
            try await session.connection.script(sql)
        } catch let error as DatabaseError
            where wasBegun && error.sqlState == Self.undefinedObject && ConcurrentIndex.isDrop(sql)
        {
            progress("\(migration.title): the index was already dropped by the runner before.")
        }
        try await self.mark(mark, session)
    }

    private func mark(_ sql: String, _ session: Session) async throws {
        try await session.inTransaction {
            try await session.connection.script(Session.becomeOwnerLocally + sql)
        }
    }

    private static let undefinedObject = "42704"

    /// 25001: the statement cannot run inside a transaction block; 2D000: it commits by itself.
    private static func refusesTransaction(_ error: DatabaseError) -> Bool {
        error.sqlState == "25001" || error.sqlState == "2D000"
    }

    private func runWithMark(_ sql: String, mark: String, _ session: Session) async throws {
        try await session.inTransaction {
            try await session.connection.script(
                "SET LOCAL lock_timeout = '\(patience.lockTimeoutMilliseconds)ms'")
            try await session.connection.script(sql)
            try await session.connection.script(Session.becomeOwnerLocally + mark)
        }
    }

    /// Whether the index of a `CREATE INDEX CONCURRENTLY` is already built by the runner before. An invalid
    /// one that it left is dropped, to be built anew; one that somebody else left is theirs to drop.
    private func isThere(
        _ index: ConcurrentIndex, wasBegun: Bool, _ migration: MigrationFile, _ session: Session
    ) async throws -> Bool {
        guard let found = try await index.find(session) else { return false }
        if found.isValid { return wasBegun }
        guard wasBegun else {
            throw MigrationError.historyDiffers(faults: [
                "The index \(found.name) is there, but invalid: CREATE INDEX CONCURRENTLY by hand, or by "
                    + "another "
                    + "tool, was cut off. It slows writes and serves no read. When nobody is building it "
                    + "(pg_stat_progress_create_index): DROP INDEX CONCURRENTLY \(found.name); and run "
                    + "this again."
            ])
        }
        progress("\(migration.title): dropping the invalid index \(found.name) of a run that was cut off.")
        try await session.connection.script("DROP INDEX CONCURRENTLY \(found.name)")
        return false
    }
}

/// What a `CREATE INDEX CONCURRENTLY` names.
struct ConcurrentIndex {
    let name: String
    let table: String

    /// Nil for any other statement, and for one that leaves the name to PostgreSQL.
    init?(_ sql: String) {
        guard
            let match = sql.prefixMatch(
                of:
                    /(?i)CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?("[^"]+"|\w+)\s+ON\s+(?:ONLY\s+)?((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)/
            )
        else { return nil }
        name = String(match.1)
        table = String(match.2)
    }

    /// The invalid indexes of the database, by their names in SQL.
    static func invalid(_ session: Session) async throws -> [String] {
        try await session.texts(
            """
            SELECT format('%I.%I', namespace.nspname, class.relname)
            FROM pg_catalog.pg_index AS index
            JOIN pg_catalog.pg_class AS class ON class.oid = index.indexrelid
            JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
            WHERE NOT index.indisvalid ORDER BY 1
            """)
    }

    static func isDrop(_ sql: String) -> Bool {
        sql.prefixMatch(of: /(?i)DROP\s+INDEX\s+CONCURRENTLY\s/) != nil
    }

    /// The index as the catalog has it, on this table; nil when there is none.
    func find(_ session: Session) async throws -> (name: String, isValid: Bool)? {
        try await session.connection.query(
            """
            SELECT format('%I.%I', namespace.nspname, class.relname), index.indisvalid
            FROM pg_catalog.pg_index AS index
            JOIN pg_catalog.pg_class AS class ON class.oid = index.indexrelid
            JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
            WHERE index.indrelid = to_regclass(\(literal(table)))
                AND class.relname = (parse_ident(\(literal(name))))[1]
            """
        ).many { (name: try $0.text(0), isValid: try $0.bool(1)) }.first
    }
}
