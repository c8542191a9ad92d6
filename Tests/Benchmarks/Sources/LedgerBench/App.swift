import ArgumentParser
import EmbeddedPostgres
import Foundation
import SharedTypes

/// Measures what a posting and a replay cost as a portfolio grows; `scripts/bench ledger` builds and calls it.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "What postings and replays cost, for every type and method, as lots grow in number.",
        discussion: """
            A posting is the module's own use case in a transaction of its own, under the service's role, on a server \
            of the benchmark's own that does not wait for the disk. A replay is the book in memory, which imports, \
            valuations and postings that are dated back make anew.
            """)

    @Option(parsing: .upToNextOption, help: "Numbers of open lots, and of rows of a replay.")
    var sizes = [10, 1_000, 10_000, 100_000]
    @Option(help: "How often each type is posted; the median is shown.") var repetitions = 25
    @Option(help: "The migrations, with the schema and the grants that came of them.") var migrations =
        "migrations"

    func validate() throws {
        guard repetitions > 0, sizes.allSatisfy({ $0 >= 10 }), sizes == sizes.sorted(), sizes.count > 1 else {
            throw ValidationError("Wanted are repetitions, and two or more rising sizes of 10 or more.")
        }
    }

    func run() async throws {
        try Replays.measure(sizes: sizes.filter { $0 >= 1_000 })
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("grove-ledger-\(ProcessInfo.processInfo.processIdentifier)").path
        let server = try await EmbeddedPostgres.start(
            .init(
                dataDirectory: folder, durable: false,
                settings: ["shared_buffers": "256MB", "max_wal_size": "4GB"]))
        let result: Result<Void, any Error>
        do {
            let ledger = try await LedgerDatabase.create(on: server, migrations: migrations)
            for method in CostBasisMethod.allCases {
                try await Postings(ledger: ledger, method: method, repetitions: repetitions)
                    .measure(sizes: sizes)
            }
            await ledger.close()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: folder)
        try result.get()
    }
}

/// A row of a table: figures by size, and the last by the first.
func printRow(_ name: String, _ figures: [Double], unit: String) {
    let cells = figures.map { String(format: "%.2f", $0) }.joined(separator: " | ")
    let ratio = figures.first.map { (figures.last ?? 0) / $0 } ?? 0
    print("| \(name) (\(unit)) | \(cells) | \(String(format: "%.2f", ratio)) |")
}

func printHeader(_ title: String, _ sizes: [Int]) {
    print("\n| \(title) | \(sizes.map(String.init).joined(separator: " | ")) | last by first |")
    print("|---|\(String(repeating: "---|", count: sizes.count + 1))")
}
