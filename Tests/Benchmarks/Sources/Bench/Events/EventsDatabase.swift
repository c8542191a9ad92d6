import DatabaseClient
import EmbeddedPostgres
import Foundation

/// A database with Grove's whole schema, roles and grants, and what `bench events` puts beside it.
struct EventsDatabase {
    let server: EmbeddedPostgres
    let name: String
    /// The superuser, who sets up and looks on.
    let owner: DatabaseConnection

    static func create(
        _ name: String, on server: EmbeddedPostgres, migrations: String, sources: String
    ) async throws -> EventsDatabase {
        let owner = try await server.makeGrove(name, migrations: migrations)
        // One context writes and reads here.
        try await owner.script("SELECT platform.let_append('gamification_service', '{transaction.posted}')")
        try await owner.script(
            String(contentsOfFile: "\(sources)/events.sql", encoding: .utf8))
        return EventsDatabase(server: server, name: name, owner: owner)
    }

    /// The command line of a process that appends or consumes here.
    func command(_ bench: String, _ role: String, _ options: [String]) -> [String] {
        [
            bench, "events-worker", role,
            "--service", server.connectionString(user: "gamification_service", database: name),
            "--worker", server.connectionString(user: "gamification_worker", database: name),
        ] + options
    }

    /// An empty log, an empty queue, and nobody who has read.
    func empty() async throws {
        try await owner.script(
            "TRUNCATE platform.events, platform.parked_events, bench.queue; DELETE FROM platform.consumers;")
        try await forgetEffects()
    }

    func forgetEffects() async throws {
        try await owner.script("TRUNCATE bench.written, bench.effects RESTART IDENTITY")
    }

    func analyse() async throws {
        try await owner.script("ANALYZE platform.events, bench.queue, bench.written")
    }

    // MARK: - What the processes did

    /// Waits until so many effects are there, each once.
    func waitForEffects(_ count: Int, of programs: [BackgroundProgram]) async throws {
        var (last, lastChange) = (0, ContinuousClock.now)
        while true {
            // The sequence, and not a count of the rows, which would grow with them.
            let number = try await owner.query("SELECT last_value FROM bench.effects_number_seq")
                .one { try $0.int(0) }
            if number >= count {
                let rows = try await owner.query("SELECT count(*) FROM bench.effects").one { try $0.int(0) }
                if rows == count { return }
            }
            if number != last { (last, lastChange) = (number, .now) }
            guard programs.allSatisfy(\.isRunning), .now - lastChange < .seconds(30) else {
                throw BenchFailure(message: "\(number) of \(count) effects, and no more come.")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Effects a second, from the first commit to the last, by the server's clock.
    func effectRate() async throws -> Double {
        try await owner.query(
            """
            WITH effects AS (SELECT pg_xact_commit_timestamp(xmin) AS at FROM bench.effects)
            SELECT (count(*) FILTER (WHERE at > (SELECT min(at) FROM effects))
                / extract(epoch FROM max(at) - min(at)))::float8
            FROM effects
            """
        ).one { try $0.double(0) }
    }

    /// Events a second, from the first append's commit to the last effect's.
    func sustainedRate() async throws -> Double {
        try await owner.query(
            """
            SELECT (count(*) / extract(epoch FROM
                max(pg_xact_commit_timestamp(effect.xmin)) - min(pg_xact_commit_timestamp(written.xmin))))::float8
            FROM bench.written AS written JOIN bench.effects AS effect USING (id)
            """
        ).one { try $0.double(0) }
    }

    /// Milliseconds from the commit of the append to the commit of the effect, by the server's clock, and without the
    /// first second, in which connections are opened and statements prepared.
    func latency() async throws -> (p50: Double, p99: Double) {
        try await owner.query(
            """
            WITH latencies AS (
                SELECT pg_xact_commit_timestamp(written.xmin) AS written_at,
                    extract(epoch FROM
                        pg_xact_commit_timestamp(effect.xmin) - pg_xact_commit_timestamp(written.xmin))::float8
                        * 1000 AS milliseconds
                FROM bench.written AS written JOIN bench.effects AS effect USING (id))
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds),
                percentile_cont(0.99) WITHIN GROUP (ORDER BY milliseconds)
            FROM latencies
            WHERE written_at > (SELECT min(written_at) FROM latencies) + interval '1 second'
            """
        ).one { (try $0.double(0), try $0.double(1)) }
    }
}
