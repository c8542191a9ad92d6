import ExactTypes
import Foundation

/// The place in a list by time and id.
struct ListPosition<E: Entity>: Sendable {
    let at: Date
    let id: Identifier<E>
}
