import DatabaseClient
import Foundation

/// Brings a database to a version of the schema, forward or back.
///
/// It connects with a direct connection, not through a pooler, takes the migration lock, and runs each file
/// on a connection of its own, in one transaction with its history row: a runner killed at any point leaves a
/// state to go on from, and nothing that a file sets reaches the next one.
public struct Migrator: Sendable {
    /// How patient the runner is.
    public struct Patience: Sendable {
        /// How long to wait for another runner.
        public var lockDeadlineSeconds = 60
        /// How long one attempt may wait for a table; all who queue behind it wait as long.
        public var lockTimeoutMilliseconds = 2000
        /// How often a file is tried when a table stays locked.
        public var attempts = 8
        /// The wait after the first attempt; it doubles after each, up to 10 s.
        public var backoffMilliseconds = 250
        /// How often a file that takes long says so.
        public var reportMilliseconds = 10_000

        public init() {}
    }

    /// Where a `down` stops.
    public enum Extent: Sendable {
        case steps(Int)
        /// This version stays; everything after it goes.
        case to(String)
        case all
    }

    /// What `up` does with the generated rights of the service roles once the schema is complete.
    public enum Grants: Sendable {
        /// Applies `grants.sql` as it stands: rights that no statement needs any more are taken away.
        case replace
        /// Only adds: services of the version before, still running in a rollout, keep what they use.
        case add
        case leave
    }

    let connectionString: String
    let folder: MigrationFolder
    let patience: Patience
    let progress: @Sendable (String) -> Void

    public init(
        connectionString: String, folder: MigrationFolder, patience: Patience = Patience(),
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.connectionString = connectionString
        self.folder = folder
        self.patience = patience
        self.progress = progress
    }

    /// Runs what is pending, up to and with `version`, and then the grants. Gives the files that ran.
    @discardableResult
    public func up(to version: String? = nil, grants: Grants = .replace) async throws -> [MigrationFile] {
        if let version { try requireKnown(version) }
        return try await withLock(.up) { lock, applied in
            let known = Set(applied.map(\.version))
            let pending = pending(known, to: version)
            for (index, migration) in pending.enumerated() {
                let started = ContinuousClock.now
                progress("[\(index + 1)/\(pending.count)] \(migration.title) …")
                try await runAlone(.up, migration, lock)
                progress(
                    "[\(index + 1)/\(pending.count)] \(migration.title): \(milliseconds(since: started)) ms")
            }
            if pending.isEmpty { progress("Nothing to migrate.") }
            if known.count + pending.count == folder.migrations.count {
                try await apply(grants, lock.session)
            } else {
                progress("Left the grants alone: they belong to the newest version.")
            }
            return pending
        }
    }

    /// Takes back what ran last. Gives the files that were taken back.
    @discardableResult
    public func down(_ extent: Extent) async throws -> [MigrationFile] {
        if case .to(let version) = extent { try requireKnown(version) }
        return try await withLock(.down) { lock, applied in
            let known = Set(applied.map(\.version))
            let newestFirst = folder.migrations.filter { known.contains($0.version) }.reversed()
            let leaving: [MigrationFile]
            switch extent {
            case .steps(let steps): leaving = Array(newestFirst.prefix(steps))
            case .to(let version): leaving = newestFirst.filter { $0.version > version }
            case .all: leaving = Array(newestFirst)
            }
            for migration in leaving {
                if let why = migration.irreversibleReason {
                    throw MigrationError.irreversible(name: migration.title, why: why)
                }
            }
            for (index, migration) in leaving.enumerated() {
                progress("[\(index + 1)/\(leaving.count)] back before \(migration.title) …")
                try await runAlone(.down, migration, lock)
            }
            progress(leaving.isEmpty ? "Nothing to take back." : "Took back \(leaving.count) migrations.")
            return leaving
        }
    }

    func pending(_ known: Set<String>, to version: String?) -> [MigrationFile] {
        folder.migrations.filter { !known.contains($0.version) && $0.version <= version ?? $0.version }
    }

    func requireKnown(_ version: String) throws {
        guard folder.migrations.contains(where: { $0.version == version }) else {
            throw MigrationError.unknownVersion(version)
        }
    }

    /// Becomes the owner, takes the lock, and refuses to go on from a history that the folder contradicts.
    private func withLock<T: Sendable>(
        _ direction: Direction, _ body: (MigrationLock, [AppliedMigration]) async throws -> T
    ) async throws -> T {
        let session = try await Session.openAsOwner(
            connectionString, applicationName: "schema migrate \(direction.rawValue)")
        return try await session.closing {
            let lock = MigrationLock(session: session, deadlineSeconds: patience.lockDeadlineSeconds)
            try await lock.acquire(progress)
            let history = MigrationHistory(session: session)
            try await history.bootstrap()
            let applied = try await history.read()
            let unfinished = try await MigrationProgress(session: session).read()
            let faults = MigrationHistory.faults(
                applied: applied, unfinished: unfinished, folder: folder)
            guard faults.isEmpty else { throw MigrationError.historyDiffers(faults: faults) }
            try requireSameWay(unfinished, direction)
            return try await body(lock, applied)
        }
    }

    /// Runs one file on a connection of its own, with which all ends that the file sets, prepares or leaves: a file has
    /// one result, whether those before it ran in this process or in another.
    private func runAlone(
        _ direction: Direction, _ migration: MigrationFile, _ lock: MigrationLock
    ) async throws {
        let session = try await Session.openAsOwner(
            connectionString, applicationName: "schema migrate \(direction.rawValue)")
        try await session.closing {
            try await lock.share(with: session)
            try await watching(migration, session) { try await run(direction, migration, session) }
        }
    }
}

extension Migrator {
    /// A file that was left half-way on the way down is not gone round on the way up.
    func requireSameWay(_ unfinished: UnfinishedMigration?, _ direction: Direction) throws {
        guard let unfinished, unfinished.isUp != (direction == .up) else { return }
        let way = unfinished.isUp ? "up" : "down"
        throw MigrationError.historyDiffers(faults: [
            "\(unfinished.fileName) runs without a transaction and was left half-way. "
                + "Finish it with `schema migrate \(way)`, or see `schema migrate repair`."
        ])
    }
}

func milliseconds(since start: ContinuousClock.Instant) -> Int {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
}
