import DatabaseClient

/// Holds each statement of a module against a migrated shadow database.
public struct StatementAnalyzer: Sendable {
    let connection: DatabaseConnection
    let types: TypeInference

    /// The major version whose tree the tool can read; of another one it asks nothing.
    private static let knownVersion = 15

    public init(connection: DatabaseConnection, types: TypeInference) {
        self.connection = connection
        self.types = types
    }

    /// What a module's statements are; those with a fault are left out and their faults listed.
    public func analyse(
        _ module: Module
    ) async throws -> (statements: [AnalysedStatement], diagnostics: [Diagnostic]) {
        let version = try await connection.query("SELECT current_setting('server_version_num')::int4 / 10000")
            .one { try $0.int(0) }
        guard version == Self.knownVersion else {
            throw MigratedShadowError.version(version, known: Self.knownVersion)
        }
        var statements: [AnalysedStatement] = []
        var diagnostics: [Diagnostic] = []
        for query in module.statements {
            do {
                statements.append(try await analyse(query, in: module))
            } catch let fault as Faults {
                diagnostics += fault.list
            } catch let fault as Diagnostic {
                diagnostics.append(fault)
            }
        }
        return (statements, diagnostics)
    }

    private struct Faults: Error {
        let list: [Diagnostic]
    }

    private func analyse(_ query: QueryStatement, in module: Module) async throws -> AnalysedStatement {
        let description: StatementDescription
        do {
            description = try await connection.describe(query.sql)
        } catch let error as DatabaseError {
            guard case .server(let server) = error else { throw error }
            throw refusal(server, of: query)
        }
        let tree = try await tree(of: query, parameterTypes: description.parameterTypes)
        var faults: [Diagnostic] = []
        let parameters = zip(query.parameters, description.parameterTypes).compactMap { parameter, oid in
            collecting(&faults) { try self.parameter(parameter, oid, query, module) }
        }
        // What :exec and :count give is thrown away, whatever its type.
        let results = query.kind.returnsRows ? description.columns : []
        let absent = OuterJoins.absentColumns(ofBody: tree)
        let columns = results.enumerated().compactMap { index, column in
            collecting(&faults) {
                try self.column(
                    column, number: index + 1, isAbsent: absent.indices.contains(index) && absent[index],
                    query, module)
            }
        }
        let rights: StatementRights
        do {
            rights = try StatementRights(of: tree, catalog: types.catalog)
        } catch {
            throw query.diagnostic("the tree of a view could not be read: \(error.message)")
        }
        faults += boundaryFaults(of: rights, query, module)
        guard faults.isEmpty else { throw Faults(list: faults) }
        let shape = try shape(of: query, columns, description, module)
        let callsVolatile = rights.functions.contains { types.catalog.functions[$0]?.isVolatile ?? false }
        return AnalysedStatement(
            query: query, parameters: parameters, columns: columns, shape: shape,
            isWrite: rights.changesRows || callsVolatile, rights: rights)
    }

    private func collecting<T>(_ faults: inout [Diagnostic], _ body: () throws -> T) -> T? {
        do {
            return try body()
        } catch let fault as Diagnostic {
            faults.append(fault)
        } catch {
            // `body` throws diagnostics only; the signature cannot say so through the closure.
        }
        return nil
    }

    private func parameter(
        _ parameter: QueryStatement.Parameter, _ oid: UInt32, _ query: QueryStatement, _ module: Module
    ) throws(Diagnostic) -> AnalysedStatement.Parameter {
        do throws(TypeInference.Unsupported) {
            let type = try types.type(
                oid: oid, name: parameter.name, override: query.parameterTypes[parameter.name],
                namespaces: module.namespaces)
            if case .array = type, parameter.isNullable {
                throw TypeInference.Unsupported(
                    message: "an array cannot be passed as nil", hint: "Pass an empty one.")
            }
            return .init(name: parameter.name, type: type, isNullable: parameter.isNullable)
        } catch {
            throw query.diagnostic(
                "parameter :\(parameter.name): \(error.message)", at: parameter.position, hint: error.hint)
        }
    }

    private func column(
        _ column: StatementDescription.Column, number: Int, isAbsent: Bool, _ query: QueryStatement,
        _ module: Module
    ) throws(Diagnostic) -> AnalysedStatement.Column {
        let mark = column.name.last
        let isMarked = mark == "!" || mark == "?"
        let name = isMarked ? String(column.name.dropLast()) : column.name
        guard name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil else {
            throw query.diagnostic(
                "column \(number) is called \"\(name)\"", hint: "Give it a name in snake_case: … AS total.")
        }
        let table = types.catalog.tables[column.tableOID]
        let origin = table?.column(column.columnNumber)
        guard isMarked || !isAbsent || !(origin?.isNotNull ?? false) else {
            throw query.diagnostic(
                "column \(name) may be NULL where the outer join finds no row, though its table says not",
                hint:
                    "Alias it AS \"\(name)?\" to make it optional, or \"\(name)!\" if it cannot be missing."
            )
        }
        do throws(TypeInference.Unsupported) {
            let type: SwiftType
            if let table, let origin, query.columnTypes[name] == nil {
                type = try types.type(of: origin, in: table)
            } else {
                type = try types.type(
                    oid: column.typeOID, modifier: column.typeModifier, name: name,
                    override: query.columnTypes[name], namespaces: module.namespaces)
            }
            let isNotNull = mark == "!" || (mark != "?" && origin?.isNotNull ?? false)
            return .init(
                name: name, type: type, isNullable: !isNotNull,
                documentation: TypeInference.documentation(origin?.comment))
        } catch {
            throw query.diagnostic("column \(name): \(error.message)", hint: error.hint)
        }
    }

    private func refusal(_ error: ServerError, of query: QueryStatement) -> Diagnostic {
        let hint: String
        switch error.sqlState {
        case "42703":
            hint = "The column is not in the schema as the migrations leave it: see migrations/schema.sql."
        case "42P01", "3F000":
            hint = "Write the table with its namespace; it must be in a migration. See migrations/schema.sql."
        case "42883": hint = "Check the function's arguments, or give a parameter its type: :name::uuid."
        case "42P18", "42725": hint = "Give the parameter its type: :name::text."
        case "42804": hint = "Cast to the column's type."
        default: hint = error.hint ?? "Correct the statement, then run `schema generate` again."
        }
        return query.diagnostic(
            "\(error.message) (SQLSTATE \(error.sqlState))", at: error.position,
            hint: [error.sqlState.hasPrefix("42") ? error.hint : nil, hint].compactMap { $0 }.joined(
                separator: " "))
    }
}

/// The shadow database is not one that the tool can read.
public enum MigratedShadowError: Error, Sendable, CustomStringConvertible {
    case version(Int, known: Int)

    public var description: String {
        switch self {
        case .version(let version, let known):
            "The shadow is PostgreSQL \(version); the tool reads the analysed tree of \(known) only. "
                + "Give it one with --shadow-url."
        }
    }
}
