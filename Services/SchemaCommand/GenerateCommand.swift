import ArgumentParser
import SwiftGeneration

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Migrates a shadow database and writes all that follows from it.",
        discussion: """
            Enums and keys for SharedTypes; rows, typed functions and the OpenAPI document of each package \
            that has Queries; migrations/schema.sql and migrations/grants.sql; the catalogue of events. A \
            statement that PostgreSQL refuses is shown with its place, and its module is left as it is. Exit \
            code 1 when anything is wrong, or, with --check, when a file differs.
            """)

    @Option(help: "The folder that holds Packages.")
    var repository = "."

    @Option(help: "The folder of the migration files, inside the repository.")
    var migrations = "migrations"

    @Option(
        help: ArgumentHelp("Write one module alone, whatever is wrong with the others.", valueName: "module"))
    var only: String?

    @Flag(help: "Write nothing; name the files that differ.")
    var check = false

    @OptionGroup var shadow: ShadowOptions

    func run() async throws {
        let generation = RepositoryGeneration(
            repository: repository, migrations: migrations, only: only, isCheck: check, progress: report)
        let outcome = try await shadow.withServer(migrated: "\(repository)/\(migrations)") {
            try await generation.run(server: $0)
        }
        for change in outcome.changes {
            switch change {
            case .added(let path): print("\(check ? "missing" : "added")    \(path)")
            case .changed(let path): print("\(check ? "differs" : "changed")  \(path)")
            case .removed(let path): print("\(check ? "stale" : "removed")  \(path)")
            }
        }
        for diagnostic in outcome.warnings + outcome.diagnostics { report("\n\(diagnostic)") }
        for fault in outcome.faults { report("\n\(fault)") }
        guard outcome.isClean else {
            let count = outcome.diagnostics.count + outcome.faults.count
            report(
                "\n\(count) \(count == 1 ? "fault" : "faults"). Correct them and run `schema generate` again."
            )
            throw ExitCode(1)
        }
        if check && !outcome.changes.isEmpty {
            report("\nThese files are not what the migrations and statements give. Run `schema generate`.")
            throw ExitCode(1)
        }
        report(
            outcome.changes.isEmpty
                ? "\(outcome.statementCount) statements; everything is up to date."
                : "\(outcome.statementCount) statements; \(outcome.changes.count) files written.")
    }
}
