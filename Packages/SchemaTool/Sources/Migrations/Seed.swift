import DatabaseClient

/// Fills a migrated database with demonstration data and, on demand, with users for a load test.
///
/// It runs as the owner of the schema, under the lock of the migrations. Each file is one transaction and
/// says when it is done, so that a second run changes nothing and a killed one is gone on with.
public struct Seed: Sendable {
    public struct Options: Sendable {
        /// The day on which the seed's world stands still, `YYYY-MM-DD`. The files ask no clock.
        public var asOf = "2026-11-20"
        /// How many users the load makes, those of earlier runs included; 0 for the demonstration alone.
        public var users = 0
        /// How many transactions the heaviest of them has.
        public var heaviest = 10_000
        /// How many users a transaction of the load makes.
        public var batch = 500
        /// How many connections the load works on.
        public var jobs = 2
        /// Goes past the reasons of `guard.sql`, and past nothing else.
        public var isForced = false

        public init() {}
    }

    /// What a file, or a batch of the load, has come to.
    public struct Step: Sendable, Codable, Hashable {
        public let name: String
        public let rows: Int
        public let milliseconds: Int
        /// True where all of it was in before.
        public let wasDone: Bool
    }

    let connectionString: String
    let migrations: MigrationFolder
    let folder: SeedFolder
    let options: Options
    let progress: @Sendable (String) -> Void

    public init(
        connectionString: String, migrations: MigrationFolder, folder: SeedFolder,
        options: Options = Options(), progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.connectionString = connectionString
        self.migrations = migrations
        self.folder = folder
        self.options = options
        self.progress = progress
    }

    /// Runs what is not in yet. Throws `MigrationError.notSeedable` where the database is not to be seeded.
    @discardableResult
    public func run() async throws -> [Step] {
        try await requireMigrated()
        let session = try await openSession()
        return try await session.closing {
            try await MigrationLock(session: session, deadlineSeconds: 60).acquire(progress)
            try await requireAllowed(session)
            var steps: [Step] = []
            for file in folder.demonstration { steps.append(try await runAlone(file)) }
            let load = options.users > 0 ? try await load() : (steps: [], isPostponed: false)
            steps += load.steps
            guard steps.contains(where: { $0.rows > 0 }) else { return steps }
            progress("Analyzing …")
            try await session.connection.script("ANALYZE")
            if load.isPostponed { try await checkKeys(session) }
            return steps
        }
    }

    private func requireMigrated() async throws {
        let migrator = Migrator(connectionString: connectionString, folder: migrations)
        let waiting = try await migrator.status().filter { $0.state != .applied }
        guard let first = waiting.first else { return }
        throw MigrationError.notSeedable(
            "\(waiting.count) migrations are not in as the folder has them, the first being "
                + "\(first.version)_\(first.name) (\(first.state.rawValue)). Run `schema migrate up` first.")
    }

    /// A database may refuse for good, and no option goes past that; what `guard.sql` says may be overruled.
    private func requireAllowed(_ session: Session) async throws {
        let refused = try await session.text("SELECT coalesce(current_setting('seed.refused', true), '')")
        guard refused.isEmpty else {
            throw MigrationError.notSeedable(
                "This database refuses to be seeded: \(refused) (its setting seed.refused). Nothing was done."
            )
        }
        guard let query = folder.refusals, !options.isForced else { return }
        let reasons = try await session.texts(query.text)
        guard reasons.isEmpty else {
            throw MigrationError.notSeedable(
                (reasons + ["Nothing was done. With --force it is seeded all the same."])
                    .joined(separator: "\n"))
        }
    }

    /// A session of the owner in which the same files give the same rows, whatever the server's own settings.
    func openSession() async throws -> Session {
        let session = try await Session.openAsOwner(connectionString, applicationName: "schema seed")
        do {
            try await session.connection.script(
                """
                SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET synchronous_commit = off; SET jit = off;
                SET work_mem = '128MB';
                SELECT set_config('seed.as_of', \(literal(options.asOf)), false),
                    set_config('seed.heaviest', '\(options.heaviest)', false);
                """)
            if let functions = folder.functions {
                try await naming(functions) { try await session.connection.script(functions.text) }
            }
            return session
        } catch {
            await session.connection.close()
            throw error
        }
    }

    /// On a connection of its own: what a file sets does not reach the next one.
    private func runAlone(_ file: SeedFolder.File) async throws -> Step {
        let session = try await openSession()
        return try await session.closing { try await run(file, session) }
    }

    private func run(_ file: SeedFolder.File, _ session: Session) async throws -> Step {
        let started = ContinuousClock.now
        if let query = file.doneWhen {
            let isDone = try await naming(file) {
                try await session.text("SELECT CASE WHEN (\(query)) THEN 'yes' ELSE 'no' END")
            }
            if isDone == "yes" {
                progress("\(file.name): done before")
                return Step(name: file.name, rows: 0, milliseconds: 0, wasDone: true)
            }
        }
        let rows = try await counting(session) {
            try await naming(file) { try await session.connection.script(file.text) }
        }
        let step = Step(
            name: file.name, rows: rows, milliseconds: milliseconds(since: started), wasDone: false)
        progress("\(step.name): \(step.rows) rows, \(step.milliseconds) ms")
        return step
    }

    /// Runs `body` in a transaction, and gives how many rows it has written.
    func counting(_ session: Session, _ body: () async throws -> Void) async throws -> Int {
        var rows = 0
        try await session.inTransaction {
            // The counters may still hold what transactions before have written.
            let before = try await rowsWritten(session)
            try await body()
            rows = try await rowsWritten(session) - before
        }
        return rows
    }

    /// Without what went into temporary tables.
    private func rowsWritten(_ session: Session) async throws -> Int {
        let written = try await session.text(
            """
            SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::text
            FROM pg_catalog.pg_stat_xact_user_tables WHERE schemaname !~ '^pg_temp'
            """)
        return Int(written) ?? 0
    }

    /// Runs `body`; what PostgreSQL refuses of it is told with its place in the file.
    func naming<T>(_ file: SeedFolder.File, _ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let error as DatabaseError {
            throw MigrationError.serverRefused(
                error, file: "\(folder.path)/\(file.name)", text: file.text, offset: nil,
                hint: "Nothing of this file was kept.")
        }
    }
}
