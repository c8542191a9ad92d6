import DatabaseClient
import Migrations

extension StatementAnalyzer {
    /// The statement with each of its texts, or the faults of the first that has any.
    func analyseAll(
        of query: QueryStatement, _ module: Module, readsTrees: Bool
    ) async throws -> (AnalysedStatement, warnings: [Diagnostic]) {
        if query.kind == .copy {
            guard query.rowsName == nil else { throw noRows(of: query) }
            return (try await analyseCopy(query, module), [])
        }
        guard let choices = query.choices else {
            return try await analyse(query, in: module, readsTrees: readsTrees)
        }
        var all: [AnalysedStatement] = []
        var warnings: Set<Diagnostic> = []
        for variant in query.variants {
            let (statement, found) = try await analyse(variant, in: module, readsTrees: readsTrees)
            all.append(statement)
            warnings.formUnion(found)
        }
        return (try merged(all, of: query, choices), warnings.sorted { $0.position < $1.position })
    }

    /// One function stands for all variants: they give the same columns, though one may be NULL in one of them.
    private func merged(
        _ variants: [AnalysedStatement], of query: QueryStatement, _ choices: Choices
    ) throws(Diagnostic) -> AnalysedStatement {
        guard let first = variants.first else { throw query.diagnostic("it has no text") }
        var columns = first.columns
        var rights = first.rights
        for variant in variants.dropFirst() {
            guard variant.columns.map(\.name) == columns.map(\.name), variant.nests == first.nests,
                variant.columns.map(\.type) == columns.map(\.type),
                variant.rowInput?.fields == first.rowInput?.fields
            else {
                throw query.diagnostic(
                    "its columns are not the same with and without its optional parts",
                    hint: "Let the optional parts filter and order, not select.")
            }
            columns = zip(columns, variant.columns).map { one, other in
                .init(
                    name: one.name, type: one.type, isNullable: one.isNullable || other.isNullable,
                    documentation: one.documentation)
            }
            if let other = variant.rights { rights?.formUnion(other) }
        }
        var parameters: [AnalysedStatement.Parameter] = []
        for asked in query.parameters {
            let found = variants.compactMap { $0.parameters.first { $0.name == asked.name } }
            guard let type = found.first?.type else { continue }
            guard found.allSatisfy({ $0.type == type }) else {
                throw query.diagnostic(
                    "parameter :\(asked.name) has one type here and another there", at: asked.position,
                    hint: "Cast it wherever it stands: :\(asked.name)::text.")
            }
            // Where it decides whether a part is there at all, nil has that meaning and no other.
            let decides = choices.options.contains { $0.parameters.contains(asked.name) }
            parameters.append(
                .init(
                    name: asked.name, type: type, isNullable: !decides && found.contains(where: \.isNullable))
            )
        }
        return AnalysedStatement(
            query: query, parameters: parameters, rowInput: try rowInput(of: first, query, parameters),
            columns: columns, nests: first.nests, shape: first.shape,
            isWrite: variants.contains(where: \.isWrite), rights: rights)
    }

    /// `COPY table (columns) FROM STDIN`: PREPARE does not take it, so its columns are selected instead.
    private func analyseCopy(_ query: QueryStatement, _ module: Module) async throws -> AnalysedStatement {
        guard let match = query.sql.wholeMatch(of: /(?i)COPY\s+([\w."]+)\s*\(([^()]+)\)\s*FROM\s+STDIN/)
        else {
            throw query.diagnostic(
                "it is not a COPY that rows can be put into",
                hint: "Write `COPY market.price_bars (instrument_id, day, close) FROM STDIN`.")
        }
        let description: StatementDescription
        do {
            description = try await connection.describe("SELECT \(match.2) FROM \(match.1)")
        } catch DatabaseError.server(let server) {
            throw refusal(server, of: query, hasPosition: false)
        }
        let numbers = description.columns.map(\.columnNumber)
        guard let oid = description.columns.first?.tableOID, let table = types.catalog.tables[oid],
            !table.isView, numbers.allSatisfy({ $0 > 0 })
        else { throw query.diagnostic("\(match.1) is not a table whose columns these are") }
        var columns: [AnalysedStatement.Column] = []
        for column in numbers.compactMap({ table.column($0) }) {
            do throws(TypeInference.Unsupported) {
                columns.append(
                    .init(
                        name: column.name, type: try types.type(of: column, in: table),
                        isNullable: !column.isNotNull,
                        documentation: TypeInference.documentation(column.comment)))
            } catch {
                throw query.diagnostic("column \(column.name): \(error.message)", hint: error.hint)
            }
        }
        try requireDistinct("columns", columns.map(\.name), query)
        let rights = StatementRights(insertingInto: table, columns: Set(numbers), catalog: types.catalog)
        if let fault = boundaryFaults(of: rights, query, module).first { throw fault }
        return AnalysedStatement(
            query: query, parameters: [], rowInput: nil, columns: columns, nests: [],
            shape: .row(query.rowName ?? "\(Naming.capitalisedFirst(query.name))Row"), isWrite: true,
            rights: rights)
    }
}
