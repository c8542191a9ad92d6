import ArgumentParser
import Foundation
import Migrations

struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Fills a migrated database with demonstration data, or with users for a load test.",
        discussion: """
            The data is SQL in the folder `seed` beside the migrations. It asks no clock and no random \
            number: the same day gives the same rows everywhere. A second run changes nothing. With --users \
            there come N users for load tests, of very different sizes: the first has as many transactions \
            as --heaviest says, the second a tenth of that, every hundredth has one, all others from 1 to \
            199. A million transactions: --users 9100 --heaviest 100000.

            A database that holds users who are not the seed's is refused; --force goes past that. Nothing \
            goes past a reason that the database gives itself, in its setting seed.refused. Exit code 1 when \
            it was refused or failed.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions

    @Option(help: ArgumentHelp("How many users for a load test, earlier ones included.", valueName: "n"))
    var users = 0

    @Option(help: ArgumentHelp("Transactions of the heaviest of them.", valueName: "m"))
    var heaviest = 10_000

    @Option(help: ArgumentHelp("The day on which the data stands.", valueName: "YYYY-MM-DD"))
    var asOf = "2026-11-20"

    @Option(help: ArgumentHelp("How many connections work on the load.", valueName: "n"))
    var jobs = 2

    @Flag(help: "Seed a database that holds other users too.")
    var force = false

    @Flag(help: "One JSON array on the standard output.")
    var json = false

    func validate() throws {
        guard asOf.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
            throw ValidationError("--as-of wants a day as 2026-11-20, not \(asOf).")
        }
        guard (0...10_000_000).contains(users), (1...10_000_000).contains(heaviest) else {
            throw ValidationError("--users is from 0, and --heaviest from 1, to 10000000.")
        }
        guard (1...16).contains(jobs) else { throw ValidationError("--jobs is from 1 to 16.") }
    }

    func run() async throws {
        var options = Seed.Options()
        (options.users, options.heaviest, options.asOf) = (users, heaviest, asOf)
        (options.jobs, options.isForced) = (jobs, force)
        let seed = Seed(
            connectionString: try database.connectionString(), migrations: try files.folder(),
            folder: try SeedFolder(path: "\(files.migrations)/seed"), options: options, progress: report)
        let started = ContinuousClock.now
        let steps = try await seed.run()
        if json {
            try printJSON(steps)
            return
        }
        let rows = steps.reduce(0) { $0 + $1.rows }
        let seconds = (ContinuousClock.now - started).formatted(
            .units(allowed: [.seconds], width: .narrow, fractionalPart: .show(length: 1)))
        print(rows == 0 ? "Everything was in before." : "\(rows) rows in \(seconds).")
    }
}
