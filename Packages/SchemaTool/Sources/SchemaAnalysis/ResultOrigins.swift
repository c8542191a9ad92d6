import DatabaseClient
import Migrations

/// Where the columns of a result come from, and whether they may be NULL: from the tree, or from the server's
/// description alone where the tree cannot be read.
struct ResultOrigins {
    private(set) var mayBeNull: [Bool]
    /// Whether it may be an array with NULL in it.
    let mayHoldNull: [Bool]
    private(set) var nests: [AnalysedStatement.Nest] = []
    private(set) var faults: [Diagnostic] = []
    private let catalog: Catalog
    private let places: [[ColumnOrigins.Origin]]
    private let columns: [StatementDescription.Column]

    init(
        of query: QueryStatement, _ description: StatementDescription, tree: NodeTree?,
        _ nullability: Nullability
    ) {
        let catalog = nullability.catalog
        self.catalog = catalog
        columns = description.columns
        let described = description.columns.map { column in
            column.columnNumber > 0
                ? [ColumnOrigins.Origin(table: column.tableOID, column: column.columnNumber)] : []
        }
        guard let tree else {
            places = described
            for name in query.nests {
                faults.append(query.diagnostic("a nest (\(name)) wants a server whose tree is known"))
            }
            mayHoldNull = described.map { _ in true }
            // A word of these may leave a row out; without them a plain column is what its table says.
            let leavesRowsOut = Self.words(of: query.sql).contains {
                ["left", "right", "full", "rollup", "cube", "grouping"].contains($0)
            }
            mayBeNull = described.map { places in
                guard !leavesRowsOut, let place = places.first else { return true }
                return !(catalog.tables[place.table]?.column(place.column)?.isNotNull ?? false)
            }
            return
        }
        let traced = ColumnOrigins(catalog: catalog).origins(inBody: tree)
        places = described.indices.map { index in
            traced.indices.contains(index) && !traced[index].isEmpty ? traced[index] : described[index]
        }
        let walked = nullability.mayBeNull(inBody: tree)
        mayBeNull = described.indices.map { walked.indices.contains($0) ? walked[$0] : true }
        let elements = nullability.mayHoldNull(inBody: tree)
        mayHoldNull = described.indices.map { elements.indices.contains($0) ? elements[$0] : true }
        for name in query.nests { addNest(name, of: query, nullability, tree) }
    }

    private mutating func addNest(
        _ name: String, of query: QueryStatement, _ nullability: Nullability, _ tree: NodeTree
    ) {
        let indices = columns.indices.filter { columns[$0].name.hasPrefix("\(name)_") }
        guard !indices.isEmpty else {
            faults.append(
                query.diagnostic(
                    "no column begins with \(name)_, for which there is a `-- nest:` line",
                    hint: "Name the columns of the joined table \(name)_id, \(name)_… with AS."))
            return
        }
        guard let (key, nullable) = nullability.joined(indices, inBody: tree) else {
            faults.append(
                query.diagnostic(
                    "\(name) may be missing, but none of its columns tells: each may be NULL for itself",
                    hint: "Select a column of it that is NOT NULL, as its key."))
            return
        }
        for (index, mayBeNull) in zip(indices, nullable) { self.mayBeNull[index] = mayBeNull }
        nests.append(.init(name: name, columns: indices, key: key))
    }

    /// The type of the column that it comes from, where all that it may come from agree.
    func type(_ index: Int, _ types: TypeInference) throws(TypeInference.Unsupported) -> SwiftType? {
        var found: SwiftType?
        for place in places[index] {
            guard let table = catalog.tables[place.table], let column = table.column(place.column) else {
                return nil
            }
            // The arms of a UNION may be cast to a type that none of them has.
            guard places[index].count == 1 || column.typeOID == columns[index].typeOID else { return nil }
            let type = try types.type(of: column, in: table)
            guard found == nil || found == type else { return nil }
            found = type
        }
        return found
    }

    func comment(_ index: Int) -> String? {
        guard places[index].count == 1, let place = places[index].first else { return nil }
        return catalog.tables[place.table]?.column(place.column)?.comment
    }

    private static func words(of sql: String) -> [String] {
        let scalars = Array(sql.unicodeScalars)
        let tokens = (try? SQLLexer.tokens(of: scalars)) ?? []
        return tokens.filter { $0.kind == .word }.map {
            String(String.UnicodeScalarView(scalars[$0.range])).lowercased()
        }
    }
}
