import ArgumentParser
import Migrations

struct MigrateBaselineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Records a database that already has the schema as being at a version; runs no file.",
        discussion: """
            For a database that was made by hand or by another tool, and for the one that `schema drift \
            --write` has read. Its catalog must be what the migrations up to that version give on a shadow; \
            what differs is shown, and then nothing is recorded.
            """)

    @Argument(help: "The version that the database is at.")
    var version: String

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions
    @OptionGroup var shadow: ShadowOptions

    @Option(help: ArgumentHelp("Record it although the catalogs differ, and say why.", valueName: "reason"))
    var force: String?

    func validate() throws {
        if let force, force.isEmpty { throw ValidationError("--force wants a reason.") }
    }

    func run() async throws {
        let folder = try files.folder()
        let migrator = Migrator(
            connectionString: try database.connectionString(), folder: folder, progress: report)
        let recorded = try await shadow.withServer {
            try await migrator.baseline(version, shadowServer: $0, despite: force)
        }
        for migration in recorded { print("recorded  \(migration.title)") }
    }
}
