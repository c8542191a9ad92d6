import ArgumentParser
import Market
import ServiceCommands

/// The market context as a service of its own.
@main
struct App: ServiceMain {
    typealias Module = MarketModule
    static let abstract = "Instruments, daily bars and exchange rates."
    static let commands: [any ParsableCommand.Type] = [
        BackfillCommand.self, ImportBarsCommand.self, ImportRatesCommand.self,
    ]
}
