import ArgumentParser
import Foundation
import Migrations

struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Compares a database with what its migrations give. Changes nothing in it.",
        discussion: """
            Lists each object that only the database has (+), that only the migrations make (-), and that \
            differs (~). Rights and owners are not compared: `schema migrate up` applies grants.sql anew. \
            With --write it makes a pair of migration files that brings the change to other databases; what \
            it cannot say honestly stands in the file as a comment. Exit code 2 when something differs.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions
    @OptionGroup var shadow: ShadowOptions

    @Flag(help: "Write a new migration that makes the change.")
    var write = false

    @Flag(help: "One JSON document on the standard output.")
    var json = false

    private struct Answer: Encodable {
        struct Object: Encodable {
            let object: String
            let lines: [String]
        }

        let version: String?
        let pending: [String]
        let added: [Object]
        let missing: [Object]
        let changed: [Object]
        let written: [String]
        let notExpressed: [String]
    }

    func run() async throws {
        let url = try database.connectionString()
        let folder = try files.folder()
        let (finding, written) = try await shadow.withServer { server in
            let drift = SchemaDrift(
                connectionString: url, folder: folder, shadowServer: server, progress: report)
            guard write else { return (try await drift.find(), DriftMigration?.none) }
            let (finding, migration) = try await drift.write(at: Date())
            return (finding, migration)
        }
        for title in finding.pending { report("Pending, and no drift: \(title)") }
        if json {
            try printJSON(answer(finding, written))
        } else {
            for line in finding.difference.lines { print(line) }
            if finding.difference.isEmpty { print("No drift.") }
            for path in written?.paths ?? [] { print("written  \(path)") }
        }
        for line in written?.notExpressed ?? [] { report("Not expressed: \(line)") }
        if let version = written?.version {
            report(
                "This database has the change already: `schema migrate baseline \(version)` records it there."
            )
        }
        guard finding.difference.isEmpty else { throw ExitCode(2) }
    }

    private func answer(_ finding: SchemaDrift.Finding, _ written: DriftMigration?) -> Answer {
        func object(_ object: CatalogObject) -> Answer.Object {
            .init(object: object.title, lines: object.sql.split(separator: "\n").map(String.init))
        }
        return Answer(
            version: finding.version, pending: finding.pending, added: finding.difference.added.map(object),
            missing: finding.difference.missing.map(object),
            changed: finding.difference.changed.map { .init(object: $0.expected.title, lines: $0.lines) },
            written: written?.paths ?? [], notExpressed: written?.notExpressed ?? [])
    }
}
