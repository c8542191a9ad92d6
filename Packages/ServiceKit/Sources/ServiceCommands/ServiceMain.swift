public import ArgumentParser
public import ServiceKit

/// The program of a context that runs as a service of its own: `<context>-service`, with the commands that every
/// service has.
public protocol ServiceMain: AsyncParsableCommand {
    associatedtype Module: ContextModule
    /// What the service is for, in a sentence.
    static var abstract: String { get }
    /// The commands of this service alone.
    static var commands: [any ParsableCommand.Type] { get }
}

extension ServiceMain {
    public static var commands: [any ParsableCommand.Type] { [] }

    public static var configuration: CommandConfiguration {
        let shared: [any ParsableCommand.Type] = [
            ServeCommand<Module>.self, HealthcheckCommand.self, EventsCommand<Module>.self,
        ]
        return CommandConfiguration(
            commandName: "\(Module.context)-service", abstract: abstract,
            discussion: """
                Configured by the environment, or by a file that CONFIG_FILE names: DATABASE_URL is the connection of \
                the role \(Module.context)_service, WORKER_DATABASE_URL that of \(Module.context)_worker. \
                Packages/ServiceKit/README.md has the keys of every service, the README of the context's package those \
                of its own.
                """,
            subcommands: shared + commands, defaultSubcommand: ServeCommand<Module>.self)
    }
}

struct ServeCommand<Module: ContextModule>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve",
            abstract: "Serves requests until SIGTERM; this is what happens without a subcommand.")
    }

    func run() async throws { try await ServiceApplication.fromEnvironment(Module.self).run() }
}
