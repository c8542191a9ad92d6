import DatabaseClient
import Migrations

/// Where the columns of a result come from, and whether they may be NULL: from the tree, or from the server's
/// description alone where the tree cannot be read.
struct ResultOrigins {
    let mayBeNull: [Bool]
    private let catalog: Catalog
    private let places: [[ColumnOrigins.Origin]]
    private let columns: [StatementDescription.Column]

    init(
        of query: QueryStatement, _ description: StatementDescription, tree: NodeTree?, catalog: Catalog,
        nullableParameters: Set<Int>
    ) {
        self.catalog = catalog
        columns = description.columns
        let described = description.columns.map { column in
            column.columnNumber > 0
                ? [ColumnOrigins.Origin(table: column.tableOID, column: column.columnNumber)] : []
        }
        guard let tree else {
            places = described
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
        let walked = Nullability(catalog: catalog, nullableParameters: nullableParameters).mayBeNull(
            inBody: tree)
        mayBeNull = described.indices.map { walked.indices.contains($0) ? walked[$0] : true }
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
