import Foundation
import Migrations

/// A package that runs statements: a bounded context, or one of the packages that all contexts stand on.
public struct Module: Sendable {
    /// As the package is called: `Portfolios`.
    public let name: String
    /// Relative to the repository.
    public let path: String
    public let files: [QueryFile]
    /// What its README declares with `reads: market.price_bars`.
    public let declaredReads: Set<String>
    /// The statements that hand-written code of the package calls. A statement without a caller gives no right.
    public let called: Set<String>
    /// What `Queries/uncalled` lists: statements that await their caller.
    public let awaited: [String]
    /// `openapi.yaml`, where it has one.
    public let openAPI: String?

    /// Of the repository: which contexts there are.
    let roles: Roles

    /// The context it is, or nil for a package whose statements every service runs.
    public var context: String? { roles.contexts.contains(name.lowercased()) ? name.lowercased() : nil }

    /// Whether no service serves it yet: its statements are checked, and have neither Swift nor rights.
    public var isPlanned: Bool { context.map(roles.planned.contains) ?? false }

    /// The namespaces whose tables it may read and write.
    public var namespaces: Set<String> { context.map { [$0] } ?? ["platform", "audit"] }

    /// The word before the point in a statement's name.
    public var statementPrefix: String { name.prefix(1).lowercased() + name.dropFirst() }

    /// The statements of all its files, in their order.
    public var statements: [QueryStatement] { files.flatMap(\.statements) }

    /// The statements that give their roles rights.
    public var calledStatements: [QueryStatement] {
        isPlanned ? [] : statements.filter { called.contains($0.name) }
    }

    /// The roles that run a statement of this module.
    public func roles(of statement: QueryStatement) -> [String] {
        (context.map { [$0] } ?? roles.served).map {
            statement.role == .worker ? Roles.worker(of: $0) : Roles.service(of: $0)
        }
    }

    /// Every package of the repository that has a Queries folder, by name; and every fault of their files.
    public static func discover(
        repository: String, roles: Roles
    ) throws -> (modules: [Module], diagnostics: [Diagnostic]) {
        let packages = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/Packages").sorted()
        var modules: [Module] = []
        var diagnostics: [Diagnostic] = []
        for name in packages {
            let path = "Packages/\(name)"
            let queries = "\(path)/Queries"
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: "\(repository)/\(queries)")
            else { continue }
            var files: [QueryFile] = []
            for fileName in names.sorted() where fileName.hasSuffix(".sql") {
                let text = try SourceText.read("\(repository)/\(queries)/\(fileName)")
                let parsed = QueryFileParser.parse(text, path: "\(queries)/\(fileName)")
                diagnostics += parsed.diagnostics
                files.append(
                    QueryFile(
                        noun: String(fileName.dropLast(4)), path: "\(queries)/\(fileName)",
                        statements: parsed.statements))
            }
            diagnostics += duplicates(in: files)
            func optional(_ file: String) -> String? {
                try? SourceText.read("\(repository)/\(path)/\(file)")
            }
            modules.append(
                Module(
                    name: name, path: path, files: files,
                    declaredReads: reads(in: optional("README.md") ?? ""),
                    called: calls(in: "\(repository)/\(path)/Sources"),
                    awaited: words(of: optional("Queries/\(awaitedFile)") ?? ""),
                    openAPI: optional("openapi.yaml"), roles: roles))
        }
        return (modules, diagnostics)
    }

    private static func duplicates(in files: [QueryFile]) -> [Diagnostic] {
        var first: [String: QueryStatement] = [:]
        return files.flatMap(\.statements).compactMap { statement in
            guard let other = first[statement.name] else {
                first[statement.name] = statement
                return nil
            }
            return statement.diagnostic(
                "the name is taken by \(other.file):\(other.position.line)",
                hint: "Names are unique in a module.")
        }
    }

    /// The words after `reads:`; list marks and backquotes around them are the README's own affair.
    private static func reads(in readme: String) -> Set<String> {
        let matches = readme.matches(of: /reads:\s*`?([a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*)/)
        return Set(matches.map { String($0.1) })
    }
}

/// `--only` or `--module` names a package that has no Queries.
public struct UnknownModule: Error, Sendable, CustomStringConvertible {
    public let name: String
    public let known: [String]

    public init(name: String, known: [String]) {
        self.name = name
        self.known = known
    }

    public var description: String {
        "\(name) is not a module with a Queries folder. There are: \(known.joined(separator: ", "))."
    }
}
