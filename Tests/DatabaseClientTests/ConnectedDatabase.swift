import CoreMetrics
import DatabaseClient
import DatabaseTesting
import Logging

/// A database of its own with `app.act_as`, a pool on it, and a direct connection beside it.
func withDatabase(
    maximumConnections: Int = 6, acquireTimeout: Duration = .seconds(20),
    metrics: any MetricsFactory = MetricsSystem.factory, statementBlock: StatementBlock = .implicit,
    _ body: (Database, DatabaseConnection) async throws -> Void
) async throws {
    try await withConnection { connection, url in
        try await connection.script(
            """
            CREATE SCHEMA app;
            CREATE FUNCTION app.act_as(uuid) RETURNS void LANGUAGE plpgsql
            AS $$ BEGIN EXECUTE format('SET LOCAL app.user_id = %L', $1); END $$;
            """)
        var configuration = DatabaseConfiguration(
            connectionString: url, maximumConnections: maximumConnections, pipelinedConnections: 2,
            applicationName: "under test", acquireTimeout: acquireTimeout)
        configuration.statementBlock = statementBlock
        let database = Database(configuration, logger: Logger(label: "test"), metrics: metrics)
        do {
            try await body(database, connection)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

func withConnection(_ body: (DatabaseConnection) async throws -> Void) async throws {
    try await withConnection { connection, _ in try await body(connection) }
}

private func withConnection(_ body: (DatabaseConnection, String) async throws -> Void) async throws {
    let cluster = try await TestCluster.shared
    let template = try await cluster.template(named: "empty") { _ in }
    try await cluster.withDatabase(fromTemplate: template) { name in
        let url = cluster.connectionString(database: name)
        let connection = try await DatabaseConnection.connect(url)
        try await body(connection, url)
        await connection.close()
    }
}

/// Ends every other session of this database, as an operator or a restart would.
func terminateOthers(_ connection: DatabaseConnection) async throws {
    try await connection.query(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()
        """)
}

/// Waits until a query about this database's sessions gives a row.
func waitUntil(_ connection: DatabaseConnection, _ query: String) async throws {
    for _ in 0..<400 {
        if try await connection.query("\(query) AND datname = current_database()").rowCount > 0 { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw CancellationError()
}
