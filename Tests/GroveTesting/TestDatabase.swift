public import DatabaseClient
public import DatabaseTesting
public import EventLog
public import ExactTypes
import Foundation
public import Logging
import Migrations
public import SharedTypes
import Synchronization

/// A database of one test's own, with Grove's whole schema, roles and grants in it.
public struct TestDatabase: Sendable {
    public let name: String
    /// A direct connection as the superuser, past every policy.
    public let owner: DatabaseConnection
    private let address: @Sendable (_ role: String, _ database: String) -> String
    private let pools: PoolList

    /// A pool under a service's role, as `portfolios_service`; closed with the test.
    ///
    /// - Parameter statementLog: where each statement is logged by its name.
    public func database(
        role: String, maximumConnections: Int = 4, statementLog: Logger? = nil
    ) -> Database {
        var configuration = DatabaseConfiguration(
            connectionString: connectionString(role: role), maximumConnections: maximumConnections,
            pipelinedConnections: 1, applicationName: "test", acquireTimeout: .seconds(30))
        configuration.logsStatements = statementLog != nil
        if CitusCluster.shared != nil { configuration.statementBlock = .explicit }
        let database = Database(configuration, logger: statementLog ?? Logger(label: "test"))
        pools.add(database)
        return database
    }

    /// The log as a context sees it, over pools of its two roles.
    public func events(of context: String) -> EventLog {
        EventLog(
            service: database(role: "\(context)_service"), worker: database(role: "\(context)_worker"),
            logger: Logger(label: "test"))
    }

    public func connectionString(role: String) -> String {
        address(role, name)
    }

    /// Puts a user straight into the table, verified and active, and gives their id.
    public func makeUser(email: String? = nil) async throws -> User.ID {
        let user = User.ID.version7(at: Date())
        var parameters = Parameters()
        parameters.append(uuid: user.uuid)
        parameters.append(text: email ?? "\(user.uuid.uuidString.lowercased())@example.com")
        try await owner.query(
            """
            INSERT INTO users.users (id, email, password_hash, status, email_verified_at, created_at, updated_at)
            VALUES ($1, $2, '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g', 'active', now(), now(), now())
            """, parameters)
        return user
    }

    /// Puts a session of a user straight into the table, and gives its id.
    public func makeSession(of user: User.ID) async throws -> Session.ID {
        let session = Session.ID.version7(at: Date())
        var parameters = Parameters()
        parameters.append(uuid: user.uuid)
        parameters.append(uuid: session.uuid)
        try await owner.query(
            """
            INSERT INTO users.sessions (
                user_id, id, user_agent, address, last_used_at, expires_at, created_at, updated_at)
            VALUES ($1, $2, 'test', '127.0.0.1', now(), now() + interval '90 days', now(), now())
            """, parameters)
        return session
    }

    /// Runs the body with a database that is there.
    fileprivate static func with<T>(
        _ name: String, at address: @escaping @Sendable (_ role: String, _ database: String) -> String,
        _ body: (TestDatabase) async throws -> T
    ) async throws -> T {
        let test = TestDatabase(
            name: name, owner: try await DatabaseConnection.connect(address("postgres", name)),
            address: address, pools: PoolList())
        let result: Result<T, any Error>
        do { result = .success(try await body(test)) } catch { result = .failure(error) }
        await test.pools.closeAll()
        await test.owner.close()
        return try result.get()
    }
}

/// Runs the body with a fresh, migrated database, a copy of a template, and drops it after.
/// - Parameter own: a cluster that other tests leave alone, instead of the one that all share. On a Citus cluster there is
///   one for all.
public func withTestDatabase<T>(
    on own: TestCluster? = nil, _ body: (TestDatabase) async throws -> T
) async throws -> T {
    if let citus = CitusCluster.shared {
        return try await citus.withDatabase { name in
            try await TestDatabase.with(
                name, at: { citus.connectionString(user: $0, database: $1) }, body)
        }
    }
    let cluster = if let own { own } else { try await TestCluster.shared }
    let template = try await cluster.template(named: "grove") { connection in
        let name = try await connection.query("SELECT current_database()::text").one { try $0.text(0) }
        let url = cluster.connectionString(database: name)
        let folder = try Repository.migrations
        try await folder.roles.create(connectionString: url)
        try await Migrator(connectionString: url, folder: folder).up()
    }
    return try await cluster.withDatabase(fromTemplate: template) { name in
        try await TestDatabase.with(name, at: { cluster.connectionString(user: $0, database: $1) }, body)
    }
}

/// The pools that a test has opened, to be closed with it.
private final class PoolList: Sendable {
    private let databases = Mutex<[Database]>([])

    func add(_ database: Database) { databases.withLock { $0.append(database) } }

    func closeAll() async {
        for database in databases.withLock({ $0 }) { await database.close() }
    }
}
