import ArgumentParser
import ServiceCommands

/// The `users-service` command: one file a subcommand.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users-service", abstract: "Accounts, sessions and the keys of access tokens.",
        subcommands: [
            ServeCommand.self, HealthcheckCommand.self, EventsCommand.self, GrantOperatorCommand.self,
            RevokeOperatorCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}
