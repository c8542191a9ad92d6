public import DatabaseClient

extension DatabaseConfiguration {
    /// Reads all that a deployment decides about the pool of a context's service role: `DATABASE_…`.
    ///
    /// - Parameters:
    ///   - context: "portfolios" for the role `portfolios_service`.
    ///   - name: how the pool calls itself in `pg_stat_activity` and in the metrics, unless the deployment says.
    public init(from settings: inout Settings, context: String, name: String) {
        self.init(
            connectionString: Self.url("DATABASE_URL", role: "\(context)_service", from: &settings),
            maximumConnections: settings.integer("DATABASE_MAX_CONNECTIONS", default: 16, in: 2...1_000),
            pipelinedConnections: settings.integer(
                "DATABASE_PIPELINED_CONNECTIONS", default: Self.standardPipelinedConnections, in: 1...64),
            applicationName: settings.string("DATABASE_APPLICATION_NAME", default: name),
            acquireTimeout: settings.milliseconds("DATABASE_ACQUIRE_TIMEOUT_MILLISECONDS", default: 5_000),
            connectTimeout: settings.milliseconds("DATABASE_CONNECT_TIMEOUT_MILLISECONDS", default: 5_000),
            statementTimeout: settings.milliseconds(
                "DATABASE_STATEMENT_TIMEOUT_MILLISECONDS", default: 30_000),
            pooler: settings.choice(
                "DATABASE_POOLER", default: Pooler.none,
                of: [("none", .none), ("transaction", .transaction)]),
            directConnectionString: settings.optionalString("DATABASE_DIRECT_URL"))
        statementBlock = settings.choice(
            "DATABASE_STATEMENT_BLOCK", default: StatementBlock.implicit,
            of: [("implicit", .implicit), ("explicit", .explicit)])
        slowStatementThreshold = settings.milliseconds(
            "DATABASE_SLOW_STATEMENT_MILLISECONDS", default: 1_000)
        copyTimeout = settings.milliseconds("DATABASE_COPY_TIMEOUT_MILLISECONDS", default: 600_000)
        logsStatements = settings.bool("DATABASE_LOG_STATEMENTS", default: logsStatements)
    }

    /// The same deployment's small pool of the role `<context>_worker`.
    public func worker(from settings: inout Settings, context: String) -> DatabaseConfiguration {
        forWorker(Self.url("WORKER_DATABASE_URL", role: "\(context)_worker", from: &settings))
    }

    /// A small pool of another role that is otherwise configured as this one is: for each consumer one search at a
    /// time, and a few consumers.
    public func forWorker(_ connectionString: String) -> DatabaseConfiguration {
        var worker = self
        worker.connectionString = connectionString
        worker.directConnectionString = connectionString
        worker.maximumConnections = 4
        worker.pipelinedConnections = min(pipelinedConnections, 2)
        return worker
    }

    private static func url(_ key: String, role: String, from settings: inout Settings) -> String {
        let url = settings.string(key, expected: "a PostgreSQL URL like postgresql://\(role)@localhost/grove")
        if !url.isEmpty, !url.hasPrefix("postgres"), !url.contains("=") {
            settings.fault(
                key, url, "a URL that begins with postgresql:// or libpq's key=value pairs", isSecret: true)
        }
        return url
    }
}
