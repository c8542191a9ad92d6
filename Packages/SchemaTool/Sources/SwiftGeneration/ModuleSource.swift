import Migrations
import SchemaAnalysis

/// The generated sources of one module: its rows, its typed statements, its HTTP contract.
public struct ModuleSource: Sendable {
    private let module: Module
    private let statements: [AnalysedStatement]
    private let sharedNames: Set<String>

    /// - Parameters:
    ///   - statements: all of the module's, without a fault.
    ///   - sharedNames: the types of SharedTypes, which no row may hide.
    public init(module: Module, statements: [AnalysedStatement], sharedNames: Set<String>) {
        self.module = module
        self.statements = statements
        self.sharedNames = sharedNames
    }

    public var folder: String { "\(module.path)/Sources/\(module.name)/Generated" }

    /// The files, or the faults for whose sake there are none.
    public func files() -> (files: [GeneratedFile], diagnostics: [Diagnostic]) {
        var (rows, diagnostics) = rowSources()
        diagnostics += nameFaults()
        guard diagnostics.isEmpty else { return ([], diagnostics) }
        let byFile = Dictionary(grouping: statements) { $0.query.file }
        let single = Dictionary(grouping: statements.flatMap(Self.ownStructs), by: \.self).filter {
            $0.value.count == 1
        }
        var files: [GeneratedFile] = []
        for file in module.files {
            guard let own = byFile[file.path], !own.isEmpty else { continue }
            let ownRows = own.flatMap(Self.ownStructs).filter { single[$0] != nil }.compactMap { rows[$0] }
            for row in ownRows { rows[row.name] = nil }
            files.append(queriesFile(file, own, ownRows))
        }
        if !rows.isEmpty {
            let shared = rows.values.sorted { $0.name < $1.name }
            files.append(
                GeneratedFile(
                    path: "\(folder)/Rows.swift", from: "\(module.path)/Queries",
                    imports: shared.reduce(into: []) { $0.formUnion($1.imports) },
                    declarations: shared.map { $0.source() }))
        }
        if let text = module.openAPI {
            let origin = "\(module.path)/openapi.yaml"
            do {
                files.append(try OpenAPISource.file(yaml: text, from: origin, folder: folder))
            } catch {
                let start = SourcePosition(line: 1, column: 1)
                return ([], [Diagnostic(file: origin, position: start, message: "\(error)")])
            }
        }
        return (files, [])
    }

    /// The structs that a statement names; a table's own struct is always shared.
    private static func ownStructs(_ statement: AnalysedStatement) -> [String] {
        let row: String? = if case .row(let name) = statement.shape { name } else { nil }
        return [row, statement.rowInput?.name].compactMap(\.self)
    }

    /// The structs of what a statement gives and takes.
    private static func structs(_ statement: AnalysedStatement) -> [RowSource] {
        let name = statement.query.name
        let input = statement.rowInput.map {
            RowSource(
                name: $0.name, subject: "A row for `\(name)`.", columns: $0.fields, nests: [], use: .input)
        }
        let isCopied = statement.query.kind == .copy
        func row(_ row: String, _ subject: String) -> RowSource {
            RowSource(
                name: row, subject: subject, columns: statement.columns, nests: statement.nests,
                use: isCopied ? .copied : .result)
        }
        let result: RowSource? =
            switch statement.shape {
            case .nothing, .value: nil
            case .row(let name): row(name, "A row \(isCopied ? "for" : "of") `\(statement.query.name)`.")
            case .tableRow(let name, let table): row(name, "A whole row of `\(table)`.")
            }
        return [input, result].compactMap(\.self)
    }

    private func rowSources() -> (rows: [String: RowSource], diagnostics: [Diagnostic]) {
        var rows: [String: RowSource] = [:]
        var first: [String: AnalysedStatement] = [:]
        var diagnostics: [Diagnostic] = []
        for (statement, row) in statements.flatMap({ statement in
            Self.structs(statement).map { (statement, $0) }
        }) {
            let name = row.name
            if let place = place(ofTypeCalled: name) {
                diagnostics.append(
                    statement.query.diagnostic(
                        "its row \(name) would hide the type \(name) of \(place), which generated code needs",
                        hint: "Give the row another name: `-- row: \(name)Row`."))
                continue
            }
            guard let other = first[name], let known = rows[name] else {
                first[name] = statement
                rows[name] = row
                continue
            }
            guard !row.agrees(with: known) else { continue }
            diagnostics.append(
                statement.query.diagnostic(
                    "its columns are not those of \(other.query.name), with which it shares the row \(name)",
                    hint:
                        "Select the same columns in the same order, or give it its own row: `-- row: NAME`."
                ))
        }
        return (rows, diagnostics)
    }

