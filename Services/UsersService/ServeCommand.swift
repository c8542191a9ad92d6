import ArgumentParser
import CoreMetrics
import DatabaseClient
import Logging
import ServiceKit
import Users

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serves until SIGTERM.")

    func run() async throws {
        let settings = try await UsersSettings.load()
        settings.service.bootstrapLogging()
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: "users-service")
        let resources = ServiceResources(settings.service, name: "users-service", logger: logger)
        let users = UsersModule(
            database: resources.database, events: resources.events, configuration: settings.users,
            logger: logger)
        let verifier = TokenVerifier(
            source: .inProcess { try await users.publishSigningKeys() }, issuer: settings.service.tokenIssuer,
            audience: settings.service.tokenAudience, logger: logger)
        try await ServiceApplication(
            name: "users-service", configuration: settings.service,
            modules: [
                users,
                EventOperationsModule(
                    log: resources.events, database: resources.database,
                    retentionDays: settings.service.eventRetentionDays),
            ],
            databases: [resources.database, resources.worker], verifier: verifier, metrics: metrics,
            logger: logger
        ).run()
    }
}
