/// A program that is measured: its command line for a measure, or nil where it takes no part.
struct Contender: Sendable {
    let name: String
    let command: @Sendable (_ measure: Measure, _ tasks: Int, _ seconds: Double) -> [String]?
    /// Reads what the program printed.
    let read: @Sendable (_ output: String) throws -> Measurement
}

/// Where the programs of the peers are, as `scripts/bench` built or installed them.
struct Peers: Sendable {
    let url: String
    /// This program.
    let bench: String
    let pgbench: String
    /// The folder with `libpq` and `pgx`.
    let binaries: String
    /// The interpreter that has asyncpg.
    let python: String
    /// The folder of the peers' sources.
    let sources: String

    var contenders: [Contender] {
        [grove, groveOnDatabaseThread, pgbenchPrepared, pgx(pool: 8), pgx(pool: 16), asyncpg, libpq]
    }

    private var grove: Contender {
        Contender(
            name: Contender.grove,
            command: { [bench, "worker", url, $0.rawValue, "\($1)", "\($2)"] }, read: Measurement.init(json:))
    }

    private var groveOnDatabaseThread: Contender {
        Contender(
            name: Contender.groveOnItsThread,
            command: { [bench, "worker", url, $0.rawValue, "\($1)", "\($2)", "--on-database-thread"] },
            read: Measurement.init(json:))
    }

    private var pgbenchPrepared: Contender {
        Contender(name: Contender.pgbench) { [self] measure, tasks, seconds in
            guard measure != .guarded, measure != .copy else { return nil }
            // pgbench knows whole seconds only.
            return [
                pgbench, "-n", "-M", "prepared", "-c", "\(tasks)", "-j", "\(min(2, tasks))", "-T",
                "\(max(1, Int(seconds.rounded())))", "-f", "\(sources)/\(measure.rawValue).pgbench", url,
            ]
        } read: { output in
            guard let match = output.firstMatch(of: /tps = ([0-9.]+)/), let rate = Double(match.1) else {
                throw BenchFailure(message: "pgbench printed no rate:\n\(output)")
            }
            return Measurement(operations: Int(rate), seconds: 1)
        }
    }

    private func pgx(pool: Int) -> Contender {
        Contender(
            name: "\(Contender.pgx), \(pool) connections",
            command: { measure, tasks, seconds in
                guard measure != .guarded else { return nil }
                return ["\(binaries)/pgx", url, measure.rawValue, "\(tasks)", "\(seconds)", "\(pool)"]
            }, read: Measurement.init(json:))
    }

    private var asyncpg: Contender {
        Contender(
            name: "asyncpg",
            command: { measure, tasks, seconds in
                guard measure != .guarded else { return nil }
                return [
                    python, "\(sources)/asyncpg_peer.py", url, measure.rawValue, "\(tasks)", "\(seconds)",
                ]
            }, read: Measurement.init(json:))
    }

    private var libpq: Contender {
        Contender(
            name: Contender.libpq,
            command: { measure, tasks, seconds in
                guard tasks == 1, measure == .point || measure == .rows10 else { return nil }
                return ["\(binaries)/libpq", url, measure.rawValue, "1", "\(seconds)"]
            }, read: Measurement.init(json:))
    }
}

extension Contender {
    static let grove = "Grove"
    static let groveOnItsThread = "Grove, tasks on its thread"
    static let pgbench = "pgbench -M prepared"
    static let pgx = "Go pgx"
    static let libpq = "C libpq loop"
}
