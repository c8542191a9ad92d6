import ContractKit
package import EventLog
import ExactTypes
import Foundation
package import ServiceKitContract
import SharedTypes

extension ServiceKitAPI.Consumer {
    /// A consumer as operators see it.
    package init(_ state: ConsumerState) {
        self.init(
            name: state.name, partitions: state.partitions, pausedAt: state.pausedAt,
            eventsBehind: state.behind, lagSeconds: state.lagSeconds, putAside: state.putAside)
    }
}

extension ServiceKitAPI.ParkedEvent {
    /// An event that is put aside, as operators see it; throws where it is resolved.
    package init(_ event: ParkedEvent) throws(EventLogError) {
        guard let status = Status(event.status) else { throw .notFound("event") }
        self.init(
            eventID: event.id, userID: event.owner, type: event.type, version: event.version, key: event.key,
            occurredAt: event.occurredAt, requestID: event.requestID, status: status,
            attempts: event.attempts, error: event.error, nextAttemptAt: event.nextAttemptAt,
            parkedAt: event.parkedAt)
    }
}
