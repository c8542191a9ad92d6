import ArgumentParser
import Market
import ServiceKit

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves requests until SIGTERM; this is what happens without a subcommand.")

    func run() async throws {
        try await ServiceApplication.fromEnvironment(name: "market-service") { _ in
            { MarketModule(database: $0.database) }
        }
        .run()
    }
}
