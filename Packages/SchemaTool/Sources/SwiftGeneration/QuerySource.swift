import SchemaAnalysis

/// The typed function of one statement, and the statement itself.
struct QuerySource {
    let statement: AnalysedStatement
    /// The enum that holds the statements of the file.
    let holder: String

    private var query: QueryStatement { statement.query }

    var imports: Set<String> {
        let result = statement.shape == .value ? statement.columns.map(\.type.imports) : []
        return (statement.parameters.map(\.type.imports) + result).reduce(into: []) { $0.formUnion($1) }
    }

    /// What the function is an extension of.
    var executor: String {
        switch query.kind {
        case .stream: "RowStreaming"
        case .copy: "RowCopying"
        case .one, .optional, .many, .exec, .count: "QueryExecutor"
        }
    }

    func function() -> String {
        if query.kind == .copy { return copyFunction() }
        let local = local("parameters")
        let appends = binding(to: local)
        let bound = appends.isEmpty ? "Parameters()" : local
        var opening = appends.isEmpty ? [] : ["var \(local) = Parameters()"]
        var reference = "\(holder).\(Naming.escaped(query.name))"
        if let choices = query.choices {
            let first = choices.orders.isEmpty ? "0" : "order.rawValue << \(choices.options.count)"
            opening.append("\(choices.options.isEmpty ? "let" : "var") \(variant) = \(first)")
            reference += "[\(variant)]"
        }
        return """
            \(documentation)
            \(signature()) {
            \((opening + appends + [result(reference, bound)]).joined(separator: "\n").indented(by: 4))
            }
            """
    }

    // MARK: Arguments

    private var variant: String { local("variant") }

    /// A name of the function's own that no argument has.
    private func local(_ name: String) -> String {
        let taken = Set(arguments.map(\.name))
        return taken.contains(name) ? self.local("bound\(Naming.capitalisedFirst(name))") : name
    }

    /// A function of the executor, which an argument may hide.
    private func member(_ name: String) -> String {
        arguments.contains { $0.name == name } ? "self.\(name)" : name
    }

    private func option(of parameter: AnalysedStatement.Parameter) -> (index: Int, Choices.Option)? {
        guard let options = query.choices?.options,
            let index = options.firstIndex(where: { $0.parameters.contains(parameter.name) })
        else { return nil }
        return (index, options[index])
    }

    /// `after_at` of the option `after` is its `at`.
    private func label(_ parameter: AnalysedStatement.Parameter, in option: Choices.Option) -> String {
        let prefix = "\(option.name)_"
        return Naming.property(
            parameter.name.hasPrefix(prefix) ? String(parameter.name.dropFirst(prefix.count)) : parameter.name
        )
    }

    private var arguments: [(name: String, type: String)] {
        var list: [(name: String, type: String)] = []
        var seen: Set<Int> = []
        for (index, parameter) in statement.parameters.enumerated() where !isField(index) {
            guard let (index, option) = option(of: parameter) else {
                list.append(
                    (Naming.property(parameter.name), parameter.type.name + (parameter.isNullable ? "?" : ""))
                )
                continue
            }
            guard seen.insert(index).inserted else { continue }
            let members = statement.parameters.filter { option.parameters.contains($0.name) }
            let tuple = members.map { "\(label($0, in: option)): \($0.type.name)" }.joined(separator: ", ")
            list.append(
                (Naming.property(option.name), members.count == 1 ? "\(parameter.type.name)?" : "(\(tuple))?")
            )
        }
        if let orders = query.choices?.orders, !orders.isEmpty { list.append(("order", orderType)) }
        return list
    }

    /// Whether a parameter holds a field of the rows that it takes.
    private func isField(_ parameter: Int) -> Bool {
        statement.rowInput?.parameters.contains(parameter) ?? false
    }

    /// The array of structs in front of the arguments.
    private var rows: (name: String, type: String)? {
        statement.rowInput.map { (local("rows"), "[\($0.name)]") }
    }

    /// The parameters in their order; those of an option only where it is given, and then its variant.
    private func binding(to local: String) -> [String] {
        var lines: [String] = []
        var seen: Set<Int> = []
        for (index, parameter) in statement.parameters.enumerated() {
            if let rows, let input = statement.rowInput, let field = input.parameters.firstIndex(of: index) {
                lines.append(ValueCoding.append(input.fields[field], of: rows.name, to: local))
                continue
            }
            guard let (index, option) = option(of: parameter) else {
                lines.append(
                    ValueCoding.append(
                        Naming.escaped(Naming.property(parameter.name)), parameter.type,
                        isNullable: parameter.isNullable, to: local))
                continue
            }
            guard seen.insert(index).inserted else { continue }
            let name = Naming.escaped(Naming.property(option.name))
            let members = statement.parameters.filter { option.parameters.contains($0.name) }
            let appends = members.map { member in
                ValueCoding.append(
                    members.count == 1 ? name : "\(name).\(label(member, in: option))", member.type,
                    isNullable: false, to: local)
            }
            let body = (["\(variant) += \(1 << index)"] + appends).joined(separator: "\n")
            lines.append("if let \(name) {\n\(body.indented(by: 4))\n}")
        }
        return lines
    }

