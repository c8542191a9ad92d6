import ArgumentParser
import Notifications
import ServiceCommands
import ServiceKit

/// The notifications context as a service of its own.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications-service",
        abstract: "The inbox with its event stream, preferences, mail and webhooks.",
        discussion: """
            Configured by the environment, or by a file that CONFIG_FILE names: DATABASE_URL is the connection of the \
            role notifications_service, NOTIFICATIONS_SEALING_KEY seals the secrets of webhooks, MAIL_URL names the \
            server that takes mail. Packages/Notifications/README.md has the keys of its own, \
            Packages/ServiceKit/README.md all others.
            """,
        subcommands: [ServeCommand.self, HealthcheckCommand.self, EventsCommand.self],
        defaultSubcommand: ServeCommand.self)
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves until SIGTERM; this is what happens without a subcommand.")

    func run() async throws {
        try await ServiceApplication.fromEnvironment(name: "notifications-service") { settings in
            let notifications = NotificationsSettings(from: &settings)
            return { resources in
                NotificationsModule(
                    database: resources.database, worker: resources.worker, events: resources.events,
                    configuration: try notifications.configuration(), logger: resources.logger)
            }
        }.run()
    }
}
