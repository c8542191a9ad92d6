/// What stands between a program and PostgreSQL.
public enum Pooler: String, Sendable {
    /// Nothing, or a pooler that gives each client a server session of its own.
    case none
    /// PgBouncer in transaction mode or RDS Proxy: each transaction may meet another session, so statements are
    /// not prepared under a name, and no session setting is made: `statement_timeout` is then the role's or the
    /// database's to set.
    case transaction
}

/// How a statement travels that stands for itself, with the user whom it acts as.
public enum StatementBlock: String, Sendable {
    /// What comes up to one Sync is a transaction already: the cheapest, and all that PostgreSQL itself needs.
    case implicit
    /// BEGIN, the user, the statement, a Sync, COMMIT, a Sync, in one piece: for engines that set a user for a
    /// transaction only within a block, as Citus.
    case explicit
}

/// Who a connection logs in as.
public struct Credentials: Sendable {
    public var user: String
    public var password: String

    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

/// How a program talks to its database.
public struct DatabaseConfiguration: Sendable {
    /// A `postgresql://` URL or libpq's `key=value` form.
    public var connectionString: String
    /// Shown in `pg_stat_activity`.
    public var applicationName: String
    /// All connections of this process together: the pipelined ones and those for transactions.
    public var maximumConnections: Int
    /// Connections that single statements share; the README has what one of them carries.
    public var pipelinedConnections: Int
    /// How long a caller waits for a connection, which bounds a reconnect too.
    public var acquireTimeout: Duration
    public var connectTimeout: Duration
    /// PostgreSQL's `statement_timeout`; half as much again, and a silent server is given up.
    public var statementTimeout: Duration
    public var pooler: Pooler
    public var statementBlock = StatementBlock.implicit
    /// Past the pooler, straight to PostgreSQL: LISTEN needs a session of its own.
    public var directConnectionString: String
    /// Asked at each connect, for passwords that change or expire; it wins over the connection string. What it
    /// throws is not repeated in errors, save for its type.
    public var credentials: (@Sendable () async throws -> Credentials)?
    /// A statement that takes this long or longer is logged as a warning, by its name.
    public var slowStatementThreshold: Duration = .seconds(1)
    /// Whether each statement is logged at info: its name, how long it took and how it ended, and no value.
    public var logsStatements = false
    /// How long a COPY as a whole, and one piece of a stream, may take unless the caller says otherwise; the
    /// `statementTimeout` is for statements that somebody waits for.
    public var copyTimeout: Duration = .seconds(600)
    var resolver = HostResolver.system
    /// The threads that its connections are divided among.
    var threads = EpollExecutor.all

    /// A connection for each of the client's threads, and two at least.
    public static let standardPipelinedConnections = max(2, EpollExecutor.all.count)

    public init(
        connectionString: String, maximumConnections: Int = 16,
        pipelinedConnections: Int = standardPipelinedConnections,
        applicationName: String = "grove", acquireTimeout: Duration = .seconds(5),
        connectTimeout: Duration = .seconds(5), statementTimeout: Duration = .seconds(30),
        pooler: Pooler = .none, directConnectionString: String? = nil
    ) {
        self.pooler = pooler
        self.directConnectionString = directConnectionString ?? connectionString
        self.connectionString = connectionString
        self.maximumConnections = max(2, maximumConnections)
        self.pipelinedConnections = max(1, min(pipelinedConnections, maximumConnections - 1))
        self.applicationName = applicationName
        self.acquireTimeout = acquireTimeout
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
    }

    /// For a connection past the pooler.
    var directOptions: ConnectionOptions {
        var direct = self
        direct.pooler = .none
        direct.connectionString = directConnectionString
        return direct.connectionOptions
    }

    var connectionOptions: ConnectionOptions {
        var options = ConnectionOptions(connectionString: connectionString)
        options.applicationName = applicationName
        options.credentials = credentials
        options.resolver = resolver
        options.limits.connect = connectTimeout
        options.limits.answer = statementTimeout + statementTimeout / 2
        options.preparesStatements = pooler == .none
        // PgBouncer refuses a connection that gives `options`.
        guard pooler == .none else { return options }
        let milliseconds = Int(statementTimeout / .milliseconds(1))
        options.settings = [
            ("statement_timeout", "\(milliseconds)"),
            ("idle_in_transaction_session_timeout", "\(milliseconds * 2)"),
            ("TimeZone", "UTC"),
        ]
        return options
    }
}
