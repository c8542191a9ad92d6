import ArgumentParser
import Gamification
import ServiceCommands
import ServiceKit

/// The gamification context as a service of its own.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gamification-service",
        abstract: "Experience, quests, achievements and the battle pass.",
        discussion: """
            Configured by the environment, or by a file that CONFIG_FILE names: DATABASE_URL is the connection of the \
            role gamification_service, WORKER_DATABASE_URL that of gamification_worker, JWKS_URL the keys of the \
            users service. Packages/ServiceKit/README.md has every key.
            """,
        subcommands: [ServeCommand.self, HealthcheckCommand.self, EventsCommand.self],
        defaultSubcommand: ServeCommand.self)
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves until SIGTERM; this is what happens without a subcommand.")

    func run() async throws {
        try await ServiceApplication.fromEnvironment(name: "gamification-service") { _ in
            {
                GamificationModule(
                    database: $0.database, worker: $0.worker, events: $0.events, logger: $0.logger)
            }
        }.run()
    }
}
