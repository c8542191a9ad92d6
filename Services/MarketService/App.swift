import ArgumentParser
import ServiceCommands

/// The market context as a service of its own.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "market-service",
        abstract: "Instruments, daily bars and exchange rates.",
        discussion: """
            Configured by the environment, or by a file that CONFIG_FILE names: DATABASE_URL is the connection of the \
            role market_service, WORKER_DATABASE_URL that of market_worker, JWKS_URL the keys of the users \
            service. Packages/ServiceKit/README.md has every key.
            """,
        subcommands: [
            ServeCommand.self, HealthcheckCommand.self, EventsCommand.self, ImportBarsCommand.self,
            ImportRatesCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}
