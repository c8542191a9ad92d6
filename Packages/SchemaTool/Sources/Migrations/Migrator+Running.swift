import DatabaseClient
import Foundation

extension Migrator {
    enum Direction: Sendable { case up, down }

    /// Runs one file and writes its history row, again and again while a lock that it needs is held by
    /// others.
    func run(_ direction: Direction, _ migration: MigrationFile, _ session: Session) async throws {
        let isUp = direction == .up
        if isUp ? migration.upRunsWithoutTransaction : migration.downRunsWithoutTransaction {
            try await runWithoutTransaction(direction, migration, session)
            return
        }
        var backoff = patience.backoffMilliseconds
        for attempt in 1... {
            do {
                try await runInTransaction(direction, migration, session)
                return
            } catch let error as DatabaseError where error.sqlState == Self.lockNotAvailable {
                guard attempt < patience.attempts else {
                    throw failure(error, direction, migration, offset: nil)
                }
                progress("\(migration.title): a table is in use; trying again in \(backoff) ms.")
                try await Task.sleep(for: .milliseconds(backoff))
                backoff = min(backoff * 2, 10_000)
            } catch let error as DatabaseError {
                throw failure(error, direction, migration, offset: nil)
            }
        }
    }

    private static let lockNotAvailable = "55P03"

    private func runInTransaction(
        _ direction: Direction, _ migration: MigrationFile, _ session: Session
    ) async throws {
        let started = ContinuousClock.now
        let text = direction == .up ? migration.up : migration.down
        try await session.connection.script("BEGIN")
        do {
            try await session.connection.script(
                "SET LOCAL lock_timeout = '\(patience.lockTimeoutMilliseconds)ms'")
            if try !MigrationFile.statements(of: text).isEmpty { try await session.connection.script(text) }
            try await record(direction, migration, session, started)
            try await session.connection.script("COMMIT")
        } catch {
            // After a lost connection this fails as well; the first error is the one that tells.
            try? await session.connection.script("ROLLBACK")
            throw error
        }
    }

    /// Statement by statement, since PostgreSQL takes several in one message as one transaction.
    private func runWithoutTransaction(
        _ direction: Direction, _ migration: MigrationFile, _ session: Session
    ) async throws {
        let started = ContinuousClock.now
        let statements = try MigrationFile.statements(of: direction == .up ? migration.up : migration.down)
        for (index, (offset, sql)) in statements.enumerated() {
            progress(
                "\(migration.title): statement \(index + 1) of \(statements.count), without a transaction …")
            do {
                try await session.connection.script(sql)
            } catch let error as DatabaseError {
                throw failure(error, direction, migration, offset: offset, statementsThatStay: index)
            }
        }
        try await record(direction, migration, session, started)
    }

    private func record(
        _ direction: Direction, _ migration: MigrationFile, _ session: Session,
        _ started: ContinuousClock.Instant
    ) async throws {
        let history = MigrationHistory(session: session)
        switch direction {
        case .up:
            try await history.insert(
                migration, at: Date(), durationMilliseconds: milliseconds(since: started))
        case .down:
            try await history.delete(migration)
        }
    }

    private func failure(
        _ error: DatabaseError, _ direction: Direction, _ migration: MigrationFile, offset: Int?,
        statementsThatStay: Int? = nil
    ) -> MigrationError {
        let isUp = direction == .up
        let fileName = isUp ? migration.upFileName : migration.downFileName
        let hint: String
        if error.sqlState == Self.lockNotAvailable {
            hint =
                "A table stayed locked through \(patience.attempts) attempts. "
                + "Find the long transaction in pg_stat_activity, or run this later. Nothing was changed."
        } else if let statementsThatStay, statementsThatStay > 0 {
            hint =
                "The file runs without a transaction: its first \(statementsThatStay) statements stay. "
                + "Write them so that they may run twice (IF NOT EXISTS), correct the file, run this again."
        } else {
            hint = "Nothing of this file was kept. Correct it and run this again."
        }
        return .serverRefused(
            error, file: "\(folder.path)/\(fileName)", text: isUp ? migration.up : migration.down,
            offset: offset,
            hint: hint)
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
            for (_, sql) in try MigrationFile.statements(of: text) where sql.hasPrefix("GRANT") {
                try await session.connection.script(sql)
            }
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
