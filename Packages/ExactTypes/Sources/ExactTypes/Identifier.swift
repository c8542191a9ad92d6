import Foundation

/// A thing that has an identity of its own: the generated types of the tables that have a key.
public protocol Entity: Sendable {}

extension Entity {
    /// The identifier of such a thing: `Portfolio.ID`, which no compiler confuses with `User.ID`.
    public typealias ID = Identifier<Self>
}

/// The identifier of one kind of thing: a UUID that knows what it identifies.
public struct Identifier<E: Entity>: Sendable, Hashable {
    /// The identifier as the database keeps it.
    public let uuid: UUID

    /// An identifier that is known already.
    public init(_ uuid: UUID) { self.uuid = uuid }

    /// A new identifier for a thing made at that moment: a UUID of version 7 (RFC 9562).
    public static func version7(at moment: Date) -> Self { Self(UUID.version7(at: moment)) }
}

extension Identifier {
    /// Before every other: where a list begins that is read from its start.
    public static var lowest: Self { Self(.lowest) }
    /// After every other: where a list begins that is read from its end.
    public static var highest: Self { Self(.highest) }
}

extension UUID {
    /// The nil UUID (RFC 9562, section 5.9), which no version of UUID makes.
    public static let lowest = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    /// The max UUID (RFC 9562, section 5.10).
    public static let highest = UUID(
        uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
}

extension Identifier: Comparable {
    /// Orders by the bytes, as PostgreSQL does: identifiers of version 7 by the millisecond they were made in.
    public static func < (left: Identifier, right: Identifier) -> Bool {
        withUnsafeBytes(of: left.uuid.uuid) { left in
            withUnsafeBytes(of: right.uuid.uuid) { right in left.lexicographicallyPrecedes(right) }
        }
    }
}

extension Identifier: LosslessStringConvertible {
    /// Reads the 36 characters of a UUID, in either case; nil for anything else.
    public init?(_ description: String) {
        // Foundation reads as far as the UUID goes and lets anything follow it.
        guard description.utf8.count == 36, let uuid = UUID(uuidString: description) else { return nil }
        self.uuid = uuid
    }

    /// The 36 characters of the UUID in lower case, as PostgreSQL writes them.
    public var description: String { uuid.uuidString.lowercased() }
}

extension Identifier: Codable {
    /// Reads the identifier from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { text throws(ParseError) in
            guard let identifier = Identifier(text) else { throw ParseError(reason: "is not a UUID") }
            return identifier
        }
    }

    /// Writes the identifier as a string in lower case.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}
