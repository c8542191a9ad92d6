import DatabaseClient
import Foundation

extension Migrator {
    enum Direction: String, Sendable { case up, down }

    /// Runs one file and writes its history row, again and again while a lock that it needs is held by
    /// others.
    func run(_ direction: Direction, _ migration: MigrationFile, _ session: Session) async throws {
        let isUp = direction == .up
        if isUp ? migration.upRunsWithoutTransaction : migration.downRunsWithoutTransaction {
            try await runWithoutTransaction(direction, migration, session)
            return
        }
        do {
            try await retryingLocks(migration) {
                try await runInTransaction(direction, migration, session)
            }
        } catch let error as DatabaseError {
            throw failure(error, direction, migration, offset: nil)
        }
    }

    /// Runs `body`, which leaves nothing when it fails, again while a table that it needs stays locked.
    func retryingLocks(_ migration: MigrationFile, _ body: () async throws -> Void) async throws {
        var backoff = patience.backoffMilliseconds
        for attempt in 1... {
            do {
                return try await body()
            } catch let error as DatabaseError
                where error.sqlState == Self.lockNotAvailable && attempt < patience.attempts
            {
                progress("\(migration.title): a table is in use; trying again in \(backoff) ms.")
                try await Task.sleep(for: .milliseconds(backoff))
                backoff = min(backoff * 2, 10_000)
            }
        }
    }

    private static let lockNotAvailable = "55P03"

    private func runInTransaction(
        _ direction: Direction, _ migration: MigrationFile, _ session: Session
    ) async throws {
        let started = ContinuousClock.now
        let text = direction == .up ? migration.up : migration.down
        try await session.inTransaction {
            try await session.connection.script(
                "SET LOCAL lock_timeout = '\(patience.lockTimeoutMilliseconds)ms'")
            if try !MigrationFile.statements(of: text).isEmpty { try await session.connection.script(text) }
            try await session.connection.script("RESET ALL; \(Session.becomeOwnerLocally)")
            try await record(direction, migration, session, started)
        }
    }

    func record(
        _ direction: Direction, _ migration: MigrationFile, _ session: Session,
        _ started: ContinuousClock.Instant
    ) async throws {
        let history = MigrationHistory(session: session)
        switch direction {
        case .up:
            try await history.insert(
                migration, at: Date(), durationMilliseconds: milliseconds(since: started))
        case .down:
            try await history.delete(version: migration.version)
        }
    }

    func failure(
        _ error: DatabaseError, _ direction: Direction, _ migration: MigrationFile, offset: Int?,
        statementsThatStay: Int? = nil, invalidIndexes: [String] = []
    ) -> MigrationError {
        let isUp = direction == .up
        let fileName = isUp ? migration.upFileName : migration.downFileName
        var hint: String
        if error.sqlState == Self.lockNotAvailable {
            hint =
                "A table stayed locked through \(patience.attempts) attempts. "
                + "Find the long transaction in pg_stat_activity, or run this later. "
                + (statementsThatStay.map { "The first \($0) statements stay." } ?? "Nothing was changed.")
        } else if let statementsThatStay, statementsThatStay > 0 {
            hint =
                "The file runs without a transaction: its first \(statementsThatStay) statements stay. "
                + "Correct this one, leave those as they are, and run this again: it goes on from here. "
                + "`schema migrate repair` lists the other ways."
        } else {
            hint = "Nothing of this file was kept. Correct it and run this again."
        }
        if !invalidIndexes.isEmpty {
            hint = Self.hint(onInvalid: invalidIndexes, text: isUp ? migration.up : migration.down)
        }
        return .serverRefused(
            error, file: "\(folder.path)/\(fileName)", text: isUp ? migration.up : migration.down,
            offset: offset,
            hint: hint)
    }

    /// What a statement that builds an index concurrently has left, and what becomes of it.
    private static func hint(onInvalid indexes: [String], text: String) -> String {
        let names = indexes.joined(separator: ", ")
        let isNamed = indexes.allSatisfy { name in
            text.contains(name.split(separator: ".").last.map { $0.trimmingCharacters(in: ["\""]) } ?? name)
        }
        let what =
            "It left \(names) behind, which is invalid: it serves no read, slows every write, and where it is "
            + "unique it may still refuse rows. Remove the cause"
        guard !isNamed else {
            return "\(what) and run this again, which drops it and builds it anew; or take it away yourself: "
                + "DROP INDEX CONCURRENTLY \(names);"
        }
        return "\(what), then DROP INDEX CONCURRENTLY \(names); and run this again."
    }

    /// Gives the service roles what their statements need, as `schema generate` found out.
    func apply(_ grants: Grants, _ session: Session) async throws {
        guard let text = folder.grants else { return }
        switch grants {
        case .leave:
            return
        case .replace:
            progress("Applying the grants of the service roles (\(MigrationFolder.grantsFileName)).")
        case .add:
            progress(
                "Adding the grants of the service roles; run `schema migrate up` again after the rollout.")
        }
        do {
            guard grants == .add else { return try await session.connection.script(text) }
            // The functions that say whose which events are take nothing away then.
            try await session.connection.script("SET grove.grants = 'add'")
            for (_, sql) in try MigrationFile.statements(of: text) where MigrationFolder.addsRights(sql) {
                try await session.connection.script(sql)
            }
            try await session.connection.script("RESET grove.grants")
        } catch let error as DatabaseError {
            throw MigrationError.serverRefused(
                error, file: "\(folder.path)/\(MigrationFolder.grantsFileName)", text: text, offset: nil,
                hint:
                    "The migrations are in; grants.sql does not fit. Run `schema generate`, `schema roles` "
                    + "where a role is missing, and this again.")
        }
    }
}

extension MigrationError {
    /// PostgreSQL's refusal, with the place in the file where it has named one. `offset` is where in the file
    /// the statement begins, when it was sent alone.
    static func serverRefused(
        _ error: DatabaseError, file: String, text: String, offset: Int?, hint: String
    ) -> MigrationError {
        guard case .server(let server) = error else {
            return .failed(
                place: file, message: "\(error)", excerpt: "",
                hint: "Run `schema migrate status` to see what is in, and then this again.")
        }
        let message =
            "\(server.message) (SQLSTATE \(server.sqlState))" + (server.hint.map { "\n\($0)" } ?? "")
        guard let position = server.position ?? offset.map({ _ in 1 }) else {
            return .failed(place: file, message: message, excerpt: "", hint: hint)
        }
        let place = SourcePosition(of: (offset ?? 0) + position - 1, in: Array(text.unicodeScalars))
        return .failed(
            place: "\(file):\(place.line):\(place.column)", message: message,
            excerpt: Migrations.excerpt(of: text, at: place), hint: hint)
    }
}
