import Foundation
import Migrations

/// Which statements are called. Rights follow from it, so that a service may do what its code does and no more.
extension Module {
    static let awaitedFile = "uncalled"

    /// The list of statements that have no caller yet, one name a line.
    public var awaitedPath: String { "\(path)/Queries/\(Self.awaitedFile)" }

    /// A statement that no code calls and that is not listed, and a listed one that is called or is none. A planned context
    /// has no callers yet.
    public func callerFaults(_ severity: Diagnostic.Severity) -> [Diagnostic] {
        guard !isPlanned else { return [] }
        let uncalled = statements.filter { !called.contains($0.name) }
        let unlisted = uncalled.filter { !awaited.contains($0.name) }.map { statement in
            Diagnostic(
                file: statement.file, position: statement.position,
                message: "no code of the package calls \(statement.name), so no role may run it",
                hint: "Call it or remove it.", severity: severity)
        }
        let names = Set(uncalled.map(\.name))
        let listed = awaited.enumerated().filter { !names.contains($0.element) }.map { place, name in
            Diagnostic(
                file: awaitedPath, position: SourcePosition(line: place + 1, column: 1),
                message: "\(name) is called, or is no statement of the package", hint: "Remove the line.",
                severity: severity)
        }
        return unlisted + listed
    }

    /// The names after a point and before a parenthesis in the hand-written sources, and statements that are named
    /// themselves. It reads text and no syntax tree: a free function of a statement's name is called without a point.
    static func calls(in sources: String) -> Set<String> {
        let paths = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
        var names: Set<String> = []
        for path in paths where path.hasSuffix(".swift") && !path.contains("Generated/") {
            guard let text = try? SourceText.read("\(sources)/\(path)") else { continue }
            let code = text.replacing(#/(^|\s)//.*/#.anchorsMatchLineEndings(), with: "")
            names.formUnion(code.matches(of: #/\.(\w+)\(/#).map { String($0.1) })
            names.formUnion(code.matches(of: #/Statements\.(\w+)/#).map { String($0.1) })
        }
        return names
    }

    static func words(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
