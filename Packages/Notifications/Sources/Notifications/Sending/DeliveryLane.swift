import ExactTypes
import Foundation
import Logging
import SharedTypes
import Synchronization

/// Sends what is due by one channel: looks for users to whom something is due, and lets them take turns.
///
/// Each channel has a lane of its own, so that mail never waits for a webhook. Nothing is leased while it waits here: a
/// turn leases one message when it begins to send it.
final class DeliveryLane: Sendable {
    /// How many users one look finds.
    private static let pageLength = 500

    let channel: NotificationChannel
    private let sender: DeliverySender
    private let turns: Mutex<SendingTurns>

    init(_ channel: NotificationChannel, limits: SendingTurns.Limits, sender: DeliverySender) {
        self.channel = channel
        self.sender = sender
        turns = Mutex(SendingTurns(limits: limits))
    }

    /// Runs until it is cancelled. What is on its way then is still sent and marked.
    func run() async {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask { await self.look(signal) }
            for await _ in signals {
                while !Task.isCancelled, let user = self.turns.withLock({ $0.next() }) {
                    group.addTask {
                        await Task { await self.takeTurn(of: user) }.value
                        signal.yield()
                    }
                }
            }
        }
    }

    /// Looks for users again and again, from where the last full page ended.
    private func look(_ signal: AsyncStream<Void>.Continuation) async {
        var after = User.ID.lowest
        while !Task.isCancelled {
            // A queue that is long is not made longer: who is not in it is found when it is shorter.
            if turns.withLock({ $0.queueLength }) < Self.pageLength {
                do {
                    let users = try await sender.worker.listDueUsers(
                        now: sender.now(), channel: channel, afterUserID: after, rowLimit: Self.pageLength)
                    after = users.count == Self.pageLength ? users.last ?? .lowest : .lowest
                    turns.withLock { $0.add(users) }
                    signal.yield()
                } catch is CancellationError {
                    return
                } catch {
                    // The database is away, say. The next look does what this one could not.
                    sender.logger.warning(
                        "deliveries could not be looked for", metadata: ["reason": "\(error)"])
                }
            }
            try? await Task.sleep(for: sender.settings.pollInterval)
        }
    }

    private func takeTurn(of user: User.ID) async {
        let places = HostPlaces(self)
        var host: String?
        do {
            let delivery = SendDelivery(sender: sender, userID: user, channel: channel)
            host = try await delivery.send(at: places) { self.turns.withLock { $0.foundMore(user) } }
        } catch {
            sender.logger.warning("a delivery could not be sent", metadata: ["reason": "\(error)"])
        }
        places.leave()
        turns.withLock { $0.end(user, waitingFor: host) }
    }

    fileprivate func enter(_ hosts: Set<String>) -> Set<String> { turns.withLock { $0.enter(hosts) } }
    fileprivate func leave(_ hosts: Set<String>) { turns.withLock { $0.leave(hosts) } }
}

/// The places that one turn has at the hosts of webhooks.
final class HostPlaces: Sendable {
    private let lane: DeliveryLane
    private let hosts = Mutex<Set<String>>([])

    init(_ lane: DeliveryLane) { self.lane = lane }

    /// Takes a place at each of the hosts that has one, in exchange for those that it had; gives where it has one now.
    func enter(_ hosts: Set<String>) -> Set<String> {
        leave()
        let admitted = lane.enter(hosts)
        self.hosts.withLock { $0 = admitted }
        return admitted
    }

    /// Gives all of them back.
    func leave() {
        let left = hosts.withLock { hosts in
            defer { hosts = [] }
            return hosts
        }
        lane.leave(left)
    }
}