    /// Where a type of this name comes from that code of the module means when it writes the name alone: a
    /// struct of the module's own would win over it everywhere.
    private func place(ofTypeCalled name: String) -> String? {
        if SwiftNames.isExactType(name) { return "ExactTypes" }
        return sharedNames.contains(name) ? "SharedTypes" : SwiftNames.owner(of: name)
    }

    /// Names that no Swift, or no Swift beside the rest of the module, can have.
    private func nameFaults() -> [Diagnostic] {
        statements.flatMap { statement -> [Diagnostic] in
            let query = statement.query
            var faults: [Diagnostic] = []
            if query.name == "all" {
                faults.append(
                    query.diagnostic(
                        "the statements of a file have a list of that name", hint: "Give it another name."))
            }
            if case .tableRow(let name, let table) = statement.shape, !Naming.isType(name) {
                faults.append(
                    query.diagnostic(
                        "no name of a Swift type comes of the table \(table)",
                        hint: "Name its row: `-- row: NAME`."))
            }
            // A type of SharedTypes or ExactTypes is written with its module within the row; one of Swift has no such name.
            for nest in statement.nests where SwiftNames.owner(of: Naming.type(nest.name)) != nil {
                faults.append(
                    query.diagnostic(
                        "the nest \(nest.name) would be the struct \(Naming.type(nest.name)), a name that "
                            + "generated code needs", hint: "Begin its columns with another word."))
            }
            return faults
        } + fileFaults()
    }

    private func fileFaults() -> [Diagnostic] {
        var taken: [String: String] = [:]
        return module.files.compactMap { file -> Diagnostic? in
            let name = Naming.type(file.noun)
            let other = taken.updateValue(file.path, forKey: name)
            guard other != nil || !Naming.isType(name) else { return nil }
            return Diagnostic(
                file: file.path, position: SourcePosition(line: 1, column: 1),
                message: other.map { "its types would be called as those of \($0)" }
                    ?? "no name of a Swift type comes of the file's name",
                hint: "Name the file by the noun that it is about, in snake_case: price_bars.sql.")
        }
    }

    private func queriesFile(
        _ file: QueryFile, _ statements: [AnalysedStatement], _ rows: [RowSource]
    ) -> GeneratedFile {
        let holder = "\(Naming.type(file.noun))Statements"
        let sources = statements.map { QuerySource(statement: $0, holder: holder) }
        let extensions = ["QueryExecutor", "RowStreaming", "RowCopying"].compactMap { executor -> String? in
            let functions = sources.filter { $0.executor == executor }.map { $0.function() }
            guard !functions.isEmpty else { return nil }
            return "extension \(executor) {\n\(functions.joined(separator: "\n\n").indented(by: 4))\n}"
        }
        let declarations = sources.map { $0.declaration(prefix: module.statementPrefix) }
        let single = statements.filter { $0.query.choices == nil }.map { Naming.escaped($0.query.name) }
        let several = statements.filter { $0.query.choices != nil }.map {
            " + \(Naming.escaped($0.query.name))"
        }
        let names = single.map { "\($0),\n" }.joined().indented(by: 8)
        let imports = sources.map(\.imports) + rows.map(\.imports)
        return GeneratedFile(
            path: "\(folder)/\(Naming.type(file.noun))Queries.swift", from: file.path,
            imports: imports.reduce(into: ["DatabaseClient"]) { $0.formUnion($1) },
            declarations: extensions + sources.compactMap { $0.orderSource() } + [
                """
                /// The statements of `\(file.noun).sql` as PostgreSQL prepares them.
                enum \(holder) {
                \(declarations.joined(separator: "\n\n").indented(by: 4))

                    /// Every one of them.
                    static let all: [Statement] = [
                \(names)    ]\(several.joined())
                }
                """
            ] + rows.map { $0.source() })
    }
}
