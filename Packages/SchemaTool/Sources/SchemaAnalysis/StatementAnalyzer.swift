import DatabaseClient
import Migrations

/// Holds each statement of a module against a migrated shadow database.
public struct StatementAnalyzer: Sendable {
    let connection: DatabaseConnection
    public let types: TypeInference

    /// The major versions whose tree the tool can read.
    private let knownVersions: Set<Int>

    public init(connection: DatabaseConnection, types: TypeInference) {
        self.init(
            connection: connection, types: types, knownVersions: Set(Doctor.analysedMajors))
    }

    init(connection: DatabaseConnection, types: TypeInference, knownVersions: Set<Int>) {
        self.connection = connection
        self.types = types
        self.knownVersions = knownVersions
    }

    /// What a module's statements are; those with a fault are left out. The faults and warnings are listed.
    public func analyse(
        _ module: Module
    ) async throws -> (statements: [AnalysedStatement], diagnostics: [Diagnostic]) {
        let version = try await connection.query("SELECT current_setting('server_version_num')::int4 / 10000")
            .one { try $0.int(0) }
        let readsTrees = knownVersions.contains(version)
        var statements: [AnalysedStatement] = []
        var diagnostics: [Diagnostic] = []
        if !readsTrees, let first = module.statements.first {
            diagnostics.append(Self.unknown(version, of: first.file, known: knownVersions))
        }
        for query in module.statements {
            do {
                let (statement, warnings) = try await analyseAll(of: query, module, readsTrees: readsTrees)
                statements.append(statement)
                diagnostics += warnings
            } catch let fault as Faults {
                diagnostics += fault.list
            } catch let fault as Diagnostic {
                diagnostics.append(fault)
            }
        }
        return (statements, diagnostics)
    }

    private static func unknown(_ version: Int, of file: String, known: Set<Int>) -> Diagnostic {
        let versions = known.sorted().map(String.init).joined(separator: " and ")
        return Diagnostic(
            file: file, position: SourcePosition(line: 1, column: 1),
            message:
                "the shadow is PostgreSQL \(version), whose analysed tree the tool cannot read: every expression "
                + "counts as one that may be NULL, and no grants are written",
            hint: "Give it a server of version \(versions) with --shadow-url.", severity: .warning)
    }

    private struct Faults: Error {
        let list: [Diagnostic]
    }

    func analyse(
        _ query: QueryStatement, in module: Module, readsTrees: Bool
    ) async throws -> (AnalysedStatement, warnings: [Diagnostic]) {
        let description: StatementDescription
        do {
            description = try await connection.describe(query.sql)
        } catch let error as DatabaseError {
            guard case .server(let server) = error else { throw error }
            throw refusal(server, of: query)
        }
        let tree = readsTrees ? try await tree(of: query, parameterTypes: description.parameterTypes) : nil
        var found: [Diagnostic] = []
        let use = tree.map { ParameterUse(inBody: $0, catalog: types.catalog) }
        let rows = try rows(of: query, use)
        var parameters: [AnalysedStatement.Parameter] = []
        for (index, type) in description.parameterTypes.enumerated() {
            do throws(Diagnostic) {
                let (parameter, warning) = try parameter(index, type, use, rows, query, module)
                parameters.append(parameter)
                found += warning
            } catch {
                found.append(error)
            }
        }
        // What :exec and :count give is thrown away, whatever its type.
        let results = query.kind.returnsRows ? description.columns : []
        let origins = ResultOrigins(
            of: query, description, tree: tree,
            Nullability(
                catalog: types.catalog,
                nullableParameters: Set(
                    parameters.indices.filter { parameters[$0].isNullable }.map { $0 + 1 }),
                nullableElements: Set(
                    parameters.indices.filter { parameters[$0].type.elementsMayBeNull }.map { $0 + 1 }),
                rowParameters: Set(rows?.columns.map(\.parameter) ?? [])))
        var columns: [AnalysedStatement.Column] = []
        for (index, result) in results.enumerated() {
            do throws(Diagnostic) {
                let (column, warning) = try column(result, at: index, origins, query, module)
                columns.append(column)
                found += warning
            } catch {
                found.append(error)
            }
        }
        var rights: StatementRights?
        if let tree { rights = try self.rights(in: tree, of: query) }
        if let rights { found += boundaryFaults(of: rights, query, module) }
        found += origins.faults
        guard !found.contains(where: { $0.severity == .error }) else { throw Faults(list: found) }
        let shape = try shape(of: query, columns, origins.nests, description, module)
        let isWrite = rights.map { rights in
            rights.changesRows
                || rights.functions.contains { types.catalog.functions[$0]?.isVolatile ?? false }
        }
        var statement = AnalysedStatement(
            query: query, parameters: parameters,
            rowInput: rows.map { rowInput($0, parameters, use, query) }, columns: columns,
            nests: origins.nests, shape: shape, isWrite: isWrite ?? true, rights: rights)
        if let tree { statement.clusterFaults = ClusterRules.faults(in: tree, types.catalog) }
        return (statement, found)
    }

