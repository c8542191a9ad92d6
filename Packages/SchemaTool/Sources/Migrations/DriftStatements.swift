import Foundation

/// The statements that turn one catalog into another, as far as they can be written from pg_dump's words.
struct DriftStatements {
    struct Statement {
        /// The object that it is for.
        let title: String
        let sql: String
    }

    private(set) var statements: [Statement] = []
    /// Objects for which there is no honest statement, each with why.
    private(set) var notExpressed: [String] = []

    /// - Parameters:
    ///   - from: what stands, in the order of its dependencies.
    ///   - to: what is wanted.
    init(from: [CatalogObject], to: [CatalogObject]) {
        let difference = CatalogDifference(expected: from, actual: to)
        let remade = difference.changed.filter { Self.isRemade($0.expected) }
        let leaving = Set((difference.missing + remade.map(\.expected)).map(\.key))
        let coming = Set((difference.added + remade.map(\.actual)).map(\.key))
        for object in from.reversed() where leaving.contains(object.key) {
            // What hangs on a table goes with it.
            if let table = object.table, object.kind != "TABLE",
                difference.missing.contains(where: { $0.makes(table) })
            {
                continue
            }
            drop(object)
        }
        for change in difference.changed where !Self.isRemade(change.expected) { alter(change) }
        for object in to where coming.contains(object.key) {
            add(object, object.sql)
        }
    }

    /// What is dropped and made again when it changes; its rights are in grants.sql.
    private static func isRemade(_ object: CatalogObject) -> Bool {
        [
            "INDEX", "CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT", "POLICY", "VIEW", "MATERIALIZED VIEW",
            "TRIGGER",
        ].contains(object.kind)
    }

    private mutating func add(_ object: CatalogObject, _ sql: String) {
        guard !sql.isEmpty else { return }
        statements.append(Statement(title: object.title, sql: sql.hasSuffix(";") ? sql : sql + ";"))
    }

    private mutating func drop(_ object: CatalogObject) {
        guard let sql = object.dropStatement else {
            notExpressed.append("\(object.title) is to go, and this tool has no statement for that")
            return
        }
        add(object, sql)
    }

    private mutating func alter(_ change: CatalogDifference.Change) {
        let object = change.actual
        switch object.kind {
        case "COMMENT", "DEFAULT":
            add(object, object.sql)
        case "FUNCTION", "PROCEDURE":
            add(object, object.sql.replacing(/^CREATE (FUNCTION|PROCEDURE)/) { "CREATE OR REPLACE \($0.1)" })
        case "TABLE":
            guard let old = TableDefinition(change.expected), let new = TableDefinition(object) else {
                fallthrough
            }
            alter(old, new, object)
        default:
            notExpressed.append("\(object.title) has changed: \(change.lines.joined(separator: "; "))")
        }
    }

    private mutating func alter(_ old: TableDefinition, _ new: TableDefinition, _ object: CatalogObject) {
        let oldElements = Dictionary(old.elements.map { ($0.name, $0) }) { first, _ in first }
        let newElements = Dictionary(new.elements.map { ($0.name, $0) }) { first, _ in first }
        func clause(_ text: String) { add(object, "ALTER TABLE \(new.name) \(text);") }
        for element in old.elements where element.isConstraint && newElements[element.name] != element {
            clause("DROP CONSTRAINT \(element.name)")
        }
        for element in old.elements where !element.isConstraint && newElements[element.name] == nil {
            clause("DROP COLUMN \(element.name)")
        }
        for element in new.elements where !element.isConstraint {
            guard let before = oldElements[element.name] else {
                clause("ADD COLUMN \(element.sql)")
                continue
            }
            alter(ColumnDefinition(before), ColumnDefinition(element), new.name, object)
        }
        for element in new.elements where element.isConstraint && oldElements[element.name] != element {
            clause("ADD \(element.sql)")
        }
        if old.rest != new.rest {
            notExpressed.append("\(object.title): its storage or further settings have changed")
        }
    }

