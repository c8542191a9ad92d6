/// How a program talks to its database.
public struct DatabaseConfiguration: Sendable {
    /// A `postgresql://` URL or libpq's `key=value` form.
    public var connectionString: String
    /// Shown in `pg_stat_activity`.
    public var applicationName: String
    /// All connections of this process together: the pipelined ones and those for transactions.
    public var maximumConnections: Int
    /// Connections that single statements share; 1 or 2 are enough (notes: performance).
    public var pipelinedConnections: Int
    /// How long a caller waits for a connection, which bounds a reconnect too.
    public var acquireTimeout: Duration
    public var connectTimeout: Duration
    /// PostgreSQL's `statement_timeout`; half as much again, and a silent server is given up.
    public var statementTimeout: Duration

    public init(
        connectionString: String, maximumConnections: Int = 16, pipelinedConnections: Int = 2,
        applicationName: String = "grove", acquireTimeout: Duration = .seconds(5),
        connectTimeout: Duration = .seconds(5), statementTimeout: Duration = .seconds(30)
    ) {
        self.connectionString = connectionString
        self.maximumConnections = max(2, maximumConnections)
        self.pipelinedConnections = max(1, min(pipelinedConnections, maximumConnections - 1))
        self.applicationName = applicationName
        self.acquireTimeout = acquireTimeout
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
    }

    var connectionOptions: ConnectionOptions {
        var options = ConnectionOptions(connectionString: connectionString)
        options.applicationName = applicationName
        options.limits.connect = connectTimeout
        options.limits.answer = statementTimeout + statementTimeout / 2
        let milliseconds = Int(statementTimeout / .milliseconds(1))
        options.settings = [
            ("statement_timeout", "\(milliseconds)"),
            ("idle_in_transaction_session_timeout", "\(milliseconds * 2)"),
            ("TimeZone", "UTC"),
        ]
        return options
    }
}
