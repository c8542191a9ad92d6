public import Foundation

/// Something that has happened, as one context tells it to the others. Its properties are the payload: ids and values,
/// in JSON with keys in snake_case.
public protocol DomainEvent: Codable, Hashable, Sendable {
    /// What happened, in the past tense: `transaction.posted`.
    static var type: String { get }
    /// The form of the payload. A property that is added as an optional needs no new one.
    static var version: Int { get }
    /// The natural key: what makes it one event of its user and type, however often it is told.
    var key: String { get }
    /// When it happened in the world.
    var occurredAt: Date { get }
}
