import Foundation

/// The data for a demonstration and for load tests: SQL files in a folder beside the migrations.
///
/// `NN_name.sql` are the demonstration, in the order of their names; `load/NN_name.sql` make users for a load
/// test. `functions.sql` runs first in every session, and `guard.sql` is one query whose rows are the reasons
/// not to seed a database. What they hold is theirs alone: the tool knows no table.
public struct SeedFolder: Sendable {
    struct File: Sendable {
        /// From the folder on: `load/10_users.sql`.
        let name: String
        let text: String
        /// The query of `-- done when: …`, which is true where the file's rows are in.
        let doneWhen: String?
    }

    public let path: String
    let functions: File?
    let refusals: File?
    let demonstration: [File]
    let load: [File]

    /// Reads the folder; throws `MigrationError.invalidFolder` with every fault that it has.
    public init(path: String) throws(MigrationError) {
        self.path = path
        var faults: [String] = []
        var top = Self.read(path, prefix: "", &faults)
        functions = top.removeValue(forKey: "functions.sql")
        refusals = top.removeValue(forKey: "guard.sql")
        demonstration = Self.ordered(top, &faults)
        let isThere = FileManager.default.fileExists(atPath: "\(path)/load")
        load = isThere ? Self.ordered(Self.read("\(path)/load", prefix: "load/", &faults), &faults) : []
        for file in demonstration where file.doneWhen == nil {
            faults.append("\(file.name) has no line `-- done when: SELECT …`, so it would run twice.")
        }
        guard faults.isEmpty else { throw .invalidFolder(path: path, faults: faults) }
    }

    private static func read(_ path: String, prefix: String, _ faults: inout [String]) -> [String: File] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            faults.append("There is no folder \(path).")
            return [:]
        }
        var files: [String: File] = [:]
        for name in names where name.hasSuffix(".sql") {
            guard let text = try? SourceText.read("\(path)/\(name)") else {
                faults.append("\(prefix)\(name) cannot be read as UTF-8.")
                continue
            }
            let mark = "-- done when: "
            let line = text.split(separator: "\n").first { $0.hasPrefix(mark) }
            files[name] = File(
                name: prefix + name, text: text, doneWhen: line.map { String($0.dropFirst(mark.count)) })
        }
        return files
    }

    private static func ordered(_ files: [String: File], _ faults: inout [String]) -> [File] {
        for (name, file) in files.sorted(by: { $0.key < $1.key })
        where name.wholeMatch(of: /[0-9]{2}_[a-z0-9_]+\.sql/) == nil {
            faults.append("\(file.name) is not named NN_name.sql, which says when it runs.")
        }
        return files.sorted { $0.key < $1.key }.map(\.value)
    }
}
