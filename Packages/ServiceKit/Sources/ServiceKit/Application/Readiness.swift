import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import Logging

/// Whether the databases do what every request needs of them.
actor Readiness {
    private let databases: [Database]
    private let deadline: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let logger: Logger
    private var looks = ReadinessLooks()
    private var look: Task<[String], Never>?

    /// Nobody's id: no row is theirs.
    private static let nobody = UUID.lowest

    init(
        databases: [Database], deadline: Duration = .seconds(2),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, logger: Logger
    ) {
        self.databases = databases
        self.deadline = deadline
        self.now = now
        self.logger = logger
    }

    /// What keeps requests from being served, in words; after the deadline at the latest. Whoever asks meanwhile
    /// shares the look.
    func faults() async -> [String] {
        switch looks.ask(at: now()) {
        case .answer(let faults): return faults
        case .join: return await look?.value ?? []
        case .begin:
            let task = Task { await lookInTime() }
            look = task
            return await task.value
        }
    }

    /// The look and the deadline run side by side, and the first to end decides. They are tasks of their own, because
    /// a group would wait for a look that hangs.
    private func lookInTime() async -> [String] {
        let (outcomes, outcome) = AsyncStream.makeStream(of: [String]?.self)
        let look = Task {
            _ = outcome.yield(await Self.faults(of: databases, logger))
        }
        let timer = Task { [deadline] in
            try? await Task.sleep(for: deadline)
            outcome.yield(nil)
        }
        var iterator = outcomes.makeAsyncIterator()
        let first = await iterator.next()
        timer.cancel()
        if let faults = first ?? nil {
            looks.ended(with: faults)
            return faults
        }
        let faults = [Self.silence]
        looks.passedDeadline(with: faults)
        logger.warning("The database has not answered in time whether it is ready.")
        look.cancel()
        Task {
            await look.value
            looks.hangingLookEnded()
        }
        return faults
    }

    private static let silence = "the database does not answer"

    private static func faults(of databases: [Database], _ logger: Logger) async -> [String] {
        await withTaskGroup(of: String?.self) { group in
            for database in databases { group.addTask { await fault(of: database, logger) } }
            var faults: Set<String> = []
            for await case let fault? in group { faults.insert(fault) }
            return faults.sorted()
        }
    }

    /// Runs what every request runs, as it does: the acting user is set, and a statement follows in the same flight.
    private static func fault(of database: Database, _ logger: Logger) async -> String? {
        do {
            let isMigrated = try await database.acting(as: nobody).hasMigration(version: Schema.lastMigration)
            return isMigrated ? nil : "the migration \(Schema.lastMigration) has not run in the database"
        } catch {
            logger.warning("The database is not ready.", metadata: ["error": "\(error)"])
            // What a request would be told is an outage; all else is a schema or rights that do not fit.
            let isOutage = (error as? DatabaseError).flatMap(Problem.init(_:)) != nil
            return isOutage || error is CancellationError
                ? silence : "the database refuses what every request runs"
        }
    }
}
