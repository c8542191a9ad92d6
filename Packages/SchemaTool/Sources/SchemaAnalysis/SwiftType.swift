/// The Swift type of a column or a parameter, and with it how its value crosses the wire.
public indirect enum SwiftType: Hashable, Sendable {
    case uuid
    case string
    case bool
    /// An `Int` in Swift, of this many bits in the database: 16, 32 or 64.
    case int(bits: Int)
    case double
    case bytes
    /// A `Date`: timestamptz.
    case timestamp
    case calendarDay
    case fixedDecimal
    case exchangeRate
    /// The JSON text of a jsonb value.
    case json
    case currency
    /// The key of an entity: `Portfolio.ID`.
    case identifier(String)
    /// An enum generated from the schema.
    case enumeration(String)
    case array(SwiftType)
    /// What an array holds where its elements may be NULL.
    case optional(SwiftType)

    /// As Swift writes it.
    public var name: String {
        switch self {
        case .uuid: "UUID"
        case .string, .json: "String"
        case .bool: "Bool"
        case .int: "Int"
        case .double: "Double"
        case .bytes: "[UInt8]"
        case .timestamp: "Date"
        case .calendarDay: "CalendarDay"
        case .fixedDecimal: "FixedDecimal"
        case .exchangeRate: "ExchangeRate"
        case .currency: "Currency"
        case .identifier(let entity): "\(entity).ID"
        case .enumeration(let name): name
        case .array(let element): "[\(element.name)]"
        case .optional(let value): "\(value.name)?"
        }
    }

    /// True when a value of `self` can stand where PostgreSQL's type gives `plain`: a key for a UUID, say.
    public func refines(_ plain: SwiftType) -> Bool {
        switch (self, plain) {
        case _ where self == plain: true
        case (.identifier, .uuid), (.uuid, .identifier): true
        case (.currency, .string), (.string, .currency), (.enumeration, .string): true
        case (.fixedDecimal, .exchangeRate), (.exchangeRate, .fixedDecimal): true
        case (.int, .int): true
        case (.array(let element), .array(let other)): element.refines(other)
        case (.optional(let value), _): value.refines(plain)
        default: false
        }
    }

    /// Whether it is an array that may hold NULL.
    public var elementsMayBeNull: Bool {
        if case .array(.optional) = self { true } else { false }
    }

    /// An array whose elements may be NULL, or may not; anything else as it is.
    func withElements(mayBeNull: Bool) -> SwiftType {
        guard case .array(let element) = self else { return self }
        let plain = if case .optional(let value) = element { value } else { element }
        return .array(mayBeNull ? .optional(plain) : plain)
    }

    /// The modules that declare the type, where they are not Swift's own.
    public var imports: Set<String> {
        switch self {
        case .uuid, .timestamp: ["Foundation"]
        case .calendarDay, .fixedDecimal, .exchangeRate, .currency: ["ExactTypes"]
        // The entity is the schema's; that it has an ID comes from beneath.
        case .identifier: ["ExactTypes", "SharedTypes"]
        case .enumeration: ["SharedTypes"]
        case .array(let element): element.imports
        case .optional(let value): value.imports
        case .string, .json, .bool, .int, .double, .bytes: []
        }
    }
}
