/// Why the event log does not do what it is asked.
public enum EventLogError: Error, Equatable {
    /// There is no such thing: "consumer", or "event" that waits for what it is asked.
    case notFound(String)
    /// The event is of a form that this program does not know yet: a newer one wrote it.
    case unknownVersion(type: String, version: Int)
    /// What is a user's own was asked for where the platform acts.
    case noActingUser
    /// No consumer of the context handled this type when its rights were last generated (`scripts/generate`).
    case payloadNotReadable(type: String)
    /// Only the service of its context moves this consumer.
    case otherContext(consumer: String)
}
