import DatabaseClient
import Logging
import PeriodicWork
import Synchronization

/// Wakes consumers sooner than they would look by themselves. What it tells is only that there may be something.
///
/// A NOTIFY inside the writers' transactions would make their commits wait for one another, since PostgreSQL takes one
/// lock for all; so one is sent for all events of the next moments, outside them. A transaction that commits later than
/// that is found by the next look.
final class EventBell: Sendable {
    /// As `notifyConsumers` names it.
    static let channel = "grove_events"
    private static let delay = Duration.milliseconds(20)

    private let database: Database
    private let logger: Logger
    private let isRinging = Mutex(false)

    init(database: Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    func ring() {
        let isFirst = isRinging.withLock { isRinging in
            defer { isRinging = true }
            return !isRinging
        }
        guard isFirst else { return }
        Task { [self] in
            try? await Task.sleep(for: Self.delay)
            isRinging.withLock { $0 = false }
            do {
                try await database.notifyConsumers()
            } catch {
                logger.debug("the consumers were not woken", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Signals at each notification, of whichever process, until the task is cancelled.
    func wake(_ wakeup: Wakeup) async {
        for await _ in database.notifications(channel: Self.channel) { wakeup.signal() }
    }
}
