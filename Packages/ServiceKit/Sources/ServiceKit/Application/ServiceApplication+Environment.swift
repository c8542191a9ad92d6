import CoreMetrics
import DatabaseClient
import Logging

extension ServiceApplication {
    /// A service as a process of its own, configured by its environment, that verifies tokens by the keys which
    /// `JWKS_URL` names. It bootstraps logging and metrics, so it is called once, by the executable.
    ///
    /// - Parameters:
    ///   - name: the service's name, as `market-service`.
    ///   - module: makes the module over the service's own pool.
    /// - Throws: ``ConfigurationFaults``, all at once.
    public static func fromEnvironment(
        name: String, module: (Database) -> any ServiceModule
    ) async throws -> ServiceApplication {
        var settings = try await Settings.load()
        let configuration = ServiceConfiguration(from: &settings)
        let keysURL = settings.string(
            "JWKS_URL", expected: "the address of the users service's /.well-known/jwks.json")
        try settings.finish()
        configuration.bootstrapLogging()
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: name)
        let database = Database(configuration, applicationName: name, logger: logger)
        let verifier = TokenVerifier(
            source: .remote(url: keysURL, cacheFile: configuration.keysCacheFile),
            issuer: configuration.tokenIssuer, audience: configuration.tokenAudience, logger: logger)
        return ServiceApplication(
            name: name, configuration: configuration, modules: [module(database)], databases: [database],
            verifier: verifier, metrics: metrics, logger: logger)
    }
}

extension Database {
    /// The pool that a service's configuration describes.
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
