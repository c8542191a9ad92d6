import SchemaAnalysis

/// A struct for the rows of a result, or for those that a statement takes.
struct RowSource: Hashable {
    enum Use {
        /// It is read from a result.
        case result
        /// It goes into a COPY.
        case copied
        /// It goes, with others, into the arrays of a statement.
        case input
    }

    let name: String
    /// What its documentation says.
    let subject: String
    let columns: [AnalysedStatement.Column]
    let nests: [AnalysedStatement.Nest]
    let use: Use

    var imports: Set<String> { columns.reduce(into: ["DatabaseClient"]) { $0.formUnion($1.type.imports) } }

    /// The same columns in the same order, whatever their comments.
    func agrees(with other: RowSource) -> Bool {
        columns.count == other.columns.count && nests == other.nests && use == other.use
            && zip(columns, other.columns).allSatisfy {
                ($0.name, $0.type, $0.isNullable) == ($1.name, $1.type, $1.isNullable)
            }
    }

    func source() -> String {
        let declaration = """
            \(subject.documentation)
            struct \(name): Sendable, Hashable {
            \((properties() + nests.map(nestedStruct)).joined(separator: "\n").indented(by: 4))
            }
            """
        let coding: String
        switch use {
        case .result: coding = decoding()
        case .copied: coding = encoding()
        case .input: return declaration
        }
        return "\(declaration)\n\nextension \(name) {\n\(coding.indented(by: 4))\n}"
    }

    private func nest(of index: Int) -> AnalysedStatement.Nest? { nests.first { $0.columns.contains(index) } }

    private func properties() -> [String] {
        columns.indices.compactMap { index in
            guard let nest = nest(of: index) else {
                return property(Naming.property(columns[index].name), columns[index])
            }
            guard nest.columns.first == index else { return nil }
            let optional = nest.key == nil ? "" : "?"
            let comment = nest.key == nil ? "" : "/// Nil where the join found no row.\n"
            return
                "\(comment)let \(Naming.escaped(Naming.property(nest.name))): \(Naming.type(nest.name))\(optional)"
        }
    }

    private func property(_ name: String, _ column: AnalysedStatement.Column) -> String {
        let comment = column.documentation.map { "\($0.documentation)\n" } ?? ""
        return "\(comment)let \(Naming.escaped(name)): \(spelled(column.type))\(column.isNullable ? "?" : "")"
    }

    /// Inside the row, a nested struct hides the type of SharedTypes or ExactTypes that has its name: `Author` and `Author.ID`.
    private func spelled(_ type: SwiftType) -> String {
        let type = qualified(type)
        guard isHidden(type.name), let module = type.imports.first else { return type.name }
        return "\(module).\(type.name)"
    }

    private func qualified(_ type: SwiftType) -> SwiftType {
        switch type {
        case .identifier(let entity) where isHidden(entity): .identifier("SharedTypes.\(entity)")
        case .enumeration(let name) where isHidden(name): .enumeration("SharedTypes.\(name)")
        case .array(let element): .array(qualified(element))
        case .optional(let value): .optional(qualified(value))
        default: type
        }
    }

    private func isHidden(_ name: String) -> Bool { nests.contains { Naming.type($0.name) == name } }

    private func nestedName(_ column: AnalysedStatement.Column, in nest: AnalysedStatement.Nest) -> String {
        Naming.property(String(column.name.dropFirst(nest.name.count + 1)))
    }

    private func nestedStruct(_ nest: AnalysedStatement.Nest) -> String {
        let properties = nest.columns.map { property(nestedName(columns[$0], in: nest), columns[$0]) }
        return """

            struct \(Naming.type(nest.name)): Sendable, Hashable {
            \(properties.joined(separator: "\n").indented(by: 4))
            }
            """
    }

    private func decoding() -> String {
        let reads = columns.indices.compactMap { index -> String? in
            guard let nest = nest(of: index) else {
                return "self.\(Naming.escaped(Naming.property(columns[index].name))) = try \(decoded(index))"
            }
            guard nest.columns.first == index else { return nil }
            let arguments = nest.columns.map { "\(nestedName(columns[$0], in: nest)): \(decoded($0))" }
            let absence = nest.key.map { "row.isNull(\($0)) ? nil : " } ?? ""
            let value = "\(absence)\(Naming.type(nest.name))("
            return "self.\(Naming.escaped(Naming.property(nest.name))) = try \(value)\n"
                + arguments.joined(separator: ",\n").indented(by: 4) + ")"
        }
        return """
            /// Reads the columns in the order in which the statement names them.
            init(_ row: Row) throws {
            \(reads.joined(separator: "\n").indented(by: 4))
            }
            """
    }

    private func decoded(_ index: Int) -> String {
        ValueCoding.decode(index, qualified(columns[index].type), isNullable: columns[index].isNullable)
    }

    private func encoding() -> String {
        let appends = columns.map {
            ValueCoding.append(
                Naming.escaped(Naming.property($0.name)), $0.type, isNullable: $0.isNullable, to: "parameters"
            )
        }
        return """
            /// The columns in the order in which the statement names them.
            func parameters() throws -> Parameters {
                var parameters = Parameters()
            \(appends.joined(separator: "\n").indented(by: 4))
                return parameters
            }
            """
    }
}
