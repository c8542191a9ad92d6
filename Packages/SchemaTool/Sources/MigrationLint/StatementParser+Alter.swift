extension StatementParser {
    mutating func alter() -> Statement.Kind {
        let object = object()
        _ = accept("if", "exists")
        _ = accept("only")
        let name = name()
        _ = accept(sign: "*")
        if current?.isSign("(") == true { _ = group() }
        let isOfTable = object == "table"
        if accept("rename") { return rename(of: object, name: name, isOfTable: isOfTable) }
        if accept("set", "schema") { return .rename(what: object, name: name, isOfTable: isOfTable) }
        guard isOfTable else { return .other("alter \(object)") }
        return .alterTable(
            name,
            rest.partsAtCommas.map { part in
                var action = StatementParser(part)
                return action.alterAction()
            })
    }

    private mutating func rename(of object: String, name: String, isOfTable: Bool) -> Statement.Kind {
        if accept("to") { return .rename(what: object, name: name, isOfTable: isOfTable) }
        if accept("constraint") {
            return .rename(what: "constraint", name: self.name(), isOfTable: isOfTable)
        }
        if accept("value") { return .rename(what: "enum value", name: word(), isOfTable: false) }
        _ = accept("column") || accept("attribute")
        return .rename(what: "column", name: "\(name).\(self.name())", isOfTable: isOfTable)
    }

    private mutating func alterAction() -> Statement.AlterAction {
        if accept("add") {
            if beginsConstraint { return constraint().map { .addConstraint($0) } ?? .other("add") }
            _ = accept("column")
            _ = accept("if", "not", "exists")
            return column().map { .addColumn($0) } ?? .other("add")
        }
        if accept("drop") {
            let isConstraint = accept("constraint")
            if !isConstraint { _ = accept("column") }
            _ = accept("if", "exists")
            return isConstraint ? .dropConstraint(name()) : .dropColumn(name())
        }
        if accept("validate", "constraint") { return .validateConstraint(name()) }
        if accept("detach", "partition") {
            return .detachPartition(isConcurrent: contains("concurrently"))
        }
        if accept("alter") {
            _ = accept("column")
            let column = name()
            if accept("set", "not", "null") { return .setNotNull(column) }
            if accept("drop", "not", "null") { return .dropNotNull(column) }
            if accept("type") || accept("set", "data", "type") {
                return .setType(column: column, type: tokens(until: ["using", "collate"]).joined)
            }
            if accept("add", "generated") { return .addIdentity(column: column) }
        }
        return .other(tokens.first?.text ?? "")
    }
}
