import SchemaAnalysis

/// What the chassis of the services must know of the schema as a whole.
enum SchemaFactsSource {
    /// The module whose generated code holds it.
    static let module = "ServiceKit"

    /// - Parameter lastMigration: the version of the last migration of the shadow; empty where none ran.
    static func file(_ catalog: Catalog, lastMigration: String, folder: String) -> GeneratedFile {
        let keys = ownerKeys(catalog).map { "\"\($0)\"," }.joined(separator: "\n")
        let declaration = """
            /// What a service must know of the schema as a whole.
            enum Schema {
                /// The last migration that this code was generated from.
                static let lastMigration = "\(lastMigration)"

                /// The foreign keys by which a row belongs to its user. One that is violated says that there is no such user.
                static let ownerKeys: Set<String> = [
            \(keys.indented(by: 8))
                ]
            }
            """
        return GeneratedFile(
            path: "\(folder)/Schema.swift", from: "migrations", imports: [], declarations: [declaration])
    }

    /// Keys to users.users of the one column that says whose the row is.
    private static func ownerKeys(_ catalog: Catalog) -> [String] {
        let names = catalog.sortedTables.flatMap { table in
            table.foreignKeys.filter { key in
                catalog.tables[key.table]?.qualifiedName == "users.users" && key.columns.count == 1
                    && ["user_id", "owner_id"].contains(table.column(key.columns[0])?.name)
            }.map(\.name)
        }
        return Set(names).sorted()
    }
}
