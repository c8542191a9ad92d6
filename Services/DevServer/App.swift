import ArgumentParser

/// Everything on a laptop: every module in one process, on an embedded database.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev-server",
        abstract: "Starts Grove on this machine: an embedded PostgreSQL and every module on one port.",
        discussion: "The data stays in the data folder; delete that to begin anew. Ctrl-C stops everything.")

    @OptionGroup var server: DevServer

    func run() async throws { try await server.run() }
}
