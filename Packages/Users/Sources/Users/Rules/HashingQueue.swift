/// Whose password is hashed next: so many at once, and the addresses that wait take turns, so that one that asks a
/// hundred times waits for itself. Tickets come in, actions go out; ``PasswordHasher`` carries them out.
struct HashingQueue: Sendable {
    typealias Ticket = Int

    struct Limits: Sendable {
        /// Passwords hashed at the same time.
        var atOnce = 2
        /// Tickets that wait, of one address and of all.
        var waitingPerAddress = 32
        var waiting = 256
    }

    enum Action: Sendable, Equatable {
        case start(Ticket)
        case refuse(Ticket)
    }

    let limits: Limits
    private(set) var waitingCount = 0
    /// Addresses of the tickets that are being hashed.
    private var running: [Ticket: String] = [:]
    /// Tickets that wait, of each address, first come first.
    private var lines: [String: [Ticket]] = [:]
    /// The addresses that wait, the one whose turn is next first.
    private var turns: [String] = []

    init(limits: Limits = Limits()) { self.limits = limits }

    /// A password is to be hashed for an address. When all places are taken, the longest line gives one up if it is
    /// longer than the newcomer's will be: many from one address cannot refuse another's only one.
    mutating func enter(_ ticket: Ticket, from address: String) -> [Action] {
        guard running.count >= limits.atOnce else {
            running[ticket] = address
            return [.start(ticket)]
        }
        let ahead = lines[address]?.count ?? 0
        guard ahead < limits.waitingPerAddress else { return [.refuse(ticket)] }
        var actions: [Action] = []
        if waitingCount >= limits.waiting {
            guard let longest = longestLine(), let evicted = lines[longest]?.last,
                (lines[longest]?.count ?? 0) > ahead + 1
            else { return [.refuse(ticket)] }
            remove(evicted, from: longest)
            actions.append(.refuse(evicted))
        }
        if ahead == 0 { turns.append(address) }
        lines[address, default: []].append(ticket)
        waitingCount += 1
        return actions
    }

    /// A password was hashed.
    mutating func finish(_ ticket: Ticket) -> [Action] {
        running[ticket] = nil
        guard running.count < limits.atOnce, let address = nextAddress(), let next = lines[address]?.first
        else { return [] }
        remove(next, from: address)
        if lines[address] != nil {
            turns.removeAll { $0 == address }
            turns.append(address)
        }
        running[next] = address
        return [.start(next)]
    }

    /// Whoever the ticket is for has given up. False where it does not wait: it was refused, or it is being hashed
    /// and finishes.
    mutating func cancel(_ ticket: Ticket, from address: String) -> Bool {
        guard lines[address]?.contains(ticket) == true else { return false }
        remove(ticket, from: address)
        return true
    }

    /// The address of which the fewest are being hashed; of several, the one whose turn is first.
    private func nextAddress() -> String? {
        turns.min { served(for: $0) < served(for: $1) }
    }

    private func served(for address: String) -> Int { running.values.count { $0 == address } }

    private func longestLine() -> String? {
        turns.max { (lines[$0]?.count ?? 0) < (lines[$1]?.count ?? 0) }
    }

    private mutating func remove(_ ticket: Ticket, from address: String) {
        lines[address]?.removeAll { $0 == ticket }
        waitingCount -= 1
        guard lines[address]?.isEmpty == true else { return }
        lines[address] = nil
        turns.removeAll { $0 == address }
    }
}
