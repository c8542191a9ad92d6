package import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// A consumer as operators see it.
package struct ConsumerAnswer: Encodable {
    let name: String
    let partitions: Int
    let pausedAt: Date?
    let eventsBehind: Int
    let lagSeconds: Double
    let putAside: Int

    package init(_ state: ConsumerState) {
        (name, partitions, pausedAt) = (state.name, state.partitions, state.pausedAt)
        (eventsBehind, lagSeconds, putAside) = (state.behind, state.lagSeconds, state.putAside)
    }
}

/// An event that is put aside, as operators see it.
package struct ParkedEventAnswer: Encodable {
    let eventID: Event.ID
    let userID: User.ID?
    let type: String
    let version: Int
    let key: String
    let occurredAt: Date
    let requestID: String?
    let status: ParkedEventStatus
    let attempts: Int
    let error: String?
    let nextAttemptAt: Date?
    let parkedAt: Date

    package init(_ event: ParkedEvent) {
        (eventID, userID, type, version) = (event.id, event.owner, event.type, event.version)
        (key, occurredAt, requestID, status) = (event.key, event.occurredAt, event.requestID, event.status)
        (attempts, error, nextAttemptAt) = (event.attempts, event.error, event.nextAttemptAt)
        parkedAt = event.parkedAt
    }
}
