import ArgumentParser
import Foundation
import SchemaAnalysis

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Has PostgreSQL plan every statement on real rows, and finds scans, sorts and idle indexes.",
        discussion: """
            The database must be migrated, with its grants, filled, and analysed; the role that connects must be \
            able to become each service's, as a superuser is. Nothing is executed or changed.

            Each text of each statement of Packages/*/Queries is planned as the role that runs it, under \
            app.act_as: for values that the planner does not know, for the user with the most rows, and with \
            scans in sequence and sorts forbidden. Each foreign key is planned as PostgreSQL checks it.

            scan    It reads a large table whole; or a table of any size, and no index serves the condition.
            sort    It sorts by columns of one table, and no index gives that order.
            index   No statement and no foreign key goes by this index, and it keeps no rule.
            waiver  A statement is allowed what it does not do.

            Where a scan or a sort is meant, say so above the statement:
                -- explain: sort because at most 50 rows

            Exit code 1 when there is a finding.
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: "The folder that holds Packages.")
    var repository = "."

    @Option(help: ArgumentHelp("One module alone; indexes are then not judged.", valueName: "module"))
    var module: String?

    @Option(help: ArgumentHelp("A table of more pages of 8 kB is large.", valueName: "pages"))
    var largePages = 1000

    @Option(
        help: ArgumentHelp("Write statement, plan and indexes to this file, as Markdown.", valueName: "file"))
    var report: String?

    @Flag(help: "The findings as one JSON array on the standard output.")
    var json = false

    func run() async throws {
        let outcome = try await RepositoryExplanation(
            repository: repository, only: module, largePages: largePages, progress: SchemaCommand.report
        ).run(try database.connectionString())
        if let report { try outcome.report.write(toFile: report, atomically: true, encoding: .utf8) }
        if json {
            try printJSON(outcome.findings)
        } else {
            for finding in outcome.findings { print(finding) }
        }
        SchemaCommand.report(outcome.summary)
        guard outcome.findings.isEmpty else { throw ExitCode(1) }
    }
}
