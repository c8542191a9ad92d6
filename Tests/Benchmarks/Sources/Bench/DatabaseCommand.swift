import ArgumentParser
import DatabaseClient
import EmbeddedPostgres
import Foundation

struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "DatabaseClient against pgbench, Go's pgx, Python's asyncpg and a C loop on libpq.",
        discussion: """
            Client, contenders and server share this machine, over a unix socket, on a server of the \
            benchmark's own that does not wait for the disk. In each round every contender runs once, one \
            after the other; a ratio is Grove's rate over the peer's in the same round, and the table shows \
            the median of the rounds.
            """)

    @Option(help: "Rounds of each measure.") var rounds = 5
    @Option(help: "Seconds of each run.") var seconds = 2.0
    @Option(parsing: .upToNextOption, help: "Concurrent tasks.") var tasks = [1, 16, 64]
    @Option(parsing: .upToNextOption, help: "Measures.") var measures = Measure.allCases
    @Option(help: "Where the result goes as JSON.") var json = ".grove/bench/database.json"
    @Option(help: "The folder with the built peers.") var binaries = ".grove/bench/peers"
    @Option(help: "An interpreter that has asyncpg.") var python = ".grove/tools/bin/python"
    @Option(help: "The folder of the peers' sources.") var sources = "Tests/Benchmarks/Peers"
    @Option(help: "The migrations, which define act_as.") var migrations = "migrations"

    func validate() throws {
        guard rounds > 0, seconds > 0, tasks.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--rounds, --seconds and --tasks want numbers above zero.")
        }
    }

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("grove-bench-\(ProcessInfo.processInfo.processIdentifier)").path
        let server = try await EmbeddedPostgres.start(
            .init(dataDirectory: folder, durable: false, settings: ["shared_buffers": "256MB"]))
        do {
            try await setUp(server)
            let report = try await measure(server)
            print(report.table)
            try report.write(to: json)
        } catch {
            await server.stop()
            await EmbeddedPostgres.remove(dataDirectory: folder)
            throw error
        }
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: folder)
    }

    private func setUp(_ server: EmbeddedPostgres) async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: migrations)
        guard let first = names.filter({ $0.hasSuffix(".up.sql") }).min() else {
            throw BenchFailure(message: "There is no migration in \(migrations).")
        }
        // The functions of the acting user, and no table.
        let foundation = try String(contentsOfFile: "\(migrations)/\(first)", encoding: .utf8)
        let setup = try String(contentsOfFile: "\(sources)/setup.sql", encoding: .utf8)
        let connection = try await DatabaseConnection.connect(server.connectionString())
        try await connection.script(foundation)
        // VACUUM does not run among others in one script.
        let parts = setup.split(separator: "VACUUM", maxSplits: 1)
        try await connection.script(String(parts[0]))
        try await connection.script("VACUUM" + parts[1])
        await connection.close()
    }

    private func measure(_ server: EmbeddedPostgres) async throws -> DatabaseReport {
        func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }
        let peers = Peers(
            url: server.connectionString(user: "bench_service"),
            bench: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path,
            pgbench: try server.binaries.path(of: "pgbench"), binaries: absolute(binaries),
            // Not resolved: a virtual environment is known by the link.
            python: python.hasPrefix("/")
                ? python : "\(FileManager.default.currentDirectoryPath)/\(python)",
            sources: absolute(sources))
        var report = DatabaseReport()
        for measure in measures {
            // A COPY is one task and as long as its rows take.
            for count in measure == .copy ? [1] : tasks {
                for round in 1...rounds {
                    progress("\(measure.rawValue), \(count) tasks, round \(round) of \(rounds)")
                    for contender in peers.contenders {
                        guard let command = contender.command(measure, count, seconds) else { continue }
                        let output = try await Bench.run(command)
                        report.add(
                            try contender.read(output), of: contender.name, measure, tasks: count)
                    }
                }
            }
        }
        return report
    }

    private func progress(_ line: String) { FileHandle.standardError.write(Data("bench: \(line)\n".utf8)) }
}
