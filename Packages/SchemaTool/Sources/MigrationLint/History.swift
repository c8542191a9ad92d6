import DatabaseClient
import Foundation
import Migrations
import SchemaAnalysis

/// What another commit, the one that runs, has against the folder as it is now.
struct History: Sendable {
    let commit: GitCommit
    /// The migrations folder, relative to the commit's.
    let migrations: String

    /// Its migrations against ours: edited ones, and new ones that are older than its last.
    func findings(folder: MigrationFolder) async throws -> [Finding] {
        let paths = try await commit.paths(in: migrations).filter { $0.hasSuffix(".up.sql") }
        let ours = Dictionary(uniqueKeysWithValues: folder.migrations.map { ($0.upFileName, $0) })
        var findings: [Finding] = []
        var theirs: Set<String> = []
        for path in paths {
            let name = String(path.split(separator: "/").last ?? "")
            theirs.insert(name)
            guard let file = ours[name] else {
                findings.append(
                    finding(.editedMigration, path, 1, "\(commit.name) has this file; the folder has not"))
                continue
            }
            let text = try await commit.text(of: path)
            guard text != file.up else { continue }
            let line =
                zip(
                    text.split(separator: "\n", omittingEmptySubsequences: false),
                    file.up.split(separator: "\n", omittingEmptySubsequences: false)
                ).prefix { $0 == $1 }.count + 1
            findings.append(
                finding(.editedMigration, path, line, "\(commit.name) has another text from here on"))
        }
        if let last = theirs.max() {
            for file in folder.migrations where !theirs.contains(file.upFileName) && file.upFileName < last {
                findings.append(
                    finding(
                        .outOfOrder, "\(migrations)/\(file.upFileName)", 1,
                        "this is new, and older than \(last) of \(commit.name)"))
            }
        }
        return findings
    }

    /// Its statements, each prepared on the schema that the folder makes.
    func brokenStatements(on connection: DatabaseConnection, _ roles: Roles) async throws -> [Finding] {
        let checkout = FileManager.default.temporaryDirectory
            .appendingPathComponent("schema-queries-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: checkout) }
        let packages = checkout.appendingPathComponent("Packages")
        try FileManager.default.createDirectory(at: packages, withIntermediateDirectories: true)
        for path in try await commit.paths(in: "Packages") {
            guard path.hasSuffix(".sql"), path.split(separator: "/").dropLast().last == "Queries" else {
                continue
            }
            let file = checkout.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try await commit.text(of: path).write(to: file, atomically: true, encoding: .utf8)
        }
        var findings: [Finding] = []
        let (modules, _) = try Module.discover(repository: checkout.path, roles: roles)
        for statement in modules.flatMap(\.statements) {
            do {
                _ = try await connection.describe(statement.sql)
            } catch DatabaseError.server(let error) {
                let place = statement.diagnostic("", at: error.position).position
                findings.append(
                    finding(
                        .breaksRunningCode, statement.file, place.line,
                        "\(statement.name) of \(commit.name) fails on the new schema: \(error.message)"))
            }
        }
        return findings
    }

    private func finding(_ rule: Rule, _ path: String, _ line: Int, _ message: String) -> Finding {
        Finding(file: path, line: line, rule: rule.name, message: message, instead: rule.instead)
    }
}
