/// Which connections are open, which of them are idle, and which one ends where there are too many. Without a clock and
/// without a lock.
struct ConnectionCensus<ID: Hashable> {
    /// What becomes of a new connection.
    enum Admission: Equatable {
        case admitted
        /// It is admitted in the place of this one, which had been idle for the longest time.
        case replaces(ID)
        /// Its address has as many as one may have, and all of them are at work.
        case addressFull
        /// All others are at work.
        case full
    }

    private struct Entry {
        let address: String?
        /// Its place in the line of the idle; nil while a request is under way.
        var place: Int?
    }

    let maximum: Int
    let maximumPerAddress: Int
    private var entries: [ID: Entry] = [:]
    private var counts: [String: Int] = [:]
    private var line = IdleLine()
    /// The same of each address that has connections.
    private var lines: [String: IdleLine] = [:]
    private var nextPlace = 0

    init(maximum: Int, maximumPerAddress: Int) {
        self.maximum = maximum
        self.maximumPerAddress = maximumPerAddress
    }

    var count: Int { entries.count }

    /// - Parameter address: nil for one that is not counted by its address.
    mutating func open(_ id: ID, from address: String?) -> Admission {
        var admission = Admission.admitted
        if let address, counts[address, default: 0] >= maximumPerAddress {
            // Those of others are left alone, even where the process has no room either.
            guard let oldest = lines[address]?.oldest(of: entries) else { return .addressFull }
            close(oldest)
            admission = .replaces(oldest)
        } else if entries.count >= maximum {
            guard let oldest = line.oldest(of: entries) else { return .full }
            close(oldest)
            admission = .replaces(oldest)
        }
        entries[id] = Entry(address: address)
        if let address { counts[address, default: 0] += 1 }
        becameIdle(id)
        return admission
    }

    mutating func close(_ id: ID) {
        guard let entry = entries.removeValue(forKey: id), let address = entry.address else { return }
        counts[address, default: 1] -= 1
        guard counts[address] == 0 else { return }
        counts[address] = nil
        lines[address] = nil
    }

    mutating func becameBusy(_ id: ID) { entries[id]?.place = nil }

    mutating func becameIdle(_ id: ID) {
        guard let entry = entries[id] else { return }
        entries[id]?.place = nextPlace
        line.append(id, nextPlace, of: entries, count: entries.count)
        if let address = entry.address {
            lines[address, default: IdleLine()].append(
                id, nextPlace, of: entries, count: counts[address, default: 0])
        }
        nextPlace += 1
    }

    /// Whoever became idle, in that order. One that has become busy since stays here until it is passed over.
    private struct IdleLine {
        private var line: [(id: ID, place: Int)] = []

        /// - Parameter count: how many of the entries may stand here.
        mutating func append(_ id: ID, _ place: Int, of entries: [ID: Entry], count: Int) {
            line.append((id, place))
            // Half of the line at least is passed over then, so that it costs nothing in the long run.
            if line.count > 2 * count + 64 { line.removeAll { entries[$0.id]?.place != $0.place } }
        }

        mutating func oldest(of entries: [ID: Entry]) -> ID? {
            guard let index = line.firstIndex(where: { entries[$0.id]?.place == $0.place }) else {
                line = []
                return nil
            }
            let id = line[index].id
            line.removeFirst(index + 1)
            return id
        }
    }
}
