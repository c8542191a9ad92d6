import ArgumentParser
import ServiceCommands
import Users

/// The users context as a service of its own.
@main
struct App: ServiceMain {
    typealias Module = UsersModule
    static let abstract = "Accounts, sessions and the keys of access tokens."
    static let commands: [any ParsableCommand.Type] = [
        GrantOperatorCommand.self, RevokeOperatorCommand.self,
    ]
}
