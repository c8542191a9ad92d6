import Foundation
import Migrations

/// The files of a commit of the repository, read with git and without touching the work tree.
struct GitCommit: Sendable {
    /// A folder inside the repository; paths are relative to it.
    let folder: String
    /// As the user wrote it: `HEAD`, `origin/main`, `v1.2`.
    let name: String
    private let id: String

    /// - Throws: `Failure` where the folder is in no repository, or the name means no commit.
    init(folder: String, name: String) async throws {
        self.folder = folder
        self.name = name
        do {
            id = try await Self.git(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"], in: folder
            ).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch is Failure {
            throw Failure(
                description: "\(name) is no commit that the repository in \(folder) has. "
                    + "Give --against a branch, a tag or an id; a shallow clone may have to fetch it first.")
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The paths of the files in a folder, however deep.
    func paths(in path: String) async throws -> [String] {
        try await Self.git(["ls-tree", "-r", "-z", "--name-only", id, "--", "\(path)/"], in: folder)
            .split(separator: "\0").map(String.init)
    }

    func text(of path: String) async throws -> String {
        try await Self.git(["show", "\(id):./\(path)"], in: folder)
    }

    private static func git(_ arguments: [String], in folder: String) async throws -> String {
        let manager = FileManager.default
        let output = manager.temporaryDirectory.appendingPathComponent("schema-git-\(UUID().uuidString)")
        _ = manager.createFile(atPath: output.path, contents: nil)
        defer { try? manager.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + arguments
        process.standardInput = FileHandle.nullDevice
        // A file instead of a pipe: nobody has to read while the program writes.
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else {
            throw Failure(
                description: "`git \(arguments.joined(separator: " "))` failed in \(folder), with \(status).")
        }
        return SourceText.normalised(try String(contentsOf: output, encoding: .utf8))
    }
}
