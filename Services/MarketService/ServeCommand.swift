import ArgumentParser
import CoreMetrics
import DatabaseClient
import Logging
import Market
import ServiceKit

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves requests until SIGTERM; this is what happens without a subcommand.")

    func run() async throws {
        let configuration = try await Self.configuration()
        configuration.bootstrapLogging()
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: "market-service")
        let database = Database(configuration, logger: logger)
        let verifier = TokenVerifier(
            source: .remote(url: configuration.keysURL ?? "", cacheFile: configuration.keysCacheFile),
            issuer: configuration.tokenIssuer, audience: configuration.tokenAudience, logger: logger)
        try await ServiceApplication(
            name: "market-service", configuration: configuration, modules: [MarketModule(database: database)],
            databases: [database], verifier: verifier, metrics: metrics, logger: logger
        ).run()
    }

    private static func configuration() async throws -> ServiceConfiguration {
        var settings = try await Settings.load()
        let configuration = ServiceConfiguration(from: &settings)
        _ = settings.string("JWKS_URL", expected: "the address of the users service's /.well-known/jwks.json")
        try settings.finish()
        return configuration
    }
}

extension Database {
    convenience init(_ configuration: ServiceConfiguration, logger: Logger) {
        self.init(
            DatabaseConfiguration(
                connectionString: configuration.databaseURL,
                maximumConnections: configuration.databaseMaximumConnections,
                applicationName: "market-service"),
            logger: logger)
    }
}
