import DatabaseClient

extension StatementAnalyzer {
    /// Has PostgreSQL analyse the statement as the body of a function that is never kept, and reads its tree.
    func tree(of query: QueryStatement, parameterTypes: [UInt32]) async throws -> NodeTree {
        let names = parameterTypes.map { oid -> String in
            let type = types.catalog.types[oid]
            return type.map { "\(quotedName($0.schema)).\(quotedName($0.name))" } ?? "unknown"
        }
        let opening =
            "CREATE FUNCTION pg_temp.q(\(names.joined(separator: ", "))) RETURNS void\n"
            + "LANGUAGE sql BEGIN ATOMIC\n"
        try await connection.script("BEGIN")
        let text: String
        do {
            try await connection.script("\(opening)\(query.sql)\n;END")
            text = try await connection.query(
                """
                SELECT prosqlbody::text FROM pg_catalog.pg_proc
                WHERE proname = 'q' AND pronamespace = pg_my_temp_schema()
                """
            ).one { try $0.text(0) }
            try await connection.script("ROLLBACK")
        } catch {
            try await connection.script("ROLLBACK")
            guard case .server(let server)? = error as? DatabaseError else { throw error }
            throw query.diagnostic(
                "\(server.message) (SQLSTATE \(server.sqlState))",
                at: server.position.map { $0 - opening.unicodeScalars.count },
                hint: "Only SELECT, INSERT, UPDATE, DELETE and MERGE can be a module's statement.")
        }
        do {
            return try NodeTree(parsing: text)
        } catch {
            throw query.diagnostic("PostgreSQL's analysed tree could not be read: \(error.message)")
        }
    }

    private func quotedName(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    /// A statement stays within its module's namespaces, save for the reads that the README declares.
    func boundaryFaults(of rights: StatementRights, _ query: QueryStatement, _ module: Module) -> [Diagnostic]
    {
        let allowed = module.namespaces.union(["app"])
        var faults: [Diagnostic] = []
        func isDeclared(_ name: String) -> Bool { module.declaredReads.contains(name) }
        func declare(_ name: String) -> String {
            "If the owner's README offers it, write the line `reads: \(name)` into \(module.path)/README.md."
        }
        /// A module that is no context yet looks like a stranger in its own namespace.
        func newContext(_ schema: String) -> String? {
            guard module.context == nil, module.name.lowercased() == schema else { return nil }
            return "If \(module.name) is a context of its own, write \(schema) into migrations/contexts."
        }
        for oid in rights.tables.sorted() {
            guard let table = types.catalog.tables[oid], !allowed.contains(table.schema) else { continue }
            let name = table.qualifiedName
            let writes = rights.columns.keys.filter { $0.table == oid && $0.verb != .select }.map(
                \.verb.rawValue)
            if !writes.isEmpty || rights.lockedTables.contains(oid) {
                let verbs =
                    writes.isEmpty ? "locks rows of" : "does \(writes.sorted().joined(separator: ", ")) on"
                faults.append(
                    query.diagnostic(
                        "it \(verbs) \(name), which belongs to \(table.schema)",
                        at: query.sqlPosition(of: name),
                        hint: newContext(table.schema)
                            ?? "Contexts meet as events, or through a function that the owner provides."))
            } else if !isDeclared(name) {
                faults.append(
                    query.diagnostic(
                        "it reads \(name), which belongs to \(table.schema)", at: query.sqlPosition(of: name),
                        hint: newContext(table.schema) ?? declare(name)))
            }
        }
        for oid in rights.functions.sorted() {
            guard let function = types.catalog.functions[oid], !allowed.contains(function.schema),
                !isDeclared(function.qualifiedName)
            else { continue }
            // A function that another context's policy calls comes along with the table.
            let comesAlong = rights.tables.contains {
                types.catalog.functionsOfTable[$0]?.contains(oid) ?? false
            }
            if comesAlong { continue }
            faults.append(
                query.diagnostic(
                    "it calls \(function.qualifiedName), which belongs to \(function.schema)",
                    at: query.sqlPosition(of: function.qualifiedName),
                    hint: newContext(function.schema) ?? declare(function.qualifiedName)))
        }
        return faults
    }

    /// What a row of the result is called.
    func shape(
        of query: QueryStatement, _ columns: [AnalysedStatement.Column], _ nests: [AnalysedStatement.Nest],
        _ description: StatementDescription, _ module: Module
    ) throws(Diagnostic) -> AnalysedStatement.Shape {
        try requireDistinct("parameters", query.parameters.map(\.name), query)
        if let parameter = query.parameters.first(where: { $0.name == "self" }) {
            throw query.diagnostic(
                "a parameter cannot be self in Swift", at: parameter.position, hint: "Give it another name.")
        }
        guard query.kind.returnsRows else { return .nothing }
        guard let first = columns.first else {
            throw query.diagnostic(
                "it gives no rows, but is declared :\(query.kind.rawValue)",
                hint: "Write :exec, or :count for the number of rows it touched, or add RETURNING.")
        }
        var names: Set<String> = []
        for column in columns where !names.insert(column.name).inserted {
            throw query.diagnostic(
                "two columns are called \(column.name)", hint: "Give one another name with AS.")
        }
        try requireDistinct(
            "columns",
            columns.indices.filter { index in !nests.contains { $0.columns.contains(index) } }
                .map { columns[$0].name } + nests.map(\.name), query)
        for nest in nests {
            try requireDistinct(
                "columns", nest.columns.map { String(columns[$0].name.dropFirst(nest.name.count + 1)) }, query
            )
        }
        if let name = query.rowName { return .row(name) }
        if columns.count == 1, query.nests.isEmpty {
            guard query.kind != .optional || !first.isNullable else {
                throw query.diagnostic(
                    ":optional with one column that may be NULL cannot tell NULL from no row",
                    hint:
                        "Alias it AS \"\(first.name)!\" if it never is, or name a struct: `-- row: NAME`."
                )
            }
            return .value
        }
        if query.nests.isEmpty, let table = wholeTable(description), module.namespaces.contains(table.schema),
            zip(columns, table.columns).allSatisfy({ $0.name == $1.name && $0.isNullable != $1.isNotNull })
        {
            return .tableRow("\(Naming.type(Naming.singular(table.name)))Row", table: table.qualifiedName)
        }
        return .row("\(Naming.capitalisedFirst(query.name))Row")
    }

    /// Names that differ in SQL and not in Swift, as `user_id` and `user__id`, or that Swift cannot have at all.
    func requireDistinct(
        _ what: String, _ names: [String], _ query: QueryStatement
    ) throws(Diagnostic) {
        var known: [String: String] = [:]
        for name in names {
            let property = Naming.property(name)
            guard property.first?.isLetter ?? false else {
                throw query.diagnostic(
                    "no name in Swift comes of \(name), one of its \(what)",
                    hint: "Begin it with a letter.")
            }
            guard let other = known.updateValue(name, forKey: property) else { continue }
            throw query.diagnostic(
                "its \(what) \(other) and \(name) would both be \(property) in Swift",
                hint: "Give one another name.")
        }
    }

    private func wholeTable(_ description: StatementDescription) -> Catalog.Table? {
        guard let oid = description.columns.first?.tableOID, let table = types.catalog.tables[oid],
            !table.isView, description.columns.allSatisfy({ $0.tableOID == oid }),
            description.columns.map(\.columnNumber) == table.columns.map(\.number)
        else { return nil }
        return table
    }
}
