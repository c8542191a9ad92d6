import Foundation

/// The Swift files, manifests and READMEs of the repository, or of a copy of it, as they lie on disk.
struct SourceTree {
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
    /// The text of README.md by package.
    let readmes: [String: String]
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
        var readmes: [String: String] = [:]
        for folder in folders where folder.hasPrefix("Packages/") {
            let readme = root.appending(path: folder).appending(path: "README.md")
            readmes[String(folder.dropFirst("Packages/".count))] = try? String(
                contentsOf: readme, encoding: .utf8)
        }
        self.readmes = readmes
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
        let packages = try names(in: root.appending(path: "Packages"))
        let readmes = packages.map { "Packages/\($0)/README.md" }
        for path in ["Package.swift"] + readmes + (try swiftPaths(root: root)) {
            let (from, to) = (root.appending(path: path), target.appending(path: path))
            guard FileManager.default.fileExists(atPath: from.path) else { continue }
            let folder = to.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: from, to: to)
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
