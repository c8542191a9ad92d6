import Foundation

/// A `CREATE TABLE` of pg_dump, cut into its columns and constraints.
struct TableDefinition {
    struct Element: Hashable {
        /// The column's or the constraint's name, as it is written in SQL.
        let name: String
        let isConstraint: Bool
        let sql: String
    }

    /// Qualified, as it is written in SQL.
    let name: String
    let elements: [Element]
    /// What follows the list: storage, partitions, further statements; each a line.
    let rest: [String]

    /// Nil for what is no plain table.
    init?(_ object: CatalogObject) {
        let scalars = Array(object.sql.unicodeScalars)
        guard object.kind == "TABLE",
            let head = object.sql.prefixMatch(of: /CREATE TABLE (.+?) \(\n/),
            let tokens = try? SQLLexer.tokens(of: scalars)
        else { return nil }
        func text(_ range: Range<Int>) -> String {
            String(String.UnicodeScalarView(scalars[range])).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        var pieces: [String] = []
        var depth = 0
        var start = 0
        var end = scalars.count
        for token in tokens where token.kind == .other {
            let position = token.range.lowerBound
            switch scalars[position] {
            case "(", "[":
                depth += 1
                if depth == 1 { start = position + 1 }
            case ")", "]":
                depth -= 1
                if depth == 0 { pieces.append(text(start..<position)) }
            case "," where depth == 1:
                pieces.append(text(start..<position))
                start = position + 1
            default: break
            }
            if depth == 0, scalars[position] == ")" {
                end = position + 1
                break
            }
        }
        name = String(head.1)
        elements = pieces.filter { !$0.isEmpty }.compactMap { piece in
            guard let match = piece.prefixMatch(of: /(CONSTRAINT )?("(?:[^"]|"")+"|[^\s"]+)/) else {
                return nil
            }
            return Element(name: String(match.2), isConstraint: match.1 != nil, sql: piece)
        }
        rest = text(end..<scalars.count).split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        .filter { !$0.isEmpty && $0 != ";" }
    }
}

/// A column of a `TableDefinition`, in the parts that can be altered one by one.
struct ColumnDefinition: Hashable {
    let name: String
    let type: String
    let defaultExpression: String?
    let isRequired: Bool
    /// `COLLATE …` and `GENERATED …`, which are not altered in place.
    let fixedParts: String

    init(_ element: TableDefinition.Element) {
        name = element.name
        var text = String(element.sql.dropFirst(element.name.count)).trimmingCharacters(in: .whitespaces)
        var fixed = ""
        if let match = text.firstMatch(of: /\sCOLLATE \S+$/) {
            fixed += String(match.0)
            text.removeSubrange(match.range)
        }
        isRequired = text.hasSuffix(" NOT NULL")
        if isRequired { text.removeLast(" NOT NULL".count) }
        if let match = text.firstMatch(of: /\sGENERATED (?:.|\n)+/) {
            fixed += String(match.0)
            text.removeSubrange(match.range)
        }
        if let word = text.firstRange(of: " DEFAULT ") {
            defaultExpression = String(text[word.upperBound...])
            text.removeSubrange(word.lowerBound...)
        } else {
            defaultExpression = nil
        }
        type = text
        fixedParts = fixed
    }
}
