import Synchronization

/// When the work on one request is cancelled. A route may move it.
final class RequestDeadline: Sendable {
    // The lock is held for one load or store, never across a suspension.
    private let instant = Mutex<ContinuousClock.Instant?>(nil)

    var isPast: Bool { instant.withLock { $0.map { $0 <= .now } ?? false } }

    func set(_ newInstant: ContinuousClock.Instant) { instant.withLock { $0 = newInstant } }
}
