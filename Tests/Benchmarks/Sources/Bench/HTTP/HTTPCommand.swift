import ArgumentParser
import EmbeddedPostgres
import Foundation

struct HTTPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http",
        abstract: "portfolios-service against Go's net/http with pgx, and FastAPI with asyncpg.",
        discussion: """
            Servers, wrk and PostgreSQL share this machine; PostgreSQL is the benchmark's own and does not wait for the \
            disk. All servers stand ready at once, read the same rows as the role portfolios_service under row-level \
            security, check an ES256 token of one of a thousand users, and answer the same JSON. In each round wrk asks \
            each in turn; a ratio is taken within its round, and the tables show medians of the rounds. The measure \
            stream is of notifications-service: users listen, each on a connection of their own, and messages are \
            committed at even intervals.
            """)

    @Option(help: "Rounds of each measure.") var rounds = 5
    @Option(help: "Seconds of each run.") var seconds = 4
    @Option(
        parsing: .upToNextOption, help: "Connections; purchases are measured with 32 where it is among them.")
    var connections = [1, 32, 128]
    @Option(parsing: .upToNextOption, help: "Measures: \(HTTPMeasure.allCases.map(\.rawValue)).")
    var measures = HTTPMeasure.allCases
    @Option(
        parsing: .upToNextOption,
        help: "Builds of portfolios-service, each as PATH or NAME=PATH, at most 8; ratios are of the first.")
    var services = [".build/release/portfolios-service"]
    @Option(help: "The build of notifications-service that the listeners are at.")
    var notifications = ".build/release/notifications-service"
    @Option(help: "Listeners of the measure stream, 1 to 1000.") var listeners = HTTPTokens.users
    @Option(help: "Messages a second to them.") var rate = 200
    @Option(parsing: .upToNextOption, help: "The peers that take part.")
    var peers = [HTTPContender.goBatch, HTTPContender.goPlain, HTTPContender.fastAPI]
    @Option(help: "Where the result goes as JSON.") var json = ".grove/bench/http.json"
    @Option(help: "The folder with the built peers.") var binaries = ".grove/bench/peers"
    @Option(help: "An interpreter that has FastAPI and asyncpg.") var python =
        ".grove/bench/python/bin/python"
    @Option(help: "The folder of the peers' sources.") var sources = "Tests/Benchmarks/Peers"
    @Option(help: "The migrations, with the schema and the grants that came of them.") var migrations =
        "migrations"

    func validate() throws {
        guard rounds > 0, seconds > 0, rate > 0, connections.allSatisfy({ $0 > 0 }),
            (1...HTTPTokens.users).contains(listeners), (1...8).contains(services.count)
        else {
            throw ValidationError(
                "--rounds, --seconds, --connections and --rate want numbers above zero; 1 to 8 services, 1 to 1000 "
                    + "listeners.")
        }
    }

    func run() async throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("grove-bench-\(ProcessInfo.processInfo.processIdentifier)").path
        let server = try await EmbeddedPostgres.start(
            .init(
                dataDirectory: "\(path)-data", durable: false,
                settings: ["shared_buffers": "256MB", "max_connections": "200"]))
        let result: Result<HTTPReport, any Error>
        do {
            progress("filling the database")
            let folder = try await HTTPFolder.make(
                at: path, on: server, migrations: migrations, sources: sources)
            var report = HTTPReport()
            let loads = measures.filter { $0 != .stream }
            if !loads.isEmpty { try await measure(loads, folder, &report) }
            if measures.contains(.stream) { try await measureStreams(folder, &report) }
            result = .success(report)
        } catch {
            result = .failure(error)
        }
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: "\(path)-data")
        try? FileManager.default.removeItem(atPath: path)
        let report = try result.get()
        print(report.tables)
        try report.write(to: json)
    }

    private var folderOfPeers: String { URL(fileURLWithPath: binaries).path }

    private func contenders(_ folder: HTTPFolder) -> [HTTPContender] {
        let builds = services.enumerated().map { number, service in
            let parts = service.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts.count == 2 ? "Grove, \(parts[0])" : HTTPContender.grove
            return HTTPContender.grove(
                number == 0 ? HTTPContender.grove : name, URL(fileURLWithPath: parts[parts.count - 1]).path,
                number: number, folder)
        }
        let all =
            builds + [
                .go(batch: true, folderOfPeers, folder), .go(batch: false, folderOfPeers, folder),
                .fastAPI(
                    python.hasPrefix("/") ? python : "\(FileManager.default.currentDirectoryPath)/\(python)",
                    URL(fileURLWithPath: sources).path, folder),
            ]
        return all.filter { $0.name.hasPrefix(HTTPContender.grove) || peers.contains($0.name) }
    }

    private func measure(
        _ measures: [HTTPMeasure], _ folder: HTTPFolder, _ report: inout HTTPReport
    ) async throws {
        var programs: [HTTPServerProgram] = []
        let result: Result<Void, any Error>
        do {
            for contender in contenders(folder) {
                progress("starting \(contender.name)")
                let program = try await HTTPServerProgram.start(contender)
                programs.append(program)
                report.ready[contender.name] = program.readyMilliseconds
            }
            for measure in measures {
                for count in measure == .purchase ? connections.filter({ $0 == 32 }) : connections {
                    // What is opened and compiled at first is no part of a round.
                    for program in programs where program.contender.measures(measure) {
                        _ = try await load(program, measure, count, seconds: 1, folder)
                    }
                    try await measureRounds(of: measure, count, programs, folder, &report)
                }
            }
            for program in programs { report.resident[program.contender.name] = program.residentKilobytes }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for program in programs { await program.stop() }
        try result.get()
    }

    /// One contender after the other: what a thousand open connections cost is no other's.
    private func measureStreams(_ folder: HTTPFolder, _ report: inout HTTPReport) async throws {
        let run = StreamRun(
            folder: folder, listeners: listeners, rate: rate, seconds: seconds, rounds: rounds,
            progress: progress)
        let service = URL(fileURLWithPath: notifications).path
        report.streams.append(try await run.measure(.notifications(service, folder)))
        if peers.contains(HTTPContender.goBatch) {
            report.streams.append(try await run.measure(.goStream(folderOfPeers, folder)))
        }
    }

    private func measureRounds(
        of measure: HTTPMeasure, _ count: Int, _ programs: [HTTPServerProgram], _ folder: HTTPFolder,
        _ report: inout HTTPReport
    ) async throws {
        for round in 1...rounds {
            progress("\(measure.rawValue), \(count) connections, round \(round) of \(rounds)")
            for program in programs where program.contender.measures(measure) {
                report.add(
                    try await load(program, measure, count, seconds: seconds, folder),
                    of: program.contender.name, measure, connections: count)
            }
        }
    }

    private func load(
        _ program: HTTPServerProgram, _ measure: HTTPMeasure, _ count: Int, seconds: Int, _ folder: HTTPFolder
    ) async throws -> HTTPMeasurement {
        let output = try await Bench.run([
            "/usr/bin/env", "wrk", "-t1", "-c\(count)", "-d\(seconds)s", "--timeout", "10s", "-s",
            "\(sources)/load.lua", "http://127.0.0.1:\(program.port)", "--", measure.rawValue, folder.tokens,
            "\(program.contender.purchases ?? 0)",
        ])
        let line = output.split(separator: "\n").last ?? ""
        let measurement = try JSONDecoder().decode(HTTPMeasurement.self, from: Data(line.utf8))
        guard measurement.failures == 0 else {
            throw BenchFailure(
                message:
                    "\(program.contender.name) failed \(measurement.failures) of \(measurement.operations).")
        }
        return measurement
    }

    private func progress(_ line: String) { FileHandle.standardError.write(Data("bench: \(line)\n".utf8)) }
}
