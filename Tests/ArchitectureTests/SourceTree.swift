import Foundation

/// The Swift files, manifests and documents of the repository, or of a copy of it, as they lie on disk.
struct SourceTree {
    /// A text that is not Swift and that rules read.
    struct Document: Equatable {
        /// The path below the root: "Packages/Market/openapi.yaml".
        let path: String
        let text: String

        var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    struct File {
        /// The path below the root: "Packages/Market/Sources/Market/Rules/Bar.swift".
        let path: String
        let text: String
        let source: SwiftSource
        /// The modules that the file imports, with the line of each, however the import is written.
        let imports: [(module: String, line: Int)]

        init(path: String, text: String) {
            self.path = path
            self.text = text
            source = SwiftSource(text)
            imports = Self.imports(in: source.code)
        }

        var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
        /// The name without what follows a plus or a point: "Bar" of "Bar+CSV.swift".
        var stem: String {
            String((path.split(separator: "/").last ?? "").prefix { $0 != "+" && $0 != "." })
        }
        /// Written by `schema generate`, which follows rules of its own.
        var isGenerated: Bool { folders.contains("Generated") }
        var isManifest: Bool { path.hasSuffix("Package.swift") }
    }

    static let roots = ["Packages", "Services", "Tests"]

    let files: [File]
    /// Every Markdown page, every HTTP contract, every file of statements and every list of those that no code calls.
    let documents: [Document]
    /// All that a link can lead to: each file and each folder, also those that no rule reads.
    let paths: Set<String>
    /// The folders right below Packages, Services and Tests: "Packages/Market".
    let folders: [String]

    /// Reads the tree. Files that another tree holds with the same text are taken from there.
    init(root: URL, reusing other: SourceTree? = nil) throws {
        let known = Dictionary(uniqueKeysWithValues: (other?.files ?? []).map { ($0.path, $0) })
        files = try (["Package.swift"] + Self.swiftPaths(root: root)).map { path in
            let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            if let file = known[path], file.text == text { return file }
            return File(path: path, text: text)
        }
        folders = try Self.roots.flatMap { top in
            try Self.names(in: root.appending(path: top)).map { "\(top)/\($0)" }
        }.filter { root.appending(path: $0).isFolder }
        let all = try Self.paths(root: root)
        documents = try all.filter(Self.isDocument).map {
            Document(path: $0, text: try String(contentsOf: root.appending(path: $0), encoding: .utf8))
        }
        paths = Set(all).union(other?.paths ?? [])
    }

    /// The README.md of a package.
    func readme(of package: String) -> Document? {
        documents.first { $0.path == "Packages/\(package)/README.md" }
    }

    /// The repository as it stands, read once.
    static let house = Result { try SourceTree(root: repository) }

    /// The repository that this file was compiled from.
    static let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The files below a folder: `files(in: "Packages/Market/")`.
    func files(in folder: String) -> [File] { files.filter { $0.path.hasPrefix(folder) } }

    /// Copies what this tree reads of a repository to another folder.
    static func copy(_ root: URL, to target: URL) throws {
        let documents = try paths(root: root).filter(isDocument)
        for path in try ["Package.swift"] + documents + swiftPaths(root: root) {
            let (from, to) = (root.appending(path: path), target.appending(path: path))
            let folder = to.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: from, to: to)
        }
    }

    private static func isDocument(_ path: String) -> Bool {
        path.hasSuffix(".md") || path.hasSuffix("/openapi.yaml")
            || (path.contains("/Queries/") && (path.hasSuffix(".sql") || path.hasSuffix("/uncalled")))
    }

    /// Every file and folder; hidden ones only at the top, where some pages link to them.
    private static func paths(root: URL, below folder: String = "") throws -> [String] {
        let place = folder.isEmpty ? root : root.appending(path: folder)
        let hidden = folder.isEmpty ? [".ci", ".swift-format", ".gitignore", ".dockerignore"] : []
        return try (names(in: place) + hidden).flatMap { name -> [String] in
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            guard root.appending(path: path).isFolder else { return [path] }
            return try [path] + paths(root: root, below: path)
        }
    }

    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    private static func swiftPaths(root: URL, below folders: [String] = roots) throws -> [String] {
        try folders.flatMap { folder in
            try names(in: root.appending(path: folder)).flatMap { name -> [String] in
                let path = "\(folder)/\(name)"
                if name.hasSuffix(".swift") { return [path] }
                return root.appending(path: path).isFolder ? try swiftPaths(root: root, below: [path]) : []
            }
        }
    }
}

extension URL {
    fileprivate var isFolder: Bool { (try? resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? false }
}
