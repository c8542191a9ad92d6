import Foundation

/// One entry of a catalog as pg_dump writes it: a table, an index, a comment.
public struct CatalogObject: Sendable, Hashable {
    /// What pg_dump calls it: `TABLE`, `FK CONSTRAINT`.
    public let kind: String
    /// The namespace, or nil where it has none.
    public let schema: String?
    /// Within its kind and namespace; a constraint's is `table constraint`.
    public let name: String
    /// The statements that make it.
    public let sql: String

    /// `INDEX shop.items_price_idx`
    public var title: String { "\(kind) \(schema.map { "\($0)." } ?? "")\(name)" }

    /// The entries of a dump of `CatalogDump`, in its order, which is that of their dependencies. The tables
    /// of the tool itself are left out, and so are the policies that `grants.sql` makes.
    public static func all(in dump: String) -> [CatalogObject] {
        var objects: [CatalogObject] = []
        var heading: (kind: String, schema: String?, name: String)?
        var lines: [Substring] = []
        func finish() {
            guard let heading else { return }
            let sql = lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
            let object = CatalogObject(
                kind: heading.kind, schema: heading.schema, name: heading.name, sql: sql)
            if !object.belongsToTheTool && !object.isRight { objects.append(object) }
        }
        for line in dump.split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /-- Name: (.*); Type: (.*); Schema: (.*); Owner: .*/) {
                finish()
                heading = (String(match.2), match.3 == "-" ? nil : String(match.3), String(match.1))
                lines = []
            } else if !line.hasPrefix("SET default_") {
                // The dump sets the table space and the access method where they change; they are no object.
                lines.append(line)
            }
        }
        finish()
        return objects
    }

    private var belongsToTheTool: Bool {
        if kind == "SCHEMA" && name == "platform" { return true }
        guard schema == "platform" else { return false }
        let words = name.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        let table = kind == "COMMENT" ? words.dropFirst().first : words.first
        return table == "migrations" || table == "migration_progress"
    }

    private var isRight: Bool { kind == "POLICY" && name.contains(/^\w+ granted_/) }

    struct Key: Hashable {
        let kind: String
        let schema: String?
        let name: String
    }

    var key: Key { Key(kind: kind, schema: schema, name: name) }
}

/// In what two catalogs differ.
public struct CatalogDifference: Sendable, Hashable {
    public struct Change: Sendable, Hashable {
        public let expected: CatalogObject
        public let actual: CatalogObject
    }

    /// Only in the actual catalog, in its order.
    public let added: [CatalogObject]
    /// Only in the expected one, in its order.
    public let missing: [CatalogObject]
    /// In both, with other words.
    public let changed: [Change]

    public var isEmpty: Bool { added.isEmpty && missing.isEmpty && changed.isEmpty }

    public init(expected: [CatalogObject], actual: [CatalogObject]) {
        let old = Dictionary(expected.map { ($0.key, $0) }) { first, _ in first }
        let new = Dictionary(actual.map { ($0.key, $0) }) { first, _ in first }
        added = actual.filter { old[$0.key] == nil }
        missing = expected.filter { new[$0.key] == nil }
        changed = expected.compactMap { object in
            guard let other = new[object.key], other.sql != object.sql else { return nil }
            return Change(expected: object, actual: other)
        }
    }

    /// One block an object: `+` stands in the database alone, `-` in the migrations alone, `~` in both.
    public var lines: [String] {
        func block(_ sign: String, _ object: CatalogObject) -> [String] {
            ["\(sign) \(object.title)"] + object.sql.split(separator: "\n").map { "      \($0)" }
        }
        return added.flatMap { block("+", $0) } + missing.map { "- \($0.title)" }
            + changed.flatMap { change in
                ["~ \(change.expected.title)"] + change.lines.map { "    \($0)" }
            }
    }
}

extension CatalogDifference.Change {
    /// The columns and constraints, or else the lines, that are gone (`-`) and new (`+`).
    public var lines: [String] {
        let (old, new) = (pieces(of: expected), pieces(of: actual))
        let gone = old.filter { !new.contains($0) }.map { "- \($0)" }
        let come = new.filter { !old.contains($0) }.map { "+ \($0)" }
        return gone.isEmpty && come.isEmpty ? ["the same parts in another order"] : gone + come
    }

    private func pieces(of object: CatalogObject) -> [String] {
        if let table = TableDefinition(object) { return table.elements.map(\.sql) + table.rest }
        return object.sql.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