    private mutating func alter(
        _ old: ColumnDefinition, _ new: ColumnDefinition, _ table: String, _ object: CatalogObject
    ) {
        guard old != new else { return }
        guard old.fixedParts == new.fixedParts else {
            notExpressed.append("\(object.title): \(new.name) is generated or collated in another way")
            return
        }
        func clause(_ text: String) { add(object, "ALTER TABLE \(table) ALTER COLUMN \(new.name) \(text);") }
        let isRetyped = old.type != new.type
        let isNewDefault = old.defaultExpression != new.defaultExpression
        if old.defaultExpression != nil && (isRetyped || new.defaultExpression == nil) {
            clause("DROP DEFAULT")
        }
        if isRetyped { clause("TYPE \(new.type) USING \(new.name)::\(new.type)") }
        if let expression = new.defaultExpression, isRetyped || isNewDefault {
            clause("SET DEFAULT \(expression)")
        }
        if old.isRequired != new.isRequired { clause(new.isRequired ? "SET NOT NULL" : "DROP NOT NULL") }
    }
}

extension CatalogObject {
    /// The table that it makes, or hangs on, as it is written in SQL.
    var table: String? {
        let named =
            identifier(after: /CREATE TABLE\s/) ?? identifier(after: /ALTER TABLE (?:ONLY\s)?/)
            ?? identifier(after: /CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")+"|\w+) ON (?:ONLY\s)?/)
            ?? identifier(after: /CREATE POLICY (?:"(?:[^"]|"")+"|\w+) ON\s/)
            ?? identifier(after: /COMMENT ON TABLE\s/)
            ?? identifier(after: /COMMENT ON CONSTRAINT (?:"(?:[^"]|"")+"|\w+) ON\s/)
        if let named { return named }
        guard let column = identifier(after: /COMMENT ON COLUMN\s/) else { return nil }
        return column.firstMatch(of: /\.(?:"(?:[^"]|"")+"|\w+)$/).map {
            String(column[..<$0.range.lowerBound])
        }
    }

    fileprivate func makes(_ table: String) -> Bool { kind == "TABLE" && self.table == table }

    /// The name, qualified or not, that follows `prefix` at the beginning of the statement.
    private func identifier(after prefix: Regex<Substring>) -> String? {
        guard let head = sql.prefixMatch(of: prefix) else { return nil }
        return sql[head.range.upperBound...]
            .prefixMatch(of: /(?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))*/)
            .map { String($0.0) }
    }

    /// What ends in an identifier and gives a statement that drops it; nil where this tool knows none.
    fileprivate var dropStatement: String? {
        func drop(_ prefix: Regex<Substring>) -> String? {
            identifier(after: prefix).map { "DROP \(kind) \($0);" }
        }
        func alterTable(_ action: String) -> String? { table.map { "ALTER TABLE \($0) \(action);" } }
        switch kind {
        case "TABLE": return drop(/CREATE TABLE\s/)
        case "SCHEMA": return drop(/CREATE SCHEMA\s/)
        case "VIEW": return drop(/CREATE VIEW\s/)
        case "MATERIALIZED VIEW": return drop(/CREATE MATERIALIZED VIEW\s/)
        case "SEQUENCE": return drop(/CREATE SEQUENCE\s/)
        case "TYPE": return drop(/CREATE TYPE\s/)
        case "DOMAIN": return drop(/CREATE DOMAIN\s/)
        case "FUNCTION": return schema.map { "DROP FUNCTION \(quoted($0)).\(name);" }
        case "INDEX": return schema.map { "DROP INDEX \(quoted($0)).\(quoted(name));" }
        case "CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT":
            return identifier(after: /ALTER TABLE [^;]*?\sADD CONSTRAINT\s/)
                .flatMap { alterTable("DROP CONSTRAINT \($0)") }
        case "DEFAULT":
            return identifier(after: /ALTER TABLE [^;]*?\sALTER COLUMN\s/)
                .flatMap { alterTable("ALTER COLUMN \($0) DROP DEFAULT") }
        case "ROW SECURITY": return alterTable("DISABLE ROW LEVEL SECURITY")
        case "POLICY":
            return identifier(after: /CREATE POLICY\s/).flatMap { policy in
                table.map { "DROP POLICY \(policy) ON \($0);" }
            }
        case "COMMENT": return sql.firstMatch(of: /^(COMMENT ON [^']+) IS '/).map { "\($0.1) IS NULL;" }
        default: return nil
        }
    }
}
