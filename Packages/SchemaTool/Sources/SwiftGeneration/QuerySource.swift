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

    func function() -> String {
        let local = arguments.contains { $0.name == "parameters" } ? "boundParameters" : "parameters"
        let appends = zip(arguments, statement.parameters).map { argument, parameter in
            ValueCoding.append(
                Naming.escaped(argument.name), parameter.type, isNullable: parameter.isNullable, to: local)
        }
        let bound = appends.isEmpty ? "Parameters()" : local
        let opening = appends.isEmpty ? [] : ["var \(local) = Parameters()"] + appends
        let execution = "try await execute(\(holder).\(Naming.escaped(query.name)), \(bound))"
        return """
            \(documentation)
            \(signature()) {
            \((opening + [result(of: execution)]).joined(separator: "\n").indented(by: 4))
            }
            """
    }

    private var arguments: [(name: String, type: String)] {
        statement.parameters.map { (Naming.property($0.name), $0.type.name + ($0.isNullable ? "?" : "")) }
    }

    private var documentation: String {
        let lines = query.documentation.isEmpty ? ["`\(query.name)`"] : query.documentation
        return lines.joined(separator: "\n").documentation
    }

    private func signature() -> String {
        let list = arguments.map { "\(Naming.escaped($0.name)): \($0.type)" }
        let result = returnType.map { " -> \($0)" } ?? ""
        let line = "func \(Naming.escaped(query.name))(\(list.joined(separator: ", "))) async throws\(result)"
        // Four columns of margin and the brace.
        if line.count + 6 <= 110 { return line }
        let wrapped = list.joined(separator: ",\n").indented(by: 4)
        return "func \(Naming.escaped(query.name))(\n\(wrapped)\n) async throws\(result)"
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
        case .exec: nil
        case .count: "Int"
        }
    }

    private func result(of execution: String) -> String {
        let decode: String
        if statement.shape == .value, let column = statement.columns.first {
            decode = ValueCoding.decode(0, column.type, isNullable: column.isNullable) ?? ""
        } else {
            decode = "\(rowType ?? "")(row)"
        }
        switch query.kind {
        case .one, .optional, .many:
            return "return \(execution)\n    .\(query.kind.rawValue) { row in try \(decode) }"
        case .exec: return "_ = \(execution)"
        case .count: return "return \(execution).affectedRows"
        }
    }

    func declaration(prefix: String) -> String {
        // A raw string only where the text needs one, so that the plain ones read as they were written.
        let isRaw = query.sql.contains("\\") || query.sql.contains("\"\"\"")
        let hash = isRaw ? "#" : ""
        return """
            static let \(Naming.escaped(query.name)) = Statement(
                name: "\(prefix).\(query.name)",
                sql: \(hash)\"""
            \(query.sql.indented(by: 8))
                    \"""\(hash),
                access: .\(statement.isWrite ? "write" : "read"))
            """
    }
}
