import ArgumentParser
import Migrations

struct MigrateRepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Says what is wrong between the folder and the database, and mends what you name.",
        discussion: """
            Without options it changes nothing: it explains each fault and what to type. All that is \
            named is mended in one transaction, under the migration lock, or nothing is. Exit code 1 while something \
            is wrong.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions

    @Option(
        help: ArgumentHelp(
            "The edited text of this file that ran is right; it is not run again.", valueName: "version"))
    var accept: [String] = []

    @Option(help: ArgumentHelp("This file is gone for good; what it made stays.", valueName: "version"))
    var forget: [String] = []

    @Option(
        help: ArgumentHelp(
            "Run this file, left half-way, from its first statement next time.", valueName: "version"))
    var retry: [String] = []

    @Option(
        help: ArgumentHelp(
            "The rest of this file, left half-way, was brought about by hand.", valueName: "version"))
    var markApplied: [String] = []

    func run() async throws {
        var repair = MigrationRepair()
        (repair.accept, repair.forget) = (accept, forget)
        (repair.retry, repair.markApplied) = (retry, markApplied)
        let migrator = Migrator(
            connectionString: try database.connectionString(), folder: try files.folder(), progress: report)
        let faults = try await migrator.repair(repair)
        guard faults.isEmpty else {
            for fault in faults { print(fault) }
            throw ExitCode(1)
        }
        print("The folder and the database agree.")
    }
}
