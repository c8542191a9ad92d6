import ExactTypes
import SharedTypes

/// Whose message goes next by a channel. Users take turns, a message each; a user has so many messages under way at
/// most, and so has a host of webhooks. So who is told a hundred things at once, or has an endpoint that does not
/// answer, keeps no one else waiting.
struct SendingTurns: Sendable {
    struct Limits: Sendable, Hashable {
        let total: Int
        let perUser: Int
        let perHost: Int
    }

    /// How many users wait for a host at most. The others are found again when they are looked for.
    static let hostQueueLength = 1_000

    let limits: Limits
    /// Who waits for a turn, in this order.
    private var queue: ArraySlice<User.ID> = []
    private var queued: Set<User.ID> = []
    /// Who waits for a host, in this order.
    private var hostQueue: [(user: User.ID, host: String)] = []
    private var turns: [User.ID: Int] = [:]
    /// Those with all their turns to whom more is due.
    private var unfinished: Set<User.ID> = []
    private var places: [String: Int] = [:]
    private(set) var turnCount = 0

    init(limits: Limits) { self.limits = limits }

    var queueLength: Int { queue.count }

    /// Adds users to whom something is due, behind those who wait. Who waits already keeps their place.
    mutating func add(_ users: [User.ID]) {
        for user in users {
            if let index = hostQueue.firstIndex(where: { $0.user == user }) {
                guard hasPlace(hostQueue[index].host) else { continue }
                hostQueue.remove(at: index)
            }
            enqueue(user)
        }
    }

    /// Begins the next turn; nil where no one waits or all turns are taken.
    mutating func next() -> User.ID? {
        guard turnCount < limits.total, let user = queue.popFirst() else { return nil }
        queued.remove(user)
        turns[user, default: 0] += 1
        turnCount += 1
        return user
    }

    /// More is due to a user than the turn takes: for another turn beside it, or after it.
    mutating func foundMore(_ user: User.ID) {
        if turns[user, default: 0] < limits.perUser { enqueue(user) } else { unfinished.insert(user) }
    }

    /// A turn is over. With a host, nothing was sent because that host has no place: the user waits for one.
    mutating func end(_ user: User.ID, waitingFor host: String? = nil) {
        guard let count = turns[user] else { return }
        turns[user] = count > 1 ? count - 1 : nil
        turnCount -= 1
        let hasMore = unfinished.remove(user) != nil
        guard let host else {
            if hasMore { enqueue(user) }
            return
        }
        if hasPlace(host) {
            enqueue(user)
        } else if !queued.contains(user), !hostQueue.contains(where: { $0.user == user }),
            hostQueue.count < Self.hostQueueLength
        {
            hostQueue.append((user, host))
        }
    }

    /// Takes a place at each of the hosts that has one, and gives those.
    mutating func enter(_ hosts: Set<String>) -> Set<String> {
        let admitted = hosts.filter(hasPlace)
        for host in admitted { places[host, default: 0] += 1 }
        return admitted
    }

    /// Gives the places back; each goes to who has waited longest for it.
    mutating func leave(_ hosts: Set<String>) {
        for host in hosts {
            let count = places[host] ?? 0
            places[host] = count > 1 ? count - 1 : nil
            if let index = hostQueue.firstIndex(where: { $0.host == host }) {
                enqueue(hostQueue.remove(at: index).user)
            }
        }
    }

    private func hasPlace(_ host: String) -> Bool { places[host, default: 0] < limits.perHost }

    private mutating func enqueue(_ user: User.ID) {
        guard !queued.contains(user), turns[user, default: 0] < limits.perUser else { return }
        queued.insert(user)
        queue.append(user)
    }
}
