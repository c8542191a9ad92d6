import ArgumentParser
import Foundation
import Migrations

struct MigrateNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Writes an empty pair of migration files, stamped with the time in UTC."
    )

    @Argument(help: "What it does, in a few words: add_watchlists.")
    var name: String

    @OptionGroup var files: FolderOptions

    func run() throws {
        for path in try MigrationFolder.create(name: name, at: Date(), in: files.migrations) { print(path) }
    }
}
