public import DatabaseClient
import Foundation
public import Logging

/// What every service is configured by. The package's README has the table of keys.
public struct ServiceConfiguration: Sendable {
    /// The form of the log.
    public enum LogFormat: String, Sendable, CaseIterable {
        case json
        case text
    }

    /// The address that the server binds to.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose one.
    public var port = 8080
    /// Where probes and metrics are served, apart from what clients reach; nil serves them on `port`.
    public var managementPort: Int?
    /// The pool of the service's own role.
    public var database = DatabaseConfiguration(connectionString: "")
    /// The pool of the service's worker role, which finds work across users.
    public var worker = DatabaseConfiguration(connectionString: "")
    /// The least level that is logged.
    public var logLevel = Logger.Level.info
    /// JSON lines or text.
    public var logFormat = LogFormat.json
    /// Where the JWKS of Users is fetched, for a service that does not issue tokens itself.
    public var keysURL: String?
    /// Where the fetched JWKS is kept, so that the service restarts while Users is down.
    public var keysCacheFile: String?
    /// The `iss` of access tokens.
    public var tokenIssuer = "grove"
    /// The `aud` of access tokens.
    public var tokenAudience = "grove"
    /// The origins that browsers may call from; "*" alone means all.
    public var corsOrigins: [String] = []
    /// For so long the event log is kept, at least.
    public var eventRetentionDays = 30
    /// How many long calculations run at once in the process.
    public var heavyWorkThreads = HeavyWork.defaultThreads
    /// The limits on requests.
    public var limits = ServiceLimits.standard
    /// How long the service, no longer ready, goes on as before after SIGTERM, so that balancers look
    /// elsewhere; and how long a connection without a request stays open after that. 0 ends at once.
    public var drainDelaySeconds = 1
    /// How long requests that run may take after that.
    public var drainSeconds = 25

    /// The defaults, for tests and for the dev server, which sets the rest in code.
    public init() {}

    /// Reads the keys that every service has. Further keys of a service are read from the same settings, so
    /// that `finish()` names all faults at once.
    ///
    /// - Parameter context: whose service it is, as "portfolios".
    public init(from settings: inout Settings, context: String) {
        host = settings.string("HOST", default: host)
        port = settings.integer("PORT", default: port, in: 0...65_535)
        managementPort = settings.optionalInteger("MANAGEMENT_PORT", in: 1...65_535)
        if managementPort == port, let managementPort {
            settings.fault("MANAGEMENT_PORT", "\(managementPort)", "another port than PORT")
        }
        database = DatabaseConfiguration(from: &settings, context: context, name: "\(context)-service")
        worker = database.worker(from: &settings, context: context)
        logLevel = settings.choice(
            "LOG_LEVEL", default: logLevel, of: Logger.Level.allCases.map { ($0.rawValue, $0) })
        logFormat = settings.choice(
            "LOG_FORMAT", default: logFormat, of: LogFormat.allCases.map { ($0.rawValue, $0) })
        keysURL = settings.optionalString("JWKS_URL")
        if let keysURL, URL(string: keysURL)?.scheme.map({ ["http", "https"].contains($0) }) != true {
            settings.fault("JWKS_URL", keysURL, "a URL that begins with http:// or https://")
        }
        keysCacheFile = settings.optionalString("JWKS_CACHE_FILE")
        tokenIssuer = settings.string("TOKEN_ISSUER", default: tokenIssuer)
        tokenAudience = settings.string("TOKEN_AUDIENCE", default: tokenAudience)
        corsOrigins = settings.list("CORS_ORIGINS")
        eventRetentionDays = settings.integer(
            "EVENT_RETENTION_DAYS", default: eventRetentionDays, in: 1...3_650)
        heavyWorkThreads = settings.integer("HEAVY_WORK_THREADS", default: heavyWorkThreads, in: 1...256)
        limits = ServiceLimits(from: &settings)
        drainDelaySeconds = settings.integer("DRAIN_DELAY_SECONDS", default: drainDelaySeconds, in: 0...300)
        drainSeconds = settings.integer("DRAIN_SECONDS", default: drainSeconds, in: 1...3_600)
    }
}

/// The limits on requests.
public struct ServiceLimits: Sendable {
    /// The size in bytes of a request's body, where a route does not set its own.
    public var bodyBytes = 1_048_576
    /// How long the work on a request may take, where a route does not set its own.
    public var requestSeconds = 30
    /// How long a connection may stay without a request.
    public var idleSeconds = 75
    /// How long a client that does not read may keep an answer from leaving.
    public var writeSeconds = 30
    /// How many clients may be connected at once; 0: as many as the process has descriptors for.
    public var maximumConnections = 0
    /// How many connections one address may have; not counted behind proxies.
    public var maximumConnectionsPerAddress = 256
    /// How many requests a second one user, or one address without a user, may make in the long run.
    public var requestsPerSecond = 50
    /// How many requests at once after a pause. 0 turns the limit off.
    public var requestBurst = 200
    /// How many proxies in front of the service append to X-Forwarded-For. 0: the header is not believed.
    public var trustedProxies = 0

    /// The defaults.
    public static let standard = ServiceLimits()

    /// The defaults, to be changed.
    public init() {}

    init(from settings: inout Settings) {
        bodyBytes = settings.integer("BODY_LIMIT_BYTES", default: bodyBytes, in: 1_024...104_857_600)
        requestSeconds = settings.integer("REQUEST_TIMEOUT_SECONDS", default: requestSeconds, in: 1...3_600)
        idleSeconds = settings.integer("IDLE_TIMEOUT_SECONDS", default: idleSeconds, in: 1...3_600)
        writeSeconds = settings.integer("WRITE_TIMEOUT_SECONDS", default: writeSeconds, in: 1...3_600)
        maximumConnections = settings.integer(
            "MAX_CONNECTIONS", default: maximumConnections, in: 0...1_000_000)
        maximumConnectionsPerAddress = settings.integer(
            "MAX_CONNECTIONS_PER_ADDRESS", default: maximumConnectionsPerAddress, in: 1...1_000_000)
        requestsPerSecond = settings.integer(
            "RATE_LIMIT_PER_SECOND", default: requestsPerSecond, in: 1...100_000)
        requestBurst = settings.integer("RATE_LIMIT_BURST", default: requestBurst, in: 0...1_000_000)
        trustedProxies = settings.integer("TRUSTED_PROXIES", default: trustedProxies, in: 0...10)
    }
}
