import ExactTypes
import Foundation
import Logging
import PeriodicWork
import ServiceLifecycle
import SharedTypes
import Synchronization

/// Sends what is due by one channel: looks for users to whom something is due, and lets them take turns.
///
/// Each channel has a lane of its own, so that mail never waits for a webhook. Nothing is leased while it waits here: a
/// turn leases one message when it begins to send it.
final class DeliveryLane: Sendable {
    /// How many users one look finds.
    private static let pageLength = 500

    enum Channel: String, Sendable {
        case mail
        case webhooks
    }

    let channel: Channel
    private let sender: DeliverySender
    private let turns: Mutex<SendingTurns>
    private let after = Mutex(User.ID.lowest)
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(_ channel: Channel, limits: SendingTurns.Limits, sender: DeliverySender) {
        self.channel = channel
        self.sender = sender
        turns = Mutex(SendingTurns(limits: limits))
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Looks for users again and again, from where the last full page ended.
    var looking: PeriodicService {
        PeriodicService(
            "notifications.\(channel.rawValue)", every: sender.settings.pollInterval,
            longestPause: .seconds(5),
            logger: sender.logger
        ) {
            try await self.look()
            return .done
        }
    }

    /// Begins turns until it stops. What is on its way then is still sent and marked.
    func takeTurns() async {
        await withDiscardingTaskGroup { group in
            for await _ in signals {
                while !Task.isCancelled, !Task.isShuttingDownGracefully,
                    let user = self.turns.withLock({ $0.next() })
                {
                    group.addTask {
                        await Task { await self.takeTurn(of: user) }.value
                        self.signal.yield()
                    }
                }
            }
        }
    }

    /// No turn begins any more.
    func stop() { signal.finish() }

    private func look() async throws {
        // A queue that is long is not made longer: who is not in it is found when it is shorter.
        guard turns.withLock({ $0.queueLength }) < Self.pageLength else { return }
        let users = try await findUsers(after: after.withLock { $0 })
        after.withLock { $0 = users.count == Self.pageLength ? users.last ?? .lowest : .lowest }
        turns.withLock { $0.add(users) }
        signal.yield()
    }

    private func takeTurn(of user: User.ID) async {
        let places = HostPlaces(self)
        let end: TurnEnd
        do {
            end = try await send(to: user, at: places)
        } catch {
            sender.logger.warning("a delivery could not be sent", metadata: ["reason": "\(error)"])
            end = .idle
        }
        places.leave()
        turns.withLock { turns in
            if case .waits(let host) = end { return turns.end(user, waitingFor: host) }
            turns.end(user)
            if end == .worked { turns.add([user]) }
        }
    }

    private func send(to user: User.ID, at places: HostPlaces) async throws -> TurnEnd {
        let foundMore = { self.turns.withLock { $0.foundMore(user) } }
        switch channel {
        case .mail: return try await SendMail(sender: sender, userID: user).send(foundMore: foundMore)
        case .webhooks:
            return try await SendWebhook(sender: sender, userID: user).send(at: places, foundMore: foundMore)
        }
    }

    private func findUsers(after user: User.ID) async throws -> [User.ID] {
        switch channel {
        case .mail:
            try await sender.worker.listDueUsers(
                now: sender.now(), channel: .email, afterUserID: user, rowLimit: Self.pageLength)
        case .webhooks:
            try await sender.worker.listDueWebhookUsers(
                now: sender.now(), afterUserID: user, rowLimit: Self.pageLength)
        }
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
