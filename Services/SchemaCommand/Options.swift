import ArgumentParser
import Foundation
import Migrations

/// Which database a subcommand works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help:
            "A direct connection, no pooler: postgresql://user@host/database. Default: DATABASE_URL."
    )
    var databaseURL: String?

    func connectionString() throws -> String {
        if let databaseURL { return databaseURL }
        if let url = ProcessInfo.processInfo.environment["DATABASE_URL"], !url.isEmpty { return url }
        throw ValidationError("No database is named: give --database-url, or set DATABASE_URL.")
    }
}

/// Where the migration files are.
struct FolderOptions: ParsableArguments {
    @Option(help: "The folder of the migration files.")
    var migrations = "./migrations"

    func folder() throws -> MigrationFolder { try MigrationFolder(path: migrations) }
}
