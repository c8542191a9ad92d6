public import DatabaseClient
public import Logging
public import PeriodicWork

/// Removes the kept answers that have expired, of users too who do not come again: every few minutes, in small
/// transactions.
///
/// Every process may run it; two that meet pass over each other's rows. No role sees the rows of all users, so a
/// function of the owner removes them.
public struct IdempotencyRetention: Sendable {
    private let worker: Database
    private let interval: Duration
    private let logger: Logger

    private static let rowsAtOnce = 500

    /// - Parameter worker: under the worker role, which finds work across users.
    public init(worker: Database, interval: Duration = .seconds(600), logger: Logger) {
        self.worker = worker
        self.interval = interval
        self.logger = logger
    }

    /// Removes until the service shuts down.
    public var service: PeriodicService {
        PeriodicService("idempotency_retention", every: interval, waitsFirst: true, logger: logger) {
            _ = try await removeExpired()
            return .done
        }
    }

    /// Removes all that has expired by now; gives how many.
    func removeExpired() async throws -> Int {
        var total = 0
        while true {
            let removed = try await worker.removeExpiredIdempotencyKeys(rowLimit: Self.rowsAtOnce)
            total += removed
            guard removed == Self.rowsAtOnce else { return total }
        }
    }
}
