import SchemaAnalysis

/// A struct for the rows of a result.
struct RowSource: Hashable {
    let name: String
    /// What its documentation says.
    let subject: String
    let columns: [AnalysedStatement.Column]

    var imports: Set<String> { columns.reduce(into: ["DatabaseClient"]) { $0.formUnion($1.type.imports) } }

    func source() -> String {
        let properties = columns.map { column in
            let type = column.type.name + (column.isNullable ? "?" : "")
            let comment = column.documentation.map { "\($0.documentation)\n" } ?? ""
            return "\(comment)let \(Naming.escaped(Naming.property(column.name))): \(type)"
        }
        let reads = columns.enumerated().compactMap { index, column in
            ValueCoding.decode(index, column.type, isNullable: column.isNullable).map {
                "self.\(Naming.property(column.name)) = try \($0)"
            }
        }
        return """
            \(subject.documentation)
            struct \(name): Sendable, Hashable, Codable {
            \(properties.joined(separator: "\n").indented(by: 4))
            }

            extension \(name) {
                /// Reads the columns in the order in which the statement names them.
                init(_ row: Row) throws {
            \(reads.joined(separator: "\n").indented(by: 8))
                }
            }
            """
    }
}
