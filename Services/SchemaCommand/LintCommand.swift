import ArgumentParser
import Foundation
import MigrationLint

struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Finds what would hurt in a migration: locks, rewrites, lost data, code that still runs.",
        discussion: """
            It reads every migration, and migrates a shadow database to read the catalog that they make. With \
            --against, every statement of that commit's Queries is prepared on the new schema as well: the code \
            that runs during a rollout. Exit code 1 when there is a finding.

            Where a rule is not meant, say so on the line before the statement:
                -- lint: allow RULE because REASON
            """)

    @Argument(help: "Migration files to report on. Default: all, and the modules' statements.")
    var files: [String] = []

    @Option(help: "The folder that holds Packages.")
    var repository = "."

    @Option(help: "The folder of the migration files, inside the repository.")
    var migrations = "migrations"

    @Option(help: ArgumentHelp("The commit that runs now: HEAD, origin/main, a tag.", valueName: "commit"))
    var against: String?

    @Flag(help: "One JSON array instead of lines.")
    var json = false

    @Flag(help: "Print every rule, with what not to write, what to write, and why.")
    var rules = false

    @OptionGroup var shadow: ShadowOptions

    func run() async throws {
        if rules {
            print(Rule.all.map(\.description).joined(separator: "\n\n"))
            return
        }
        let lint = RepositoryLint(
            repository: repository, migrations: migrations, against: against, progress: report)
        let all = try await shadow.withServer { try await lint.run(server: $0) }
        let names = Set(files.map { URL(fileURLWithPath: $0).lastPathComponent })
        let findings = all.filter {
            names.isEmpty || names.contains(URL(fileURLWithPath: $0.file).lastPathComponent)
        }
        if json {
            try printJSON(findings)
        } else {
            for finding in findings { print(finding) }
        }
        guard findings.isEmpty else { throw ExitCode(1) }
        report("No findings.")
    }
}
