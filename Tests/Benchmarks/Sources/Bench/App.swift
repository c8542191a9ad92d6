import ArgumentParser

/// Measures Grove against its peers; `scripts/bench` builds everything and calls it.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures, as ratios against peers in the same run.",
        subcommands: [
            DatabaseCommand.self, EventsCommand.self, WorkerCommand.self, EventsWorkerCommand.self,
            HTTPCommand.self,
        ])
}
