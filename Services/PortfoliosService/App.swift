import ArgumentParser
import Portfolios
import ServiceCommands
import ServiceKit

/// The portfolios context as a service of its own.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portfolios-service",
        abstract: "Portfolios, their transactions, holdings and valuation.",
        discussion: """
            Configured by the environment, or by a file that CONFIG_FILE names: DATABASE_URL is the connection of the \
            role portfolios_service, WORKER_DATABASE_URL that of portfolios_worker, JWKS_URL the keys of the users \
            service. Packages/ServiceKit/README.md has every key.
            """,
        subcommands: [ServeCommand.self, HealthcheckCommand.self, EventsCommand.self],
        defaultSubcommand: ServeCommand.self)
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves until SIGTERM; this is what happens without a subcommand.")

    func run() async throws {
        try await ServiceApplication.fromEnvironment(name: "portfolios-service") { _ in
            {
                PortfoliosModule(
                    database: $0.database, events: $0.events,
                    heavyWork: HeavyWork(threads: $0.heavyWorkThreads))
            }
        }.run()
    }
}
