public import Foundation

/// One key for one intention: a request that is sent again with its key happens once and has one answer.
public struct IdempotencyKey: Sendable, Hashable, CustomStringConvertible {
    /// The header's value: 1 to 255 visible ASCII characters.
    public let description: String

    /// A key that is known already; nil where it is not 1 to 255 visible ASCII characters.
    public init?(_ text: String) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        description = text
    }

    /// The key of an intention that has an identifier.
    public init(_ intention: UUID) { description = intention.uuidString.lowercased() }
}
