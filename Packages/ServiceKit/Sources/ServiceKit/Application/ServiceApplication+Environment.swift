import CoreMetrics
public import DatabaseClient
public import EventLog
public import Logging

/// What a module in a service of its own is made over.
public struct ServiceResources: Sendable {
    /// The pool of the role `<context>_service`: every request, and every effect of an event.
    public let database: Database
    /// A small pool of the role `<context>_worker`, which finds work across users and writes none.
    public let worker: Database
    /// The log through which contexts meet, over both.
    public let events: EventLog
    /// How many long calculations the module may run at once.
    public let heavyWorkThreads: Int
    public let logger: Logger

    /// The pools that a service's configuration describes.
    public init(_ configuration: ServiceConfiguration, name: String, logger: Logger) {
        database = Database(configuration, applicationName: name, logger: logger)
        worker = Database(
            DatabaseConfiguration(
                connectionString: configuration.workerDatabaseURL, maximumConnections: Self.workerConnections,
                applicationName: name, pooler: configuration.databasePooler),
            logger: logger)
        events = EventLog(service: database, worker: worker, logger: logger)
        heavyWorkThreads = configuration.heavyWorkThreads
        self.logger = logger
    }

    /// For each consumer one search at a time, and a few consumers.
    private static let workerConnections = 4
}

extension ServiceApplication {
    /// A service as a process of its own, configured by its environment, that verifies tokens by the keys which
    /// `JWKS_URL` names. It bootstraps logging and metrics, so it is called once, by the executable.
    ///
    /// - Parameters:
    ///   - name: the service's name, as `market-service`.
    ///   - module: reads the keys of its own, and returns what makes the module once all of them are right.
    /// - Throws: ``ConfigurationFaults``, all at once.
    public static func fromEnvironment(
        name: String,
        module: (inout Settings) throws -> (ServiceResources) async throws -> any ServiceModule
    ) async throws -> ServiceApplication {
        var settings = try await Settings.load()
        var configuration = ServiceConfiguration(from: &settings)
        configuration.readWorker(from: &settings)
        let keysURL = settings.string(
            "JWKS_URL", expected: "the address of the users service's /.well-known/jwks.json")
        let make = try module(&settings)
        try settings.finish()
        configuration.bootstrapLogging()
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: name)
        let resources = ServiceResources(configuration, name: name, logger: logger)
        let verifier = TokenVerifier(
            source: .remote(url: keysURL, cacheFile: configuration.keysCacheFile),
            issuer: configuration.tokenIssuer, audience: configuration.tokenAudience, logger: logger)
        return ServiceApplication(
            name: name, configuration: configuration,
            modules: [
                try await make(resources),
                EventOperationsModule(
                    log: resources.events, database: resources.database,
                    retentionDays: configuration.eventRetentionDays),
            ],
            databases: [resources.database, resources.worker],
            services: [IdempotencyRetentionService(worker: resources.worker, logger: logger)],
            verifier: verifier, metrics: metrics, logger: logger)
    }
}

extension Database {
    /// The pool of the service role that a service's configuration describes.
    public convenience init(_ configuration: ServiceConfiguration, applicationName: String, logger: Logger) {
        self.init(
            DatabaseConfiguration(
                connectionString: configuration.databaseURL,
                maximumConnections: configuration.databaseMaximumConnections,
                applicationName: applicationName,
                pooler: configuration.databasePooler,
                directConnectionString: configuration.databaseDirectURL),
            logger: logger)
    }
}
