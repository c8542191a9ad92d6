import ConnectionPool
public import Foundation
public import Logging

/// A program's door to one PostgreSQL database.
///
/// Single statements share one or two pipelined connections; each transaction has a connection for itself.
/// Connections are opened when first needed and replaced when they break.
public final class Database: QueryExecutor {
    /// Sets the acting user for the row-level policies until the end of the (implicit) transaction.
    static let actAs = Statement(name: "app.actAs", sql: "SELECT app.act_as($1)", access: .read)

    let configuration: DatabaseConfiguration
    let logger: Logger
    let slow: SlowStatements
    private let shared: SharedConnections
    private let pool: ConnectionPool<DatabaseConnection>

    public init(_ configuration: DatabaseConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        slow = SlowStatements(threshold: configuration.slowStatementThreshold, logger: logger)
        let options = configuration.connectionOptions
        shared = SharedConnections(
            count: configuration.pipelinedConnections, options: options,
            deadline: configuration.acquireTimeout, slow: slow, logger: logger)
        var poolConfiguration = PoolStateMachine.Configuration()
        poolConfiguration.maximum = configuration.maximumConnections - configuration.pipelinedConnections
        poolConfiguration.acquireTimeout = configuration.acquireTimeout
        let start = ContinuousClock.now
        pool = ConnectionPool(
            configuration: poolConfiguration,
            now: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0) },
            connect: { try await DatabaseConnection.connect(options) },
            close: { await $0.close() })
    }

    /// Refuses new work and closes the connections; transactions under way end first, on their own.
    public func close() async {
        pool.shutDown()
        await shared.close()
    }

    /// One round trip; throws where the database cannot be reached.
    public func ping() async throws {
        _ = try await run([.unnamed("SELECT 1", Parameters())], access: .read)
    }

    /// Connections lent to transactions now, and callers that wait for one.
    public var usage: (leased: Int, waiting: Int) { pool.usage }

    /// Runs a statement as nobody: catalogues and owner functions.
    public func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
        try await run([.execute(statement, parameters)], access: statement.access)
    }

    /// Statements run as this user, each with its `act_as` in the same flight.
    public func acting(as user: UUID) -> UserScope { UserScope(database: self, user: user) }

    /// Runs many statements in one flight: one round trip and one implicit transaction, all of them or none.
    /// - Returns: their results in order.
    public func batch(
        _ statements: [(Statement, Parameters)], as user: UUID? = nil
    ) async throws -> [QueryResult] {
        guard !statements.isEmpty else { return [] }
        let access: Statement.Access = statements.contains { $0.0.access == .write } ? .write : .read
        var commands: [Command] = statements.map { .execute($0.0, $0.1) }
        if let user { commands.insert(.execute(Self.actAs, .user(user)), at: 0) }
        let results = try await shared.run(commands, access: access)
        guard results.count == commands.count else {
            throw DatabaseError.unavailable("\(results.count) results for \(commands.count) statements")
        }
        return Array(results.suffix(statements.count))
    }

    func run(_ commands: [Command], access: Statement.Access) async throws -> QueryResult {
        try await shared.run(commands, access: access).last.unwrap(commands.last?.statementName ?? "")
    }

    func lease() async throws -> ConnectionPool<DatabaseConnection>.Lease {
        while true {
            do {
                let lease = try await pool.acquire()
                if await lease.connection.isIdle { return lease }
                // It died while it lay in the pool.
                pool.release(lease, isReusable: false)
            } catch let refusal as PoolStateMachine.Refusal {
                switch refusal {
                case .timeout: throw DatabaseError.poolTimeout
                case .queueFull: throw DatabaseError.poolQueueFull
                case .closed: throw DatabaseError.poolClosed
                }
            }
        }
    }

    func release(_ lease: ConnectionPool<DatabaseConnection>.Lease) async {
        // No SQL on return: what libpq knows of the session's state decides.
        pool.release(lease, isReusable: await lease.connection.isIdle)
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
        // Without BEGIN, all up to the Sync is one implicit transaction: the setting holds for exactly this.
        try await database.run(
            [.execute(Database.actAs, .user(user)), .execute(statement, parameters)], access: statement.access
        )
    }
}

extension Parameters {
    static func user(_ user: UUID) -> Parameters {
        var parameters = Parameters()
        parameters.append(uuid: user)
        return parameters
    }
}
