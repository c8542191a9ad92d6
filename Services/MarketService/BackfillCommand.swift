import ArgumentParser
import DatabaseClient
import ExactTypes
import Foundation
import Market
import ServiceCommands
import ServiceKit
import SharedTypes

struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Reads a provider's history, and goes on from where an earlier run ended.",
        discussion: """
            Each page is stored with how far the reading is, so a run may be ended at any moment, and the same command goes \
            on behind it. Needs DATABASE_URL and the provider's key. Progress goes to the standard error. Ends with 64 where \
            the command is wrong, 65 where the provider's answer is not what it documents, 66 where the listing is unknown or \
            the provider has no such thing, 69 where the database or the provider is not reached, 75 where the provider asks \
            for a longer pause than --patience, 77 where it does not take the key, 78 where it is off.
            """)

    @Option(help: "ECB, COINGECKO or ALPACA.", transform: { $0.uppercased() })
    var provider: String

    @Option(help: "bars, exchange-rates or corporate-actions; without it, what the provider's name says.")
    var kind: Backfill.Kind?

    @Option(help: "The listing's symbol.")
    var symbol: String?

    @Option(help: "Who names the symbol, as portfolio files write it: YAHOO, say.")
    var source = BarImport.defaultSource

    @Option(help: "The exchange's code.")
    var exchange = ""

    @Option(help: "As the provider calls the listing, where it does otherwise: bitcoin.")
    var providerSymbol: String?

    @Option(help: "With it, an unknown instrument is made, in this currency.", transform: parseCurrency)
    var currency: Currency?

    @Option(
        name: .customLong("class"), help: "The class of an instrument that is made.", transform: parseClass)
    var instrumentClass = InstrumentClass.equity

    @Option(help: "The first day, as 2024-01-31; without it, a known feed goes on.", transform: parseDay)
    var from: CalendarDay?

    @Flag(help: "Read from --from on what is read already.")
    var again = false

    @Option(help: "For how many seconds to wait, each time, where the provider asks for a pause.")
    var patience = 120

    func validate() throws {
        guard backfillKind == .exchangeRates || symbol != nil else {
            throw ValidationError("--symbol is missing.")
        }
        guard !again || from != nil else { throw ValidationError("--again wants --from.") }
        guard (0...100_000).contains(patience) else {
            throw ValidationError("--patience is from 0 to 100000.")
        }
    }

    private var backfillKind: Backfill.Kind { kind ?? (provider == "ECB" ? .exchangeRates : .bars) }

    func run() async throws {
        let backfill = Backfill(
            provider: provider, kind: backfillKind, symbol: symbol, source: source, exchange: exchange,
            providerSymbol: providerSymbol, currency: currency, instrumentClass: instrumentClass, from: from,
            isAnew: again)
        do {
            var settings = try await Settings.load()
            let configuration = MarketConfiguration(from: &settings)
            try settings.finish()
            let lines = BackfillLines()
            let missing = try await MarketModule.withDatabase { database in
                try await MarketModule(database: database, configuration: configuration).backfill(
                    backfill, patience: TimeInterval(patience)
                ) { lines.report($0) }
            }
            print("\(lines.rows) rows read; \(missing) days are missing.")
        } catch {
            throw Self.exit(error)
        }
    }

    private static func exit(_ error: any Error) -> any Error {
        switch error {
        case let failure as BackfillFailure:
            writeToStandardError(failure.description)
            return ExitCode(code(of: failure.reason))
        case let error as DatabaseError:
            writeToStandardError("\(error)")
            return ExitCode(69)
        case let faults as ConfigurationFaults:
            writeToStandardError("\(faults)")
            return ExitCode(78)
        default:
            return error
        }
    }

    private static func code(of reason: BackfillFailure.Reason) -> Int32 {
        switch reason {
        case .unreadable: 65
        case .refused: 66
        case .unavailable: 69
        case .busy: 75
        case .unauthorized: 77
        case .providerOff: 78
        }
    }
}

extension Backfill.Kind: @retroactive ExpressibleByArgument {}

private func parseDay(_ text: String) throws -> CalendarDay {
    do { return try CalendarDay(parsing: text) } catch { throw ValidationError("\(text) \(error.reason).") }
}

private func parseCurrency(_ text: String) throws -> Currency {
    do { return try Currency(parsing: text) } catch { throw ValidationError("\(text) \(error.reason).") }
}
