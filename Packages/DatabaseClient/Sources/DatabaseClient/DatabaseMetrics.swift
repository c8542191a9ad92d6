import ConnectionPool
import CoreMetrics
import Synchronization

/// What a ``Database`` counts, in swift-metrics' terms. Where no backend was bootstrapped nothing is done at all.
///
/// | name | kind | dimensions |
/// |---|---|---|
/// | `db_query_duration` | timer | `statement`, `outcome`: ok, error, unavailable, unknown or cancelled |
/// | `db_outcome_unknown` | counter | `statement` |
/// | `db_retries` | counter | `pool`, `reason`: unavailable, stale_plan, connection or serialization |
/// | `db_connects` | counter | `pool`, `outcome`: opened or failed |
/// | `db_pool_acquire_duration` | timer | `pool` |
/// | `db_pool_leased`, `db_pool_idle`, `db_pool_waiting` | gauge, every 50 ms | `pool` |
///
/// `pool` is the configured application name. A statement is known by its name, never by a value.
final class DatabaseMetrics: Sendable {
    enum Outcome: String, CaseIterable {
        case ok, error, unavailable, unknown, cancelled

        init(_ error: (any Error)?) {
            self =
                switch error {
                case nil: .ok
                case DatabaseError.outcomeUnknown?: .unknown
                case DatabaseError.unavailable?, DatabaseError.poolTimeout?, DatabaseError.poolClosed?,
                    DatabaseError.poolQueueFull?:
                    .unavailable
                case is CancellationError: .cancelled
                default: .error
                }
        }
    }

    enum Retry: String {
        case unavailable, connection, serialization
        case stalePlan = "stale_plan"
    }

    private struct QueryKey: Hashable {
        let statement: String
        let outcome: Outcome
    }

    private let factory: any MetricsFactory
    private let pool: [(String, String)]
    private let leased, idle, waiting: Meter
    private let acquiring: Timer
    private let opened, failed, flights: Counter
    /// One for each statement and outcome that was met: finite, since the statements are.
    private let queries = Mutex<[QueryKey: Timer]>([:])

    /// - Returns: nil where `factory` would drop it all.
    init?(factory: any MetricsFactory, pool name: String) {
        guard !(factory is NOOPMetricsHandler) else { return nil }
        self.factory = factory
        pool = [("pool", name)]
        leased = Meter(label: "db_pool_leased", dimensions: pool, factory: factory)
        idle = Meter(label: "db_pool_idle", dimensions: pool, factory: factory)
        waiting = Meter(label: "db_pool_waiting", dimensions: pool, factory: factory)
        acquiring = Timer(label: "db_pool_acquire_duration", dimensions: pool, factory: factory)
        let connects = "db_connects"
        opened = Counter(label: connects, dimensions: pool + [("outcome", "opened")], factory: factory)
        flights = Counter(label: "db_flights", dimensions: pool, factory: factory)
        failed = Counter(label: connects, dimensions: pool + [("outcome", "failed")], factory: factory)
    }

    func show(_ usage: PoolUsage) {
        leased.set(usage.leased)
        idle.set(usage.idle)
        waiting.set(usage.waiting)
    }

    /// Something was sent on a connection on which nothing was under way.
    func flown() { flights.increment() }

    func acquired(in time: Duration) { acquiring.recordNanoseconds(time.nanoseconds) }

    func ended(_ statement: String, in time: Duration, _ error: (any Error)?) {
        let key = QueryKey(statement: statement, outcome: Outcome(error))
        let timer = queries.withLock { queries in
            if let timer = queries[key] { return timer }
            let timer = Timer(
                label: "db_query_duration",
                dimensions: [("statement", statement), ("outcome", key.outcome.rawValue)], factory: factory)
            queries[key] = timer
            return timer
        }
        timer.recordNanoseconds(time.nanoseconds)
        if key.outcome == .unknown { outcomeIsUnknown(statement) }
    }

    func outcomeIsUnknown(_ statement: String) {
        let dimensions = [("statement", statement)]
        Counter(label: "db_outcome_unknown", dimensions: dimensions, factory: factory).increment()
    }

    func retried(_ reason: Retry) {
        let dimensions = pool + [("reason", reason.rawValue)]
        Counter(label: "db_retries", dimensions: dimensions, factory: factory).increment()
    }

    /// Counts an attempt to connect.
    static func counting<T>(_ metrics: DatabaseMetrics?, _ connect: () async throws -> T) async throws -> T {
        do {
            let connection = try await connect()
            metrics?.opened.increment()
            return connection
        } catch {
            metrics?.failed.increment()
            throw error
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