    // MARK: Text

    private var documentation: String {
        let lines = query.documentation.isEmpty ? ["`\(query.name)`"] : query.documentation
        return lines.joined(separator: "\n").documentation
    }

    private func signature() -> String {
        let list =
            (rows.map { ["_ \($0.name): \($0.type)"] } ?? [])
            + arguments.map { "\(Naming.escaped($0.name)): \($0.type)" }
        let result = returnType.map { " -> \($0)" } ?? ""
        let effects = query.kind == .stream ? "throws" : "async throws"
        let line = "func \(Naming.escaped(query.name))(\(list.joined(separator: ", "))) \(effects)\(result)"
        // Four columns of margin and the brace.
        if line.count + 6 <= 110 { return line }
        let wrapped = list.joined(separator: ",\n").indented(by: 4)
        return "func \(Naming.escaped(query.name))(\n\(wrapped)\n) \(effects)\(result)"
    }

    private var rowType: String? {
        switch statement.shape {
        case .nothing: nil
        case .value: statement.columns.first.map { $0.type.name + ($0.isNullable ? "?" : "") }
        case .row(let name), .tableRow(let name, _): name
        }
    }

    private var returnType: String? {
        switch query.kind {
        case .one: rowType
        case .optional: rowType.map { "\($0)?" }
        case .many: rowType.map { "[\($0)]" }
        case .stream: rowType.map { "AsyncThrowingMapSequence<RowStream, \($0)>" }
        case .exec: nil
        case .count, .copy: "Int"
        }
    }

    private func result(_ reference: String, _ parameters: String) -> String {
        let decode: String
        if statement.shape == .value, let column = statement.columns.first {
            decode = ValueCoding.decode(0, column.type, isNullable: column.isNullable)
        } else {
            decode = "\(rowType ?? "")(row)"
        }
        let execution = "try await \(member("execute"))(\(reference), \(parameters))"
        switch query.kind {
        case .one, .optional, .many:
            return "return \(execution)\n    .\(query.kind.rawValue) { row in try \(decode) }"
        case .stream:
            return "return \(member("rows"))(of: \(reference), \(parameters)).map { row in try \(decode) }"
        case .exec: return "_ = \(execution)"
        case .count: return "return \(execution).affectedRows"
        case .copy: return ""
        }
    }

    private func copyFunction() -> String {
        """
        \(documentation)
        func \(Naming.escaped(query.name))<Rows: AsyncSequence & Sendable>(_ rows: Rows) async throws -> Int
        where Rows.Element == \(rowType ?? "") {
            try await copy(
                rows.map { row in try row.parameters() }, into: \(holder).\(Naming.escaped(query.name)))
        }
        """
    }

    private var orderType: String { "\(Naming.capitalisedFirst(query.name))Order" }

    /// The enum of its orders, where it has several.
    func orderSource() -> String? {
        guard let orders = query.choices?.orders, !orders.isEmpty else { return nil }
        return """
            /// The orders of `\(query.name)`.
            enum \(orderType): Int, Sendable, Hashable, CaseIterable {
                case \(orders.map(Naming.escaped).joined(separator: ", "))
            }
            """
    }

    /// The property of the holder, and what it adds to the list of all.
    func declaration(prefix: String) -> String {
        let name = Naming.escaped(query.name)
        guard query.choices != nil else { return "static let \(name) = \(construction(query.sql, prefix))" }
        let list = query.variants.map { construction($0.sql, prefix).indented(by: 4) }
        return "static let \(name) = [\n\(list.joined(separator: ",\n")),\n]"
    }

    private func construction(_ sql: String, _ prefix: String) -> String {
        let text = query.kind == .copy ? "\(sql) (FORMAT binary)" : sql
        let hash = SwiftLiteral.hashes(around: text)
        return """
            Statement(
                name: "\(prefix).\(query.name)",
                sql: \(hash)\"""
            \(text.indented(by: 8))
                    \"""\(hash),
                access: .\(statement.isWrite ? "write" : "read"))
            """
    }
}
