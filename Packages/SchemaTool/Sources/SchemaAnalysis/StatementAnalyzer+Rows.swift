/// Many rows in one array of structs: `-- rows: NAME` over `FROM unnest(:ids::uuid[], :names::text[]) AS item (id, name)`.
extension StatementAnalyzer {
    /// The arrays that the statement takes apart as the fields of such a struct; nil where it asks for none.
    func rows(of query: QueryStatement, _ use: ParameterUse?) throws(Diagnostic) -> ParameterUse.Rows? {
        guard let use else {
            guard let name = query.rowsName else { return nil }
            throw query.diagnostic("an array of structs (\(name)) wants a server whose tree is known")
        }
        guard query.rowsName != nil else {
            // Two arrays of different lengths would be filled up with NULL.
            guard let loose = use.rows.first(where: { $0.columns.count > 1 }) else { return nil }
            let names = loose.columns.map { ":\(query.parameters[$0.parameter - 1].name)" }
            throw query.diagnostic(
                "nothing keeps the arrays \(names.joined(separator: ", ")) at one length",
                at: query.parameters[loose.columns[0].parameter - 1].position,
                hint: "Write `-- rows: NewItem`: its caller then passes one array of structs.")
        }
        guard let rows = use.rows.first, use.rows.count == 1 else { throw noRows(of: query) }
        try requireDistinct("rows' fields", rows.columns.map(\.name), query)
        guard Set(rows.columns.map(\.parameter)).count == rows.columns.count else {
            throw query.diagnostic(
                "one array is two of its rows' fields", hint: "Select the field twice instead.")
        }
        return rows
    }

    func noRows(of query: QueryStatement) -> Diagnostic {
        query.diagnostic(
            "there is a `-- rows:` line, but not one unnest of parameters alone",
            hint: "Write `FROM unnest(:ids::uuid[], :names::text[]) AS item (id, name)`, once.")
    }

    /// The struct, of which the alias names the fields.
    func rowInput(
        _ rows: ParameterUse.Rows, _ parameters: [AnalysedStatement.Parameter], _ use: ParameterUse?,
        _ query: QueryStatement
    ) -> AnalysedStatement.RowInput {
        let fields = rows.columns.compactMap { column -> AnalysedStatement.Column? in
            guard case .array(let element) = parameters[column.parameter - 1].type else { return nil }
            let place = self.column(ofElementsOf: column.parameter, use)
            let comment = TypeInference.documentation(place?.column.comment)
            guard case .optional(let value) = element else {
                return .init(name: column.name, type: element, isNullable: false, documentation: comment)
            }
            return .init(name: column.name, type: value, isNullable: true, documentation: comment)
        }
        return .init(
            name: query.rowsName ?? "", fields: fields, parameters: rows.columns.map { $0.parameter - 1 })
    }

    /// The same where the parameters stand among those of all variants.
    func rowInput(
        of variant: AnalysedStatement, _ query: QueryStatement, _ parameters: [AnalysedStatement.Parameter]
    ) throws(Diagnostic) -> AnalysedStatement.RowInput? {
        guard let rows = variant.rowInput else { return nil }
        let names = rows.parameters.map { variant.parameters[$0].name }
        let places = names.compactMap { name in parameters.firstIndex { $0.name == name } }
        let options = Set(query.choices?.options.flatMap(\.parameters) ?? [])
        guard options.isDisjoint(with: names) else {
            throw query.diagnostic(
                "an optional part has some of its rows' fields", hint: "Take them all, always.")
        }
        return .init(name: rows.name, fields: rows.fields, parameters: places)
    }

    /// The one column that the elements of a parameter go into.
    func column(
        ofElementsOf parameter: Int, _ use: ParameterUse?
    ) -> (table: Catalog.Table, column: Catalog.Column)? {
        guard let columns = use?.columnsOfElements[parameter], columns.count == 1, let only = columns.first,
            let table = types.catalog.tables[only.table], let column = table.column(only.number)
        else { return nil }
        return (table, column)
    }
}
