import Migrations
import SchemaAnalysis

/// The keys and the enums of the schema, which every module and every app shares.
public enum SharedTypesSource {
    /// Where they live, relative to the repository.
    public static let folder = "Packages/SharedTypes/Sources/SharedTypes/Generated"

    public static func files(_ types: TypeInference) -> [GeneratedFile] {
        let keys = types.keys.entities.map { entity in
            let comment = TypeInference.documentation(entity.table.comment).map { "\n\n\($0)" } ?? ""
            return "\("A row of `\(entity.table.qualifiedName)`.\(comment)".documentation)\n"
                + "public enum \(entity.name): Entity {}"
        }
        let enums = types.catalog.sortedEnums.compactMap { type in
            types.enumNames[type.oid].map { enumeration(type, name: $0) }
        }
        return [
            GeneratedFile(
                path: "\(folder)/Keys.swift", from: "migrations", imports: ["ExactTypes"], declarations: keys),
            GeneratedFile(
                path: "\(folder)/Enums.swift", from: "migrations", imports: [], declarations: enums),
        ]
    }

    private static func enumeration(_ type: Catalog.EnumType, name: String) -> String {
        let comment = TypeInference.documentation(type.comment).map { "\n\n\($0)" } ?? ""
        let cases = zip(type.labels, EnumCases.names(of: type.labels)).map { label, name in
            name == label
                ? "case \(Naming.escaped(name))"
                : "case \(Naming.escaped(name)) = \(SwiftLiteral.string(label))"
        }
        return """
            \("`\(type.schema).\(type.name)`.\(comment)".documentation)
            public enum \(name): String, Codable, Sendable, CaseIterable, Hashable {
            \(cases.joined(separator: "\n").indented(by: 4))
            }
            """
    }

    /// Every type that is generated there.
    public static func names(_ types: TypeInference) -> Set<String> {
        Set(types.keys.entities.map(\.name)).union(types.enumNames.values)
    }

    /// What of the schema has no name in Swift, or one that something else has; each with its place in the migrations.
    static func faults(_ types: TypeInference, _ folder: MigrationFolder) -> [Diagnostic] {
        let tables = types.keys.entities.map {
            Named(kind: "table", schema: $0.table.schema, sqlName: $0.table.name, name: $0.name)
        }
        let enums = types.catalog.sortedEnums.map {
            Named(kind: "type", schema: $0.schema, sqlName: $0.name, name: types.enumNames[$0.oid] ?? "")
        }
        let others = Dictionary(grouping: tables + enums, by: \.name)
        let names = (tables + enums).compactMap { thing in
            thing.fault(others: others[thing.name] ?? []).map {
                thing.diagnostic($0, folder)
            }
        }
        let labels = types.catalog.sortedEnums.compactMap { type in
            EnumCases.fault(of: type.labels).map { message in
                Named(kind: "type", schema: type.schema, sqlName: type.name, name: "").diagnostic(
                    message, folder,
                    hint: "Rename one: ALTER TYPE \(type.schema).\(type.name) RENAME VALUE '…' TO '…'.")
            }
        }
        return names + labels
    }

    /// A table or an enum, and its type in Swift.
    private struct Named {
        let kind: String
        let schema: String
        let sqlName: String
        let name: String

        func fault(others: [Named]) -> String? {
            guard Naming.isType(name) else {
                return "no name of a Swift type comes of it" + (name.isEmpty ? "" : ", but \(name)")
            }
            if let owner = SwiftNames.isExactType(name) ? "ExactTypes" : SwiftNames.owner(of: name) {
                return "it would be \(name) in Swift and hide that of \(owner), which generated code needs"
            }
            let rest = others.filter { ($0.kind, $0.schema, $0.sqlName) != (kind, schema, sqlName) }
            guard let other = rest.first else { return nil }
            return "it would be \(name) in Swift, as the \(other.kind) \(other.schema).\(other.sqlName)"
        }

        func diagnostic(_ message: String, _ folder: MigrationFolder, hint: String? = nil) -> Diagnostic {
            let found = folder.place(ofName: sqlName, in: schema)
            let position = found?.position ?? SourcePosition(line: 1, column: 1)
            return Diagnostic(
                file: found?.file ?? folder.path, position: position,
                message: "the \(kind) \(schema).\(sqlName): \(message)",
                excerpt: found.map { excerpt(of: $0.text, at: position) } ?? "",
                hint: hint
                    ?? "Rename it, or say its name in Swift at the end of its comment: "
                    + "COMMENT ON \(kind.uppercased()) … IS '… swift:NAME'.")
        }
    }
}
