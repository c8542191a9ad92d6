import NIOCore
import Synchronization

/// Whether the service has been told to end, which stays true once it is, and the socket that it listens on.
final class DrainState: Sendable {
    private let draining = Atomic(false)
    // The lock is held for one load or store, never across a suspension.
    private let socket = Mutex<(any Channel)?>(nil)

    var isDraining: Bool { draining.load(ordering: .acquiring) }

    var listeningChannel: (any Channel)? { socket.withLock { $0 } }

    func begin() { draining.store(true, ordering: .releasing) }

    func listen(on channel: any Channel) { socket.withLock { $0 = channel } }
}
