import ArgumentParser
import Foundation
import Migrations

struct MigrateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Lists the migrations, and which of them ran. Changes nothing.",
        discussion: "Exit code 2 when something is pending, 1 when the folder and the database disagree.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions

    @Flag(help: "One JSON array instead of lines.")
    var json = false

    private struct Line: Encodable {
        let version: String
        let name: String
        let state: MigrationStatus.State
        let appliedAt: Date?
        let durationMilliseconds: Int?
    }

    func run() async throws {
        let migrator = Migrator(connectionString: try database.connectionString(), folder: try files.folder())
        let statuses = try await migrator.status()
        if json {
            let lines = statuses.map {
                Line(
                    version: $0.version, name: $0.name, state: $0.state, appliedAt: $0.appliedAt,
                    durationMilliseconds: $0.durationMilliseconds)
            }
            try printJSON(lines)
        } else {
            for status in statuses { print(Self.line(status)) }
        }
        let faulty: Set<MigrationStatus.State> = [.edited, .missing, .unfinished]
        if statuses.contains(where: { faulty.contains($0.state) }) { throw ExitCode(1) }
        if statuses.contains(where: { $0.state == .pending }) { throw ExitCode(2) }
    }

    private static func line(_ status: MigrationStatus) -> String {
        let state = status.state.rawValue
        let padding = String(repeating: " ", count: max(0, 10 - state.count))
        let ran =
            status.appliedAt.map { "  \($0.formatted(.iso8601)), \(status.durationMilliseconds ?? 0) ms" }
            ?? ""
        let word: String
        switch status.state {
        case .edited: word = "  its file was changed after it ran"
        case .missing: word = "  its file is not in the folder"
        case .unfinished: word = "  its runner ended before it did: see `schema migrate repair`"
        case .applied, .pending: word = ""
        }
        return "\(state)\(padding)  \(status.version)_\(status.name)\(ran)\(word)"
    }
}
