import Foundation
import SharedTypes

/// The place in a list by time and id.
struct ListPosition<E: Entity>: Sendable {
    let at: Date
    let id: Identifier<E>
}

extension Identifier {
    /// Comes before every other.
    static var lowest: Self { Self(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))) }
}
