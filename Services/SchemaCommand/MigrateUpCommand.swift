import ArgumentParser
import Migrations

struct MigrateUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Runs what is pending, and then applies grants.sql.",
        discussion: """
            Each file runs in one transaction with its row in platform.migrations; one runner works, others \
            wait. During a rollout run it with --keep-grants first, so that services of the version before \
            keep the rights that they use, and without it once they are gone.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions

    @Option(help: ArgumentHelp("Stop after this version.", valueName: "version"))
    var to: String?

    @Flag(help: "Only add rights; take none away.")
    var keepGrants = false

    @Option(help: ArgumentHelp("How long to wait for another runner.", valueName: "seconds"))
    var lockDeadline = 60

    @Flag(help: "Print the SQL that would run, on the standard output; change nothing.")
    var dryRun = false

    func run() async throws {
        var patience = Migrator.Patience()
        patience.lockDeadlineSeconds = lockDeadline
        let migrator = Migrator(
            connectionString: try database.connectionString(), folder: try files.folder(), patience: patience,
            progress: report)
        guard !dryRun else {
            print(try await migrator.dryRun(to: to, grants: keepGrants ? .add : .replace), terminator: "")
            return
        }
        try await migrator.up(to: to, grants: keepGrants ? .add : .replace)
    }
}