    private func rights(in tree: NodeTree, of query: QueryStatement) throws(Diagnostic) -> StatementRights {
        do {
            return try StatementRights(of: tree, catalog: types.catalog)
        } catch {
            throw query.diagnostic("the tree of a view could not be read: \(error.message)")
        }
    }

    private func parameter(
        _ index: Int, _ oid: UInt32, _ use: ParameterUse?, _ rows: ParameterUse.Rows?,
        _ query: QueryStatement,
        _ module: Module
    ) throws(Diagnostic) -> (AnalysedStatement.Parameter, warning: [Diagnostic]) {
        let parameter = query.parameters[index]
        let override = query.parameterTypes[parameter.name]
        do throws(TypeInference.Unsupported) {
            var type = try types.type(
                oid: oid, name: parameter.name, override: override, namespaces: module.namespaces)
            // An array itself is never nil: what is known, and what a mark says, is of its elements.
            guard case .array(let element) = type else {
                let isInferred = use?.nullable.contains(index + 1) ?? false
                let warning = needless(
                    parameter.mark, mayBeNull: isInferred, "parameter :\(parameter.name)", query,
                    at: parameter.position)
                let isNullable = parameter.mark.map { $0 == .mayBeNull } ?? isInferred
                return (.init(name: parameter.name, type: type, isNullable: isNullable), warning)
            }
            let isInferred = type.elementsMayBeNull || use?.nullableElements.contains(index + 1) ?? false
            if override == nil, let field = rows?.columns.first(where: { $0.parameter == index + 1 }) {
                type = .array(
                    types.element(
                        of: element,
                        into: column(ofElementsOf: index + 1, use).flatMap {
                            try? types.type(of: $0.column, in: $0.table)
                        },
                        named: [field.name, Naming.singular(parameter.name)], namespaces: module.namespaces))
            }
            let warning = needless(
                parameter.mark, mayBeNull: isInferred, "an element of parameter :\(parameter.name)", query,
                at: parameter.position)
            let mayBeNull = parameter.mark.map { $0 == .mayBeNull } ?? isInferred
            return (
                .init(name: parameter.name, type: type.withElements(mayBeNull: mayBeNull), isNullable: false),
                warning
            )
        } catch {
            throw query.diagnostic(
                "parameter :\(parameter.name): \(error.message)", at: parameter.position, hint: error.hint)
        }
    }

    /// A mark that says what the tool finds anyway hides the day on which it finds something else.
    private func needless(
        _ mark: QueryStatement.NullMark?, mayBeNull: Bool, _ what: String, _ query: QueryStatement,
        at position: Int?
    ) -> [Diagnostic] {
        guard let mark, (mark == .mayBeNull) == mayBeNull else { return [] }
        return [
            query.diagnostic(
                "\(what) \(mayBeNull ? "may be NULL" : "is never NULL") without the \(mark.rawValue)",
                at: position, hint: "Take the mark away.", severity: .warning)
        ]
    }

    private func column(
        _ column: StatementDescription.Column, at index: Int, _ origins: ResultOrigins,
        _ query: QueryStatement, _ module: Module
    ) throws(Diagnostic) -> (AnalysedStatement.Column, warning: [Diagnostic]) {
        let mark = column.name.last.flatMap(QueryStatement.NullMark.init)
        let name = mark == nil ? column.name : String(column.name.dropLast())
        guard name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil else {
            throw query.diagnostic(
                "column \(index + 1) is called \"\(name)\"",
                hint: "Give it a name in snake_case: … AS total.")
        }
        let mayBeNull = origins.mayBeNull[index]
        let warning = needless(
            mark, mayBeNull: mayBeNull, "column \(name)", query,
            at: query.sqlPosition(of: "\"\(column.name)\""))
        do throws(TypeInference.Unsupported) {
            var type: SwiftType
            if query.columnTypes[name] == nil, let traced = try origins.type(index, types) {
                type = traced
            } else {
                type = try types.type(
                    oid: column.typeOID, modifier: column.typeModifier, name: name,
                    override: query.columnTypes[name], namespaces: module.namespaces)
            }
            if query.columnTypes[name] == nil {
                type = type.withElements(mayBeNull: origins.mayHoldNull[index])
            }
            let isNullable = mark.map { $0 == .mayBeNull } ?? mayBeNull
            let documentation = TypeInference.documentation(origins.comment(index))
            return (
                .init(name: name, type: type, isNullable: isNullable, documentation: documentation), warning
            )
        } catch {
            throw query.diagnostic("column \(name): \(error.message)", hint: error.hint)
        }
    }

    func refusal(_ error: ServerError, of query: QueryStatement, hasPosition: Bool = true) -> Diagnostic {
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
            "\(error.message) (SQLSTATE \(error.sqlState))", at: hasPosition ? error.position : nil,
            hint: [error.sqlState.hasPrefix("42") ? error.hint : nil, hint].compactMap { $0 }.joined(
                separator: " "))
    }
}
