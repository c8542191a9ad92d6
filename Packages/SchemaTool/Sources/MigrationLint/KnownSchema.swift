/// What the files before this one made, as far as a rule asks for it.
struct KnownSchema: Sendable {
    struct Check: Sendable {
        let expression: String
        var isValid: Bool
    }

    private(set) var tables: Set<String> = []
    /// The table of each index.
    private(set) var indexes: [String: String] = [:]
    /// The CHECKs of each table by name.
    private(set) var checks: [String: [String: Check]] = [:]

    /// `name` in the namespace where `other` is.
    static func sibling(of other: String, named name: String) -> String {
        guard let point = other.lastIndex(of: "."), !name.contains(".") else { return name }
        return "\(other[...point])\(name)"
    }

    /// Whether PostgreSQL already knows, from a CHECK that was validated, that the column has no NULL.
    func provesNotNull(_ column: String, of table: String) -> Bool {
        (checks[table] ?? [:]).values.contains { check in
            let words = check.expression.split(separator: " ").filter { $0 != "(" && $0 != ")" }
            return check.isValid && words.map(String.init) == [column, "is", "not", "null"]
        }
    }

    mutating func add(_ statement: Statement) {
        switch statement.kind {
        case .createTable(let table):
            tables.insert(table.name)
            for constraint in table.constraints + table.columns.flatMap(\.constraints) {
                add(constraint, to: table.name)
            }
        case .createIndex(let name?, let table, _):
            indexes[Self.sibling(of: table, named: name)] = table
        case .alterTable(let table, let actions):
            for action in actions {
                switch action {
                case .addConstraint(let constraint): add(constraint, to: table)
                case .validateConstraint(let name): checks[table]?[name]?.isValid = true
                case .dropConstraint(let name): checks[table]?[name] = nil
                default: break
                }
            }
        case .drop("table", let names, _):
            for name in names {
                tables.remove(name)
                checks[name] = nil
            }
        default: break
        }
    }

    private mutating func add(_ constraint: Statement.Constraint, to table: String) {
        guard constraint.kind == .check, let name = constraint.name else { return }
        checks[table, default: [:]][name] = Check(
            expression: constraint.expression, isValid: !constraint.isNotValid)
    }
}
