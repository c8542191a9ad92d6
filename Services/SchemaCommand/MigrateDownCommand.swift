import ArgumentParser
import Migrations

struct MigrateDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Takes back what ran last: one migration, unless told otherwise.",
        discussion: "What the migrations had made goes, with all data in it.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions

    @Option(help: ArgumentHelp("How many migrations to take back.", valueName: "n"))
    var steps: Int?

    @Option(help: ArgumentHelp("The version that stays as the last one.", valueName: "version"))
    var to: String?

    @Flag(help: "Take back all of them.")
    var all = false

    func validate() throws {
        guard [steps != nil, to != nil, all].count(where: \.self) <= 1 else {
            throw ValidationError("Give one of --steps, --to and --all.")
        }
        if let steps, steps < 1 { throw ValidationError("--steps wants a number above zero.") }
    }

    func run() async throws {
        let migrator = Migrator(
            connectionString: try database.connectionString(), folder: try files.folder(), progress: report)
        let extent: Migrator.Extent = all ? .all : to.map { .to($0) } ?? .steps(steps ?? 1)
        try await migrator.down(extent)
    }
}
