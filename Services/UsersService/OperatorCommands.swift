import ArgumentParser
import Foundation
import ServiceCommands
import Users

struct GrantOperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant-operator", abstract: "Gives an account the operator's role.",
        discussion: "The next access token carries it: after a log-in or a refresh. Needs DATABASE_URL alone."
    )

    @Argument(help: "The email that the account logs in with.")
    var email: String

    func run() async throws {
        try await setOperator(true, email: email)
        print("\(email) is an operator from the next access token on.")
    }
}

struct RevokeOperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke-operator", abstract: "Takes the operator's role from an account.",
        discussion:
            "An access token that stands keeps it for up to fifteen minutes. Needs DATABASE_URL alone.")

    @Argument(help: "The email that the account logs in with.")
    var email: String

    func run() async throws {
        try await setOperator(false, email: email)
        print("\(email) is no operator from the next access token on, in at most fifteen minutes.")
    }
}

private func setOperator(_ isOperator: Bool, email: String) async throws {
    do {
        try await UsersModule.withDatabase { database in
            try await UsersModule.setOperator(isOperator, email: email, on: database, at: Date())
        }
    } catch UsersError.noSuchAccount {
        throw ValidationError("No open account has the email \(email).")
    }
}
