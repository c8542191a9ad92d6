import ArgumentParser
import DatabaseClient
import Foundation
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
        let logger = Logger(label: "market-service")
        let database = Database(configuration, logger: logger)
        let verifier = TokenVerifier(
            source: .remote(url: configuration.keysURL ?? "", cacheFile: configuration.keysCacheFile),
            issuer: configuration.tokenIssuer, audience: configuration.tokenAudience, logger: logger)
        try await ServiceApplication(
            name: "market-service", configuration: configuration, modules: [MarketModule(database: database)],
            databases: [database], verifier: verifier, logger: logger
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

struct HealthCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Exits with 0 where the service on this machine is up, else with 1.")

    func run() async throws {
        var settings = try await Settings.load()
        let port = settings.integer("PORT", default: ServiceConfiguration().port, in: 1...65_535)
        try settings.finish()
        throw ExitCode(await HealthCheck.run(port: port))
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
