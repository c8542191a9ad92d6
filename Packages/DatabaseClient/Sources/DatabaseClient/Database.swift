import ConnectionPool
public import CoreMetrics
public import Foundation
public import Logging
import Synchronization

/// One PostgreSQL database, as a program uses it.
///
/// Single statements share a few pipelined connections; each transaction has a connection for itself.
/// Connections are opened when first needed and replaced when they break.
public final class Database: QueryExecutor {
    /// Sets the acting user for the row-level policies until the end of the (implicit) transaction.
    static let actAs = Statement(name: "app.actAs", sql: "SELECT app.act_as($1)", access: .read)
    private static let ping = Statement(name: "ping", sql: "SELECT 1", access: .read)

    let configuration: DatabaseConfiguration
    let logger: Logger
    let observer: StatementObserver
    /// Of each thread those that single statements share.
    private let shared: [SharedConnections]
    private let threads: [EpollExecutor]
    private let turn = Turn()
    private let pool: ConnectionPool<DatabaseConnection>

    /// - Parameter metrics: where the metrics go; the bootstrapped backend unless said otherwise.
    public init(
        _ configuration: DatabaseConfiguration, logger: Logger,
        metrics factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.configuration = configuration
        self.logger = logger
        let metrics = DatabaseMetrics(factory: factory, pool: configuration.applicationName)
        observer = StatementObserver(
            slowThreshold: configuration.slowStatementThreshold,
            logsStatements: configuration.logsStatements, logger: logger, metrics: metrics)
        var options = configuration.connectionOptions
        if let metrics { options.onFlight = { metrics.flown() } }
        // No thread without a connection of its own, and no second thread for a handful.
        let count = configuration.maximumConnections < 4 ? 1 : configuration.pipelinedConnections
        threads = Array(configuration.threads.prefix(count))
        let connect: @Sendable (EpollExecutor) async throws -> DatabaseConnection = { [options] executor in
            try await DatabaseMetrics.counting(metrics) {
                try await DatabaseConnection.connect(options, on: executor)
            }
        }
        shared = threads.enumerated().map { [threads, observer] number, thread in
            let connections = configuration.pipelinedConnections
            return SharedConnections(
                on: thread,
                count: connections / threads.count + (number < connections % threads.count ? 1 : 0),
                deadline: configuration.acquireTimeout, observer: observer, logger: logger,
                connect: { try await connect(thread) })
        }
        var poolConfiguration = PoolStateMachine.Configuration()
        poolConfiguration.maximum = configuration.maximumConnections - configuration.pipelinedConnections
        poolConfiguration.acquireTimeout = configuration.acquireTimeout
        // However many of one user's transactions wait for a row, the others' go on.
        poolConfiguration.maximumPerUser = max(1, poolConfiguration.maximum / 2)
        poolConfiguration.queueLimitPerUser = poolConfiguration.queueLimit / 10
        let start = ContinuousClock.now
        let opened = Turn()
        pool = ConnectionPool(
            configuration: poolConfiguration,
            now: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0) },
            observe: { metrics?.show($0) },
            connect: { [threads] in try await connect(threads[opened.next() % threads.count]) },
            close: { await $0.close() })
    }

    /// Refuses new work and closes the connections; transactions under way end first, on their own.
    public func close() async {
        pool.shutDown()
        for connections in shared { await connections.close() }
    }

    /// One round trip; throws where the database cannot be reached.
    public func ping() async throws {
        _ = try await execute(Self.ping, Parameters())
    }

    /// Connections lent to transactions now, and callers that wait for one.
    public var usage: (leased: Int, waiting: Int) {
        let usage = pool.usage
        return (usage.leased, usage.waiting)
    }

    /// Runs a statement as nobody: catalogues and owner functions.
    public func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
        try await run(statement, parameters, as: nil)
    }

    /// Statements run as this user, each with its `act_as` in the same flight.
    public func acting(as user: UUID) -> UserScope { UserScope(database: self, user: user) }

    /// Runs many statements in one flight: one round trip and one implicit transaction, all of them or none.
    /// - Returns: their results in order.
    public func batch(
        _ statements: [(Statement, Parameters)], as user: UUID? = nil
    ) async throws -> [QueryResult] {
        guard let last = statements.last?.0 else { return [] }
        let access: Statement.Access = statements.contains { $0.0.access == .write } ? .write : .read
        let results = try await run(
            statements.map { .execute($0.0, $0.1) }, of: last, access: access, as: user)
        guard results.count >= statements.count else {
            throw DatabaseError.unavailable("\(results.count) results for \(statements.count) statements")
        }
        return Array(results.suffix(statements.count))
    }

    /// Runs one statement.
    nonisolated(nonsending) func run(
        _ statement: Statement, _ parameters: Parameters, as user: UUID?
    ) async throws -> QueryResult {
        try await run(
            [.execute(statement, parameters)], of: statement, access: statement.access, as: user
        ).last.unwrap(statement.name)
    }

    /// Without BEGIN, all up to the Sync is one implicit transaction: the user is set for exactly this.
    private nonisolated(nonsending) func run(
        _ commands: [Command], of statement: Statement, access: Statement.Access, as user: UUID?
    ) async throws -> [QueryResult] {
        let isExplicit = configuration.statementBlock == .explicit && (user != nil || commands.count > 1)
        var all: [Command] = isExplicit ? [.begin("")] : []
        if let user { all.append(.execute(Self.actAs, .user(user))) }
        return try await nearestConnections.run(
            all + commands, of: statement, access: access, commits: isExplicit)
    }

    /// Those of the thread that runs this call; else each thread's in turn.
    private var nearestConnections: SharedConnections {
        guard shared.count > 1 else { return shared[0] }
        return shared[EpollExecutor.current(of: threads) ?? turn.next() % shared.count]
    }

    /// A connection of the pool. One that died while it lay there shows it with the first use.
    /// - Parameter user: whose share it comes out of; nil for work of no user.
    func lease(for user: UUID?) async throws -> ConnectionPool<DatabaseConnection>.Lease {
        do {
            let start = ContinuousClock.now
            let lease = try await pool.acquire(for: user)
            observer.metrics?.acquired(in: .now - start)
            return lease
        } catch let refusal as PoolStateMachine.Refusal {
            switch refusal {
            case .timeout: throw DatabaseError.poolTimeout
            case .queueFull: throw DatabaseError.poolQueueFull
            case .closed: throw DatabaseError.poolClosed
            }
        }
    }

    func release(_ lease: ConnectionPool<DatabaseConnection>.Lease, isReusable: Bool) {
        pool.release(lease, isReusable: isReusable)
    }
}

extension DatabaseError {
    /// "cached plan must not change result type", or a statement of which the server and we disagree whether it
    /// is prepared.
    var wantsFreshPlans: Bool {
        guard case .server(let error) = self else { return false }
        return ["26000", "42P05"].contains(error.sqlState)
            || error.sqlState == "0A000" && error.message.contains("cached plan")
    }
}

/// A database on which every statement runs as one user.
public struct UserScope: QueryExecutor {
    let database: Database
    let user: UUID

    public func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
        try await database.run(statement, parameters, as: user)
    }
}

extension Parameters {
    static func user(_ user: UUID) -> Parameters {
        var parameters = Parameters()
        parameters.append(uuid: user)
        return parameters
    }
}

/// Counts up from 0, for whoever takes turns.
private final class Turn: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).oldValue & .max }
}
