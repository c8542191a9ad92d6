import ArgumentParser
import Foundation
import Migrations

struct RolesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles",
        abstract: "Makes the login roles that are missing, before the first `migrate up`.",
        discussion: """
            \(Roles.owner) owns the schema; each context that the file `contexts` beside the migrations names, \
            one a line, has a <context>_service and a <context>_worker. Passwords come from the environment, as \
            USERS_SERVICE_PASSWORD; a role without one keeps what it has. Needs a superuser, or a role with \
            CREATEROLE that owns the database. It may run again at any time.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions

    func run() async throws {
        try await files.folder().roles.create(
            connectionString: database.connectionString(), environment: ProcessInfo.processInfo.environment,
            progress: report)
    }
}
