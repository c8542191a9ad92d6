import ArgumentParser
import Portfolios
import ServiceCommands

/// The portfolios context as a service of its own.
@main
struct App: ServiceMain {
    typealias Module = PortfoliosModule
    static let abstract = "Portfolios, their transactions, holdings and valuation."
}
