import DatabaseClient
import GroveFactories

/// The parts of a CHECK that AND joins, and which of them a row has been refused for, and for that part alone: a
/// part that refuses nothing of its own could be missing, and no case would tell.
struct CheckParts {
    /// Parts that follow from others, which no row can be refused for alone, and what they follow from.
    private static let implied = [
        "journal.imports_rows_check: rows_imported >= 0": "0 <= rows_repaired <= rows_imported",
        "journal.imports_rows_check: rows_read >= 0": "0 <= rows_imported <= rows_read",
        "portfolios.portfolio_holdings_cost_basis_check: cost_basis >= (0)::numeric":
            "portfolio_holdings_basis_fees_check: 0 <= basis_fees <= cost_basis",
    ]

    private let title: String
    private let parts: [String]
    private var tried: Set<Int> = []

    init(of refusal: Refusal) {
        title = refusal.title
        parts = refusal.expression.map { Self.split(Substring($0)) } ?? []
    }

    /// The parts that no row was refused for.
    var untried: [String] {
        guard parts.count > 1 else { return [] }
        return parts.indices.filter { !tried.contains($0) && Self.implied["\(title): \(parts[$0])"] == nil }
            .map { parts[$0] }
    }

    /// Asks PostgreSQL which parts are false for a row.
    mutating func note(
        _ row: Values, _ shape: TableCatalog.Table?, _ connection: DatabaseConnection
    ) async throws {
        guard parts.count > 1, let shape else { return }
        let columns = shape.columns.filter { !$0.isGenerated }.map { column in
            let value = (row[column.name] ?? nil).map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL"
            return "\(value)::\(column.type) AS \"\(column.name)\""
        }
        let verdicts = parts.map { "coalesce((\($0)), true)" }.joined(separator: ", ")
        let isTrue = try await connection.query(
            "SELECT \(verdicts) FROM (SELECT \(columns.joined(separator: ", "))) AS row"
        ).one { row in try parts.indices.map { try row.bool($0) } }
        let culprits = isTrue.indices.filter { !isTrue[$0] }
        if culprits.count == 1 { tried.formUnion(culprits) }
    }

    // MARK: - The text, as PostgreSQL writes it

    /// What stands between the ANDs outside of brackets, quotes and CASE; brackets around the whole fall away.
    static func split(_ expression: Substring) -> [String] {
        var text = expression
        while let inner = unwrapped(text) { text = inner }
        var pieces: [Substring] = []
        var start = text.startIndex
        for place in outside(text) where text[place...].hasPrefix(" AND ") {
            pieces.append(text[start..<place])
            start = text.index(place, offsetBy: 5)
        }
        if pieces.isEmpty { return [String(text)] }
        return (pieces + [text[start...]]).flatMap(split)
    }

    /// Without the brackets around it, where one pair holds all of it.
    private static func unwrapped(_ text: Substring) -> Substring? {
        guard text.hasPrefix("("), text.hasSuffix(")") else { return nil }
        let inner = text.dropFirst().dropLast()
        var depth = 0
        var isQuoted = false
        for character in inner {
            if character == "'" { isQuoted.toggle() }
            if isQuoted { continue }
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if depth < 0 { return nil }
        }
        return depth == 0 ? inner : nil
    }

    /// The places that are in no bracket, no quotes and no CASE.
    private static func outside(_ text: Substring) -> [Substring.Index] {
        var depth = 0
        var isQuoted = false
        return text.indices.filter { place in
            if text[place] == "'" { isQuoted.toggle() }
            if isQuoted { return false }
            switch text[place] {
            case "(": depth += 1
            case ")": depth -= 1
            case "C" where text[place...].hasPrefix("CASE"): depth += 1
            case "E" where text[place...].hasPrefix("END"): depth -= 1
            default: break
            }
            return depth == 0
        }
    }
}
