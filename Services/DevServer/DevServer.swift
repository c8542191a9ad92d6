import ArgumentParser
import Foundation

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
                let server = try CombinedServer(
                    database: database, folder: folder, mailURL: smtp, host: host, port: port)
                outcome = .success(try await server.run(demo: empty ? nil : DemoData(), console: console))
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
}
