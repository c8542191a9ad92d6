public import Foundation

/// Reads the documents of a repository, and writes `Packages/Contracts` or compares it.
public struct ContractGeneration {
    private let root: URL
    private let contexts: [String]

    /// The contexts of a repository that have a document: `Packages/<Context>/openapi.yaml`.
    public init(root: URL) throws {
        self.root = root
        let packages = root.appending(path: "Packages")
        contexts = try FileManager.default.contentsOfDirectory(atPath: packages.path).sorted().filter {
            FileManager.default.fileExists(atPath: packages.appending(path: "\($0)/openapi.yaml").path)
        }
    }

    /// The files by their paths from the root.
    public func files() throws -> [String: String] {
        let generated = "Packages/SharedTypes/Sources/SharedTypes/Generated"
        let shared = SharedNames(
            enums: try text("\(generated)/Enums.swift"), keys: try text("\(generated)/Keys.swift"))
        var files: [String: String] = [:]
        for context in contexts {
            let path = "Packages/\(context)/openapi.yaml"
            let source = try ContractSource(
                document: try text(path), file: path, context: context, shared: shared)
            for file in source.files {
                files["\(Self.folder)/\(context)Contract/Generated/\(file.name)"] = file.text
            }
        }
        return files
    }

    /// The paths whose text on disk differs, is missing, or is no longer generated.
    public func differences() throws -> [String] {
        let files = try files()
        let stale = try present().filter { files[$0] == nil }
        return (files.filter { (try? text($0.key)) != $0.value }.map(\.key) + stale).sorted()
    }

    /// Writes what differs; gives the paths.
    public func write() throws -> [String] {
        let files = try files()
        let differences = try differences()
        for path in differences {
            let url = root.appending(path: path)
            guard let text = files[path] else {
                try FileManager.default.removeItem(at: url)
                continue
            }
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return differences
    }

    private static let folder = "Packages/Contracts/Sources"

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    /// The generated files that are there.
    private func present() throws -> [String] {
        let folder = root.appending(path: Self.folder)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.contains("/Generated/") && $0.hasSuffix(".swift") }
            .map { "\(Self.folder)/\($0)" }
    }
}
