extension StatementParser {
    mutating func create() -> Statement.Kind {
        _ = accept("or", "replace")
        if isAt("unique", "index") || isAt("index") { return createIndex() }
        _ = accept("global") || accept("local")
        let isTemporary = accept("temporary") || accept("temp")
        _ = accept("unlogged")
        if accept("table") { return createTable(isTemporary: isTemporary) }
        if accept("constraint", "trigger") || accept("trigger") {
            _ = tokens(until: ["on"])
            index += 1
            return .createTrigger(table: name())
        }
        _ = accept("recursive") || accept("trusted") || accept("procedural")
        return .create(object: object())
    }

    private mutating func createIndex() -> Statement.Kind {
        _ = accept("unique")
        index += 1
        let isConcurrent = accept("concurrently")
        _ = accept("if", "not", "exists")
        let name = isAt("on") ? nil : name()
        _ = accept("on")
        _ = accept("only")
        return .createIndex(name: name, table: self.name(), isConcurrent: isConcurrent)
    }

    private mutating func createTable(isTemporary: Bool) -> Statement.Kind {
        let ifNotExists = accept("if", "not", "exists")
        let name = name()
        var table = Statement.Table(
            // A temporary table is nobody else's, in whatever namespace a name would put it.
            name: isTemporary ? "pg_temp.\(name)" : name, ifNotExists: ifNotExists)
        guard !isAt("partition", "of"), !isAt("of") else { return .createTable(table) }
        for part in group().partsAtCommas {
            var element = StatementParser(part)
            if element.isAt("like") { continue }
            if element.beginsConstraint {
                if let constraint = element.constraint() { table.constraints.append(constraint) }
            } else if let column = element.column() {
                table.columns.append(column)
            }
        }
        return .createTable(table)
    }

    var beginsConstraint: Bool {
        isAt("constraint") || isAt("primary", "key") || isAt("foreign", "key") || isAt("exclude")
            || (isAt("unique") || isAt("check")) && index + 1 < tokens.count
                && (tokens[index + 1].isSign("(") || tokens[index + 1].isWord("using")
                    || tokens[index + 1].isWord("nulls"))
    }

    private static let columnWords: Set<String> = [
        "not", "null", "default", "primary", "unique", "check", "references", "constraint", "generated",
        "collate", "storage", "compression", "deferrable", "initially", "options", "using",
    ]

    /// A table's constraint, with or without its name.
    mutating func constraint() -> Statement.Constraint? {
        guard let line = current?.line else { return nil }
        let name = accept("constraint") ? self.name() : nil
        guard var constraint = constraintKind(line) else { return nil }
        constraint.name = name
        constraint.usesIndex = isAt("using", "index") && constraint.kind != .exclude
        let rest = Array(rest)
        constraint.isNotValid = zip(rest, rest.dropFirst()).contains {
            $0.isWord("not") && $1.isWord("valid")
        }
        return constraint
    }

    private mutating func constraintKind(_ line: Int) -> Statement.Constraint? {
        if accept("primary", "key") { return .init(kind: .primaryKey, line: line) }
        if accept("unique") { return .init(kind: .unique, line: line) }
        if accept("foreign", "key") { return .init(kind: .foreignKey, line: line) }
        if accept("exclude") { return .init(kind: .exclude, line: line) }
        guard accept("check") else { return nil }
        return .init(kind: .check, expression: group().joined, line: line)
    }

    /// `name type constraint …`
    mutating func column() -> Statement.Column? {
        guard let first = current, first.isIdentifier else { return nil }
        index += 1
        var column = Statement.Column(name: first.text, line: first.line)
        if let token = current, !(token.kind == .word && Self.columnWords.contains(token.text)) {
            column.type = tokens(until: Self.columnWords).joined
        }
        var constraintName: String?
        while let token = current {
            if accept("constraint") {
                constraintName = name()
                continue
            }
            defer { constraintName = nil }
            if accept("not", "null") {
                column.isNotNull = true
            } else if accept("default") {
                column.defaultExpression = tokens(until: Self.columnWords)
            } else if accept("generated") {
                column.generation = contains("identity") ? .identity : .stored
                _ = tokens(until: Self.columnWords.subtracting(["default"]))
            } else if accept("references") {
                var constraint = Statement.Constraint(kind: .foreignKey, line: token.line)
                constraint.name = constraintName
                column.constraints.append(constraint)
                skipReference()
            } else if var constraint = constraintKind(token.line) {
                constraint.name = constraintName
                column.isNotNull = column.isNotNull || constraint.kind == .primaryKey
                column.constraints.append(constraint)
            } else {
                index += 1
            }
        }
        return column
    }

    /// `ON DELETE SET NULL` and `SET DEFAULT` are no NULL and no DEFAULT of the column.
    private mutating func skipReference() {
        _ = name()
        _ = group()
        while let token = current {
            if accept("on", "delete") || accept("on", "update") {
                _ =
                    accept("no", "action") || accept("set", "null") || accept("set", "default")
                    || !word().isEmpty
                _ = group()
            } else if token.isWord("match") {
                index += 2
            } else {
                return
            }
        }
    }
}
