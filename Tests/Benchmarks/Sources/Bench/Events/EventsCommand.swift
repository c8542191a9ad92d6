import ArgumentParser
import EmbeddedPostgres
import Foundation

struct EventsCommand: AsyncParsableCommand {
    /// What is measured.
    enum Part: String, CaseIterable, ExpressibleByArgument { case throughput, latency, length }

    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "EventLog against a bare SELECT … FOR UPDATE SKIP LOCKED queue.",
        discussion: """
            Writers, consumers and server share this machine, over a unix socket, on a server of the benchmark's own \
            that does not wait for the disk. An event is a TransactionPosted; its writer and its handler insert one \
            row each. In each round every contender runs once, one after the other; a ratio is taken within its round, \
            and the tables show medians of the rounds. Times are those of the commits, by the server's clock.
            """)

    @Option(help: "Rounds of each measure.") var rounds = 5
    @Option(parsing: .upToNextOption, help: "What is measured: \(Part.allCases.map(\.rawValue)).")
    var parts = Part.allCases
    @Option(help: "Events of each run for throughput.") var events = 10_000
    @Option(help: "Seconds of each run for latency.") var seconds = 6.0
    @Option(help: "The moderate rate for latency, in events a second.") var rate = 200.0
    @Option(help: "How often the bare queue is polled while it is empty.") var pollMilliseconds = 10
    @Option(parsing: .upToNextOption, help: "Lengths of the log.")
    var lengths = [10_000, 100_000, 1_000_000, 10_000_000]
    @Option(help: "Where the result goes as JSON.") var json = ".grove/bench/events.json"
    @Option(help: "The migrations, with the schema and the grants that came of them.") var migrations =
        "migrations"
    @Option(help: "The folder of the peers' sources.") var sources = "Tests/Benchmarks/Peers"
    @Option(help: "The log's statements.") var queries = "Packages/EventLog/Queries/events.sql"

    func validate() throws {
        guard rounds > 0, events > 0, seconds > 1, rate > 0, lengths.allSatisfy({ $0 >= 10_000 }) else {
            throw ValidationError("Wanted are rounds, more than one second, and lengths of 10000 or more.")
        }
    }

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("grove-bench-\(ProcessInfo.processInfo.processIdentifier)").path
        let server = try await EmbeddedPostgres.start(
            .init(
                dataDirectory: folder, durable: false,
                settings: [
                    "shared_buffers": "256MB", "track_commit_timestamp": "on", "max_wal_size": "4GB",
                    "maintenance_work_mem": "256MB",
                ]))
        do {
            let report = try await measure(server)
            print(report.tables)
            try report.write(to: json)
        } catch {
            await server.stop()
            await EmbeddedPostgres.remove(dataDirectory: folder)
            throw error
        }
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: folder)
    }

    private func measure(_ server: EmbeddedPostgres) async throws -> EventsReport {
        var report = EventsReport()
        let database = try await EventsDatabase.create(
            "grove", on: server, migrations: migrations, sources: sources)
        if parts.contains(.throughput) { try await throughput(on: database, &report) }
        if parts.contains(.latency) { try await latency(on: database, &report) }
        if parts.contains(.length) { try await length(on: server, &report) }
        return report
    }

    // MARK: - The parts

    private func throughput(on database: EventsDatabase, _ report: inout EventsReport) async throws {
        for round in 1...rounds {
            progress("throughput, round \(round) of \(rounds)")
            for consumers in Consumers.allCases {
                for contender in EventsContender.allCases {
                    try await database.empty()
                    let appended = try await append(events, to: contender, on: database)
                    report.add(appended.perSecond, .appended, contender.rawValue, EventsReport.alone)
                    try await database.analyse()
                    try await consuming(contender, consumers, on: database) {
                        try await database.waitForEffects(events, of: $0)
                    }
                    report.add(
                        try await database.effectRate(), .handled, contender.rawValue, consumers.rawValue)
                }
            }
        }
    }

    private func latency(on database: EventsDatabase, _ report: inout EventsReport) async throws {
        for round in 1...rounds {
            progress("writers and one consumer at once, round \(round) of \(rounds)")
            for contender in EventsContender.perBatch {
                try await database.empty()
                try await consuming(contender, .one, on: database) { programs in
                    _ = try await append(events, to: contender, on: database)
                    try await database.waitForEffects(events, of: programs)
                }
                report.add(try await database.sustainedRate(), .sustained, contender.rawValue, Self.atOnce)
            }
        }
        let full = report.find(.sustained, EventsContender.log.rawValue, Self.atOnce)?.median ?? 0
        let half = (full / 2).rounded()
        try await latency(on: database, rate: rate, "\(Int(rate))/s", &report)
        try await latency(on: database, rate: half, "\(Int(half))/s, half of what the log sustains", &report)
    }

    static let atOnce = "writers and one consumer at once"

    private func latency(
        on database: EventsDatabase, rate: Double, _ setting: String, _ report: inout EventsReport
    ) async throws {
        for round in 1...rounds {
            progress("latency at \(setting), round \(round) of \(rounds)")
            for contender in EventsContender.perBatch {
                try await database.empty()
                let count = Int(rate * seconds)
                try await consuming(contender, .one, on: database) { programs in
                    // It connects and looks for the first time.
                    try await Task.sleep(for: .milliseconds(500))
                    let appended = try await append(count, to: contender, on: database, rate: rate)
                    guard appended.perSecond > rate * 0.95 else {
                        throw BenchFailure(message: "The writers reached only \(appended.perSecond)/s.")
                    }
                    try await database.waitForEffects(count, of: programs)
                }
                let (p50, p99) = try await database.latency()
                report.add(p50, .p50, contender.rawValue, setting)
                report.add(p99, .p99, contender.rawValue, setting)
            }
        }
    }

    private func length(on server: EmbeddedPostgres, _ report: inout EventsReport) async throws {
        var databases: [(length: Int, database: EventsDatabase)] = []
        for length in lengths.sorted() {
            progress("preloading \(length) events")
            let database = try await EventsDatabase.create(
                "grove_\(length)", on: server, migrations: migrations, sources: sources)
            try await database.advanceTransactions(forEvents: length)
            try await database.preload(length)
            report.plans[length] = try await database.plans(length: length, queries: queries)
            databases.append((length, database))
        }
        for round in 1...rounds {
            progress("length, round \(round) of \(rounds)")
            for (length, database) in databases {
                try await database.forgetEffects()
                let appended = try await append(5_000, to: .log, on: database)
                report.add(appended.perSecond, .appended, EventsContender.log.rawValue, "\(length) rows")
                try await consuming(.log, .one, on: database) {
                    try await database.waitForEffects(5_000, of: $0)
                }
                report.add(
                    try await database.effectRate(), .handled, EventsContender.log.rawValue, "\(length) rows")
            }
        }
    }

    // MARK: - The processes

    private var bench: String { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path }

    private func append(
        _ count: Int, to contender: EventsContender, on database: EventsDatabase, rate: Double? = nil
    ) async throws -> Measurement {
        let pace = rate.map { ["--rate", "\($0)"] } ?? []
        let options = ["--count", "\(count)"] + pace + contender.options
        return try Measurement(json: try await Bench.run(database.command(bench, "append", options)))
    }

    /// Runs the consumers while the body does.
    private func consuming(
        _ contender: EventsContender, _ consumers: Consumers, on database: EventsDatabase,
        _ body: ([BackgroundProgram]) async throws -> Void
    ) async throws {
        let options =
            contender.options + ["--poll-milliseconds", "\(pollMilliseconds)"]
            + ["--consumers", "\(consumers.inEachProcess(of: contender))"]
        let command = database.command(bench, "consume", options)
        let programs = try (0..<consumers.processes).map { _ in try BackgroundProgram(command) }
        let result: Result<Void, any Error>
        do { result = .success(try await body(programs)) } catch { result = .failure(error) }
        for program in programs { await program.stop() }
        try result.get()
    }

    private func progress(_ line: String) { FileHandle.standardError.write(Data("bench: \(line)\n".utf8)) }
}

/// What carries the events.
enum EventsContender: String, CaseIterable {
    case log = "EventLog"
    case queueOfOne = "bare queue, 1 at once"
    case queueOfMany = "bare queue, 100 at once"

    /// Each at its best.
    static let perBatch = [log, queueOfMany]

    var options: [String] {
        switch self {
        case .log: []
        case .queueOfOne: ["--queue-batch", "1"]
        case .queueOfMany: ["--queue-batch", "100"]
        }
    }
}

/// How many take events, and where.
enum Consumers: String, CaseIterable {
    case one = "1"
    case fourTogether = "4 in one process"
    case fourApart = "4 processes"

    var processes: Int { self == .fourApart ? 4 : 1 }

    /// Every process of the log's consumer knows all of its partitions and works those that are free.
    func inEachProcess(of contender: EventsContender) -> Int {
        self == .one || (self == .fourApart && contender != .log) ? 1 : 4
    }
}
