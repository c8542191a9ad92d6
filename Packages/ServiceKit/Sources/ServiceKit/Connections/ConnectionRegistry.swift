import Logging
import Metrics
import NIOCore
import Synchronization

/// Admits connections to a server, and ends the one that has been idle for the longest where there is no room.
final class ConnectionRegistry: Sendable {
    private struct State {
        var census: ConnectionCensus<ObjectIdentifier>
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    // The lock is held for one change of the state, never across a call to a channel.
    private let state: Mutex<State>
    private let countsAddresses: Bool
    private let logger: Logger

    /// - Parameter countsAddresses: false behind a proxy, whose connections all come from one address.
    init(maximum: Int, maximumPerAddress: Int, countsAddresses: Bool, logger: Logger) {
        state = Mutex(
            State(census: ConnectionCensus(maximum: maximum, maximumPerAddress: maximumPerAddress)))
        self.countsAddresses = countsAddresses
        self.logger = logger
    }

    /// Whether the connection may stay.
    func admit(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let peer = countsAddresses ? channel.remoteAddress?.ipAddress : nil
        // By the network, as all limits by address.
        let address = peer.flatMap { ClientAddress(parsing: $0) }?.network
        let (admission, replaced) = state.withLock { state in
            let admission = state.census.open(id, from: address)
            var replaced: (any Channel)?
            if case .replaces(let oldest) = admission {
                replaced = state.channels.removeValue(forKey: oldest)
            }
            if admission != .full && admission != .addressFull { state.channels[id] = channel }
            return (admission, replaced)
        }
        switch admission {
        case .admitted: return true
        case .replaces:
            Self.count("idle_closed")
            replaced?.close(promise: nil)
            return true
        case .addressFull, .full:
            Self.count(admission == .full ? "full" : "address_full")
            logger.debug("A connection was refused.", metadata: ["reason": "\(admission)"])
            return false
        }
    }

    func closed(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.census.close(id)
            state.channels[id] = nil
        }
    }

    func becameBusy(_ channel: any Channel) {
        state.withLock { $0.census.becameBusy(ObjectIdentifier(channel)) }
    }

    func becameIdle(_ channel: any Channel) {
        state.withLock { $0.census.becameIdle(ObjectIdentifier(channel)) }
    }

    private static func count(_ outcome: String) {
        Counter(label: "http_connections_ended", dimensions: [("reason", outcome)]).increment()
    }
}
