import ArgumentParser
import DatabaseClient
import Foundation
import Logging

/// Grove's own contender, in a process of its own like every other.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Runs one measure and prints one line of JSON.", shouldDisplay: false
    )

    @Argument var url: String
    @Argument var measure: Measure
    @Argument var tasks: Int
    @Argument var seconds: Double
    @Flag(help: "Run the tasks on the client's own threads, where nothing has to be handed over.")
    var onDatabaseThread = false

    func run() async throws {
        let database = Database(
            DatabaseConfiguration(connectionString: url, maximumConnections: 18),
            logger: Logger(label: "bench"))
        if measure == .copy {
            let copied = try await copy(into: database)
            await database.close()
            return try show(copied)
        }
        _ = try await work(on: database, for: .milliseconds(200))
        let start = ContinuousClock.now
        let latencies = try await work(on: database, for: .seconds(seconds)).sorted()
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        await database.close()
        try show(
            Measurement(
                operations: latencies.count, seconds: elapsed,
                p99Microseconds: Double(latencies[latencies.count * 99 / 100]) / 1_000))
    }

    private func show(_ measurement: Measurement) throws {
        var measurement = measurement
        measurement.memoryKilobytes = Self.peakMemoryKilobytes()
        print(String(decoding: try JSONEncoder().encode(measurement), as: UTF8.self))
    }

    private func copy(into database: Database) async throws -> Measurement {
        _ = try await database.execute(Self.truncate, Parameters())
        let start = ContinuousClock.now
        let count = try await database.copyIn(Self.copyIn, rows: CopyRows(Entries()))
        guard count == Measure.copiedRows else { throw BenchFailure(message: "\(count) rows were copied.") }
        return Measurement(operations: count, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Each operation's time, in nanoseconds.
    private func work(on database: Database, for duration: Duration) async throws -> [UInt32] {
        let clock = SuspendingClock()
        let end = clock.now.advanced(by: duration)
        return try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for seed in 0..<tasks {
                let work: @Sendable () async throws -> [UInt32] = {
                    var latencies: [UInt32] = []
                    var random = Random(state: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1)
                    var begun = clock.now
                    while begun < end {
                        try await Self.once(measure, database, Int(random.next() % 100_000))
                        let done = clock.now
                        latencies.append(
                            UInt32(clamping: (done - begun).components.attoseconds / 1_000_000_000))
                        begun = done
                    }
                    return latencies
                }
                // A preference for nothing in particular would still be a preference, with its cost.
                if onDatabaseThread {
                    group.addTask(executorPreference: EpollTaskExecutor.next(), operation: work)
                } else {
                    group.addTask(operation: work)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static let columns = "SELECT id, name, balance, updated_at FROM bench"
    private static let point = Statement(
        name: "bench.point", sql: "\(columns).accounts WHERE id = $1", access: .read)
    private static let guarded = Statement(
        name: "bench.guarded", sql: "\(columns).guarded_accounts WHERE id = $1", access: .read)
    private static let rows10 = Statement(
        name: "bench.rows10", sql: "\(columns).accounts WHERE group_id = $1", access: .read)
    private static let locking = Statement(
        name: "bench.locking", sql: "\(columns).accounts WHERE id = $1 FOR UPDATE", access: .write)
    private static let update = Statement(
        name: "bench.update", sql: "UPDATE bench.accounts SET balance = balance + $2 WHERE id = $1",
        access: .write)
    private static let insert = Statement(
        name: "bench.insert",
        sql: "INSERT INTO bench.entries (account_id, amount, note) VALUES ($1, $2, $3)", access: .write)

    private static let truncate = Statement(
        name: "bench.truncate", sql: "TRUNCATE bench.entries", access: .write)
    private static let copyIn = Statement(
        name: "bench.copy",
        sql: "COPY bench.entries (account_id, amount, note) FROM STDIN (FORMAT binary)", access: .write)

    /// The columns as values, as every contender reads them.
    private struct Account {
        let id: Int
        let name: String
        let balance: Int
        let updatedAt: Date

        init(_ row: Row) throws {
            (id, name) = (try row.int(0), try row.text(1))
            (balance, updatedAt) = (try row.int(2), try row.timestamp(3))
        }
    }

    private static func once(_ measure: Measure, _ database: Database, _ id: Int) async throws {
        switch measure {
        case .point: _ = try await database.execute(point, key(id)).one(Account.init)
        case .guarded:
            _ = try await database.acting(as: users[id % 1_000]).execute(guarded, key(id)).one(Account.init)
        case .rows10:
            let accounts = try await database.execute(rows10, key(id / 10)).many(Account.init)
            guard accounts.count == 10 else { throw BenchFailure(message: "Ten rows were expected.") }
        case .insert: _ = try await database.execute(insert, entry(id))
        case .transaction:
            try await database.transaction { transaction in
                _ = try await transaction.execute(locking, key(id)).one(Account.init)
                var change = try key(id)
                try change.append(int8: 250)
                _ = try await transaction.execute(update, change)
                _ = try await transaction.execute(insert, entry(id))
            }
        case .copy: break
        }
    }

    /// The owners of the accounts: the number in the last 12 digits.
    private static let users: [UUID] = (0..<1_000).map { number in
        UUID(uuid: (0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, UInt8(number >> 8), UInt8(number & 0xff)))
    }

    private static func key(_ id: Int) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int4: id)
        return parameters
    }

    fileprivate static func entry(_ id: Int) throws -> Parameters {
        var parameters = try key(id)
        try parameters.append(int8: 250)
        parameters.append(text: "benchmark")
        return parameters
    }

    private static func peakMemoryKilobytes() -> Int? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return status?.firstMatch(of: /VmHWM:\s+([0-9]+) kB/).flatMap { Int($0.1) }
    }
}

/// The rows of the COPY, each made when it is asked for.
private struct Entries: AsyncSequence, Sendable {
    struct AsyncIterator: AsyncIteratorProtocol {
        var next = 0

        mutating func next() async throws -> Parameters? {
            guard next < Measure.copiedRows else { return nil }
            next += 1
            return try WorkerCommand.entry(next)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
}

/// SplitMix64: keys that are random and cost nothing.
private struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
