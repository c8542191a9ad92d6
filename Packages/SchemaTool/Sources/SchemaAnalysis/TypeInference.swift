/// Decides the Swift type of every column and parameter from the catalog: its type, its key, its comment, its
/// name.
public struct TypeInference: Sendable {
    public struct Unsupported: Error, Sendable {
        public let message: String
        public let hint: String
    }

    public let catalog: Catalog
    public let keys: KeyTypes
    /// The enum's name in Swift, by its type's number.
    public let enumNames: [UInt32: String]

    public init(catalog: Catalog) {
        self.catalog = catalog
        keys = KeyTypes(catalog)
        let named = Dictionary(grouping: catalog.sortedEnums, by: \.name)
        enumNames = catalog.enums.mapValues { type in
            Self.annotation(type.comment)
                ?? Naming.type(named[type.name]?.count == 1 ? type.name : "\(type.schema)_\(type.name)")
        }
    }

    /// The type of a table's or a view's own column.
    public func type(of column: Catalog.Column, in table: Catalog.Table) throws(Unsupported) -> SwiftType {
        let plain = try plainType(column.typeOID, modifier: column.typeModifier)
        if let written = Self.annotation(column.comment) {
            return try named(written, for: plain, in: "the comment of \(table.qualifiedName).\(column.name)")
        }
        if plain == .uuid, let entity = keys.entity(table: table.oid, column: column.number) {
            return .identifier(entity)
        }
        return table.isView ? refined(plain, name: column.name, namespaces: [table.schema]) : plain
    }

    /// The type of a parameter or an expression, which has no column of its own but a name.
    public func type(
        oid: UInt32, modifier: Int = -1, name: String, override: String?, namespaces: Set<String>
    ) throws(Unsupported) -> SwiftType {
        let plain = try plainType(oid, modifier: modifier)
        if let override { return try named(override, for: plain, in: name) }
        // A numeric that says its scale means what it says.
        if modifier >= 0 && (plain == .fixedDecimal || plain == .exchangeRate) { return plain }
        return refined(plain, name: name, namespaces: namespaces)
    }

    /// The type of the elements of a parameter that holds one field of many rows: what its column says where it goes into
    /// one, else what its names say.
    func element(
        of plain: SwiftType, into column: SwiftType?, named names: [String], namespaces: Set<String>
    ) -> SwiftType {
        // Of integers the parameter's own width is what is sent.
        if case .int = plain { return plain }
        if let column, column.refines(plain) { return column }
        let found = names.lazy.map { refined(plain, name: $0, namespaces: namespaces) }.first { $0 != plain }
        // A text of the name of an enum's column is a text.
        if case .enumeration = found { return plain }
        return found ?? plain
    }

    private func refined(_ plain: SwiftType, name: String, namespaces: Set<String>) -> SwiftType {
        switch plain {
        case .uuid:
            return keys.entity(named: name, in: namespaces).map(SwiftType.identifier) ?? .uuid
        case .string, .fixedDecimal:
            let own = columnTypes(named: name) { namespaces.contains($0) }
            let all = own.isEmpty ? columnTypes(named: name) { _ in true } : own
            guard all.count == 1, let only = all.first, only.refines(plain) else { return plain }
            return only
        default:
            return plain
        }
    }

    private func columnTypes(named name: String, _ isAsked: (String) -> Bool) -> Set<SwiftType> {
        var found: Set<SwiftType> = []
        for table in catalog.tables.values where isAsked(table.schema) && !table.isView {
            for column in table.columns where column.name == name {
                if let type = try? type(of: column, in: table) { found.insert(type) }
            }
        }
        return found
    }

    /// The type that PostgreSQL's own type has, without what names and comments add.
    private func plainType(_ oid: UInt32, modifier: Int) throws(Unsupported) -> SwiftType {
        if let name = enumNames[oid] { return .enumeration(name) }
        guard let type = catalog.types[oid] else {
            throw Unsupported(message: "the type \(oid) is not in the catalog", hint: "")
        }
        if let base = type.base {
            // What the domain says of its base, as numeric(38,18), a column of it cannot say again.
            return try plainType(base.type, modifier: base.modifier)
        }
        if let element = type.element, type.name.hasPrefix("_") {
            if let domain = catalog.types[element], domain.base != nil {
                throw Unsupported(
                    message: "an array of the domain \(domain.schema).\(domain.name) has no Swift type here",
                    hint: "Cast it to an array of what it is a domain of, as \"…::text[]\".")
            }
            return .array(try plainType(element, modifier: modifier))
        }
        if type.name == "numeric" { return try numeric(modifier) }
        guard let swift = Self.plainTypes[type.name] else {
            throw Unsupported(
                message: "the type \(type.schema).\(type.name) has no Swift type here",
                hint: Self.hint(on: type))
        }
        return swift
    }

