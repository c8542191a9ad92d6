import SchemaAnalysis

/// The keys and the enums of the schema, which every module and every app shares.
public enum SharedTypesSource {
    /// Where they live, relative to the repository.
    public static let folder = "Packages/SharedTypes/Sources/SharedTypes/Generated"

    public static func files(_ types: TypeInference) -> [GeneratedFile] {
        let keys = types.keys.entities.map { entity in
            let comment = entity.table.comment.map { "\n\n\($0)" } ?? ""
            return "\("A row of `\(entity.table.qualifiedName)`.\(comment)".documentation)\n"
                + "public enum \(entity.name): Entity {}"
        }
        let enums = types.catalog.sortedEnums.compactMap { type in
            types.enumNames[type.oid].map { enumeration(type, name: $0) }
        }
        return [
            GeneratedFile(path: "\(folder)/Keys.swift", from: "migrations", imports: [], declarations: keys),
            GeneratedFile(
                path: "\(folder)/Enums.swift", from: "migrations", imports: [], declarations: enums),
        ]
    }

    private static func enumeration(_ type: Catalog.EnumType, name: String) -> String {
        let comment = type.comment.map { "\n\n\($0)" } ?? ""
        let cases = type.labels.map { label in
            let name = caseName(label)
            return name == label
                ? "case \(Naming.escaped(name))" : "case \(Naming.escaped(name)) = \"\(label)\""
        }
        return """
            \("`\(type.schema).\(type.name)`.\(comment)".documentation)
            public enum \(name): String, Codable, Sendable, CaseIterable, Hashable {
            \(cases.joined(separator: "\n").indented(by: 4))
            }
            """
    }

    /// `transfer_in` → `transferIn`; a label that begins with a digit is led by `value`.
    static func caseName(_ label: String) -> String {
        let words = label.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        guard let first = words.first else { return "empty" }
        let name =
            first.prefix(1).lowercased() + first.dropFirst()
            + words.dropFirst().map { Naming.capitalisedFirst($0) }.joined()
        return name.first?.isNumber ?? false ? "value\(name)" : name
    }

    /// Every type that is generated there, or written by hand.
    public static func names(_ types: TypeInference) -> Set<String> {
        Set(ownNames).union(types.keys.entities.map(\.name)).union(types.enumNames.values)
    }

    /// Names that two things of the schema, or the schema and SharedTypes itself, both want; each a sentence.
    public static func nameFaults(_ types: TypeInference) -> [String] {
        var origins: [String: [String]] = [:]
        for name in ownNames { origins[name, default: []].append("SharedTypes itself") }
        for entity in types.keys.entities {
            origins[entity.name, default: []].append("the table \(entity.table.qualifiedName)")
        }
        for type in types.catalog.sortedEnums {
            origins[types.enumNames[type.oid] ?? "", default: []].append(
                "the enum \(type.schema).\(type.name)")
        }
        return origins.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { name, origins in
            "\(origins.joined(separator: " and ")) would both be \(name): rename one in its migration."
        }
    }

    private static let ownNames = [
        "FixedDecimal", "Quantity", "Money", "Currency", "ExchangeRate", "CalendarDay", "Entity",
        "Identifier",
        "ArithmeticError", "ParseError",
    ]
}
