import ArgumentParser
import ExactTypes
import Foundation
import Market
import ServiceKit

/// What a start of the dev server is asked for, and the start itself.
struct DevServer: ParsableArguments {
    @Option(help: "The port to serve on; 0 lets the system choose one.")
    var port = 8080

    @Option(help: "The address to bind to.")
    var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "The folder that keeps database, secrets and mail (default: .grove, or /var/lib/grove under root).",
            valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The folder of the migrations.", valueName: "folder"))
    var migrations = "migrations"

    @Option(help: ArgumentHelp("The mail server; scripts/mail is one for this machine.", valueName: "url"))
    var smtp = "smtp://127.0.0.1:2525"

    @Flag(help: "Start without the demo user, their portfolio and the simulated market.")
    var empty = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is from 0 to 65535, not \(port).")
        }
    }

    func run() async throws {
        let console = Console()
        do {
            let folder = try DataFolder(path: data)
            let database = try await LocalDatabase.start(in: folder, migrations: migrations, console: console)
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await serve(database, folder, console))
            } catch {
                outcome = .failure(error)
            }
            console.step("Stopping the database")
            await database.stop()
            try outcome.get()
            console.say("Goodbye. Your data is in \(folder.path).")
        } catch {
            console.fail("\(error)")
            throw ExitCode.failure
        }
    }

    /// Serves until Ctrl-C, beside the fake vendors that the demo's prices come from.
    private func serve(_ database: LocalDatabase, _ folder: DataFolder, _ console: Console) async throws {
        let yesterday = try CalendarDay(utc: Date()).advanced(by: -1)
        let vendors = empty ? nil : try await SimulatedVendors.start(through: yesterday)
        let environment = ProcessInfo.processInfo.environment
        let outcome: Result<Void, any Error>
        do {
            var settings = try await Settings.load(environment: environment)
            let plain = MarketConfiguration(from: &settings)
            try settings.finish()
            let server = try CombinedServer(
                database: database, folder: folder, mailURL: smtp,
                marketConfiguration: try await vendors?.configuration(environment: environment) ?? plain,
                host: host, port: port)
            let demo = vendors.map { DemoData(simulated: $0.market) }
            outcome = .success(try await server.run(demo: demo, console: console))
        } catch {
            outcome = .failure(error)
        }
        await vendors?.stop()
        try outcome.get()
    }
}