    private func numeric(_ modifier: Int) throws(Unsupported) -> SwiftType {
        guard modifier >= 0 else { return .fixedDecimal }
        let (precision, scale) = ((modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF)
        if (precision, scale) == (24, 12) { return .exchangeRate }
        guard scale <= 18 && precision - scale <= 20 else {
            throw Unsupported(
                message: "numeric(\(precision),\(scale)) does not fit FixedDecimal, which is numeric(38,18)",
                hint: "Use numeric(38,18) for amounts and numeric(24,12) for exchange rates.")
        }
        return .fixedDecimal
    }

    private static let plainTypes: [String: SwiftType] = [
        "uuid": .uuid, "text": .string, "varchar": .string, "bpchar": .string, "name": .string,
        "citext": .string,
        "bool": .bool, "int2": .int(bits: 16), "int4": .int(bits: 32), "int8": .int(bits: 64),
        "float8": .double,
        "bytea": .bytes, "timestamptz": .timestamp, "date": .calendarDay, "jsonb": .json,
    ]

    /// The way round.
    private static func hint(on type: Catalog.TypeName) -> String {
        if let hint = hints[type.name] { return hint }
        return switch type.kind {
        case "c": "Name its fields, as (place).street; pass ROW(:street, :town)::\(type.schema).\(type.name)."
        case "r":
            "Select lower(…) and upper(…), which are NULL without a bound; pass \(type.name)(:from, :until)."
        case "m": "Select its ranges as rows, with unnest, and of each lower(…) and upper(…)."
        default: "Cast it to one that has, as \"…::text\"; pass it as :x::text::\(type.name)."
        }
    }

    private static let hints = [
        "timestamp":
            "A moment is timestamptz; a day without a time is date. Read it as \"… AT TIME ZONE 'UTC'\", pass "
            + ":at::timestamptz AT TIME ZONE 'UTC'.",
        "time": "Read it as \"…::text\", pass :at::text::time.",
        "timetz": "Keep a time and a zone apart. Read it as \"…::text\", pass :at::text::timetz.",
        "interval":
            "Read seconds, extract(epoch FROM …)::float8, or \"…::text\"; pass make_interval(secs => :seconds), "
            + "or :period::text::interval.",
        "inet": "Read host(…) or \"…::text\", pass :address::text::inet.",
        "cidr": "Read \"…::text\", pass :network::text::cidr.",
        "money": "Use numeric(38,18) and a currency beside it; money has the server's own currency.",
        "bit": "Use bool, an integer or bytea. Read it as \"…::text\", pass :flags::text::bit(8).",
        "varbit": "Use bool, an integer or bytea. Read it as \"…::text\", pass :flags::text::varbit.",
        "record": "Select its fields one by one.",
        "float4": "Use float8, and numeric for amounts.",
        "json": "Use jsonb.",
        "unknown": "Cast the literal: 'x'::text.",
        "void": "Use `:exec` for a function that returns nothing.",
    ]

    /// What stands after `swift:` at the end of a comment.
    public static func annotation(_ comment: String?) -> String? {
        guard let match = comment?.firstMatch(of: /\s*swift:(\S+?)\.?\s*$/) else { return nil }
        return String(match.1)
    }

    /// The comment without its `swift:TYPE`.
    public static func documentation(_ comment: String?) -> String? {
        guard let text = comment?.replacing(/\s*swift:\S+\s*$/, with: ""), !text.isEmpty else { return nil }
        return text
    }

    /// A type that somebody wrote, checked against what PostgreSQL gives.
    private func named(_ text: String, for plain: SwiftType, in place: String) throws(Unsupported)
        -> SwiftType
    {
        guard let type = parse(text) else {
            throw Unsupported(
                message: "\(place) asks for the type \(text), which the tool does not know",
                hint:
                    "It knows UUID, String, Int, Date, FixedDecimal, ExchangeRate, CalendarDay, Currency, "
                    + "the keys (Portfolio.ID), the enums of the schema, and [T] and [T?] of them.")
        }
        // Only one of the integer widths is PostgreSQL's.
        if case (.int, .int) = (type, plain) { return plain }
        if type == .string && plain == .json { return .json }
        guard type.refines(plain) else {
            throw Unsupported(
                message: "\(place) asks for \(text), but PostgreSQL gives \(plain.name)",
                hint: "Take the type away, or cast in the statement.")
        }
        if case (.array(.int), .array(.int)) = (type, plain) { return plain }
        if case (.array(.optional(.int)), .array(.int)) = (type, plain) {
            return plain.withElements(mayBeNull: true)
        }
        return type
    }

    private func parse(_ text: String) -> SwiftType? {
        if text.hasPrefix("["), text.hasSuffix("]"), text != "[UInt8]" {
            let element = String(text.dropFirst().dropLast())
            guard element.hasSuffix("?") else { return parse(element).map(SwiftType.array) }
            return parse(String(element.dropLast())).map { .array(.optional($0)) }
        }
        if text.hasSuffix(".ID") {
            let name = String(text.dropLast(3))
            return keys.entities.contains { $0.name == name } ? .identifier(name) : nil
        }
        if let known = Self.writtenTypes[text] { return known }
        return enumNames.values.contains(text) ? .enumeration(text) : nil
    }

    private static let writtenTypes: [String: SwiftType] = [
        "UUID": .uuid, "String": .string, "Bool": .bool, "Int": .int(bits: 64), "Double": .double,
        "[UInt8]": .bytes, "Date": .timestamp, "CalendarDay": .calendarDay, "FixedDecimal": .fixedDecimal,
        "Quantity": .fixedDecimal, "ExchangeRate": .exchangeRate, "Currency": .currency,
    ]
}
