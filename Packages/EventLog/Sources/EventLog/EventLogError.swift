import DatabaseClient

/// Why the event log does not do what it is asked.
public enum EventLogError: Error, Equatable {
    /// There is no such thing: "consumer", "event".
    case notFound(String)
    /// The fact was appended before.
    case alreadyAppended
    /// The consumer is registered.
    case consumerTaken
    /// The job was made before.
    case alreadyScheduled
    /// The event is of a form that this program does not know yet: a newer one wrote it.
    case unknownVersion(type: String, version: Int)
}

extension EventLogError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "events_natural_key": self = .alreadyAppended
        case "consumers_pkey": self = .consumerTaken
        case "jobs_natural_key": self = .alreadyScheduled
        default: return nil
        }
    }
}
