import ArgumentParser
import DatabaseClient
import Foundation
import Migrations
import SchemaAnalysis
import SwiftGeneration

struct DiagramCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagram",
        abstract: "Draws the schema from its catalog: a diagram for each context, and one of all contexts.",
        discussion: """
            It migrates a shadow database, and has Graphviz draw migrations/diagrams/<context>.svg and \
            contexts.svg. Graphviz is `apt install graphviz` on Debian; --check does not need it: each file \
            carries the hash of the text that it was drawn from. With --output, one diagram alone; a name that \
            ends in .dot takes Graphviz's text.
            """)

    @Option(help: "One context: users, portfolios, …; or contexts, how they refer to each other.")
    var context: String?

    @Option(help: ArgumentHelp("Write the one diagram of --context here.", valueName: "file"))
    var output: String?

    @Option(help: "The folder of the migration files.")
    var migrations = "migrations"

    @Flag(help: "Write nothing; name the diagrams that are not what the migrations give.")
    var check = false

    @OptionGroup var shadow: ShadowOptions

    func validate() throws {
        if output != nil && context == nil { throw ValidationError("--output wants --context.") }
        if output != nil && check { throw ValidationError("--check looks at migrations/diagrams alone.") }
    }

    func run() async throws {
        let folder = try MigrationFolder(path: migrations)
        let all = try await shadow.withServer(migrated: migrations) { server in
            try await Diagram.all(server: server, folder: folder)
        }
        let asked = all.filter { context == nil || $0.name == context }
        if let context, asked.isEmpty {
            let names = all.map(\.name).joined(separator: ", ")
            throw ValidationError("\(context) is no context. There are: \(names).")
        }
        if let output, let diagram = asked.first {
            let text = output.hasSuffix(".dot") ? diagram.dot : try await diagram.svg()
            return try text.write(toFile: output, atomically: true, encoding: .utf8)
        }
        var stale = context == nil ? Diagram.strangers(in: "\(migrations)/diagrams", to: all) : []
        for diagram in asked {
            let path = "\(migrations)/diagrams/\(diagram.name).svg"
            guard (try? diagram.isDrawn(in: path)) != true else { continue }
            stale.append(path)
            guard !check else { continue }
            try FileManager.default.createDirectory(
                atPath: "\(migrations)/diagrams", withIntermediateDirectories: true)
            try await diagram.svg().write(toFile: path, atomically: true, encoding: .utf8)
        }
        for path in stale { print("\(check ? "differs" : "changed")  \(path)") }
        guard !check || stale.isEmpty else {
            report("These are not what the migrations give. Run `schema diagram`.")
            throw ExitCode(1)
        }
        if stale.isEmpty { report("\(asked.count) diagrams; all are up to date.") }
    }
}
