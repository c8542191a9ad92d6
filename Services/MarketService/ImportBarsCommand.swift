import ArgumentParser
import ExactTypes
import Market
import SharedTypes

struct ImportBarsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-bars",
        abstract: "Imports daily bars of shared instruments from a CSV file.",
        discussion: """
            Date,Open,High,Low,Close,Volume with --symbol, or with a column Symbol. All rows or none; the same file \
            again changes nothing. Faults name row and column, and end with exit code 65.
            """)

    @OptionGroup var fileImport: FileImport

    @Option(help: "The symbol of a file without a column Symbol.")
    var symbol: String?

    @Option(
        help: "The currency of the figures, or as GBp a part of it. With it, unknown instruments are made.",
        transform: parseCurrency)
    var currency: CurrencyUnit?

    @Option(help: "The exchange's code.")
    var exchange = ""

    @Option(help: "Who names the symbols, as portfolio files write it: YAHOO, say.")
    var source = BarImport.defaultSource

    @Option(
        name: .customLong("class"), help: "The class of instruments that are made.", transform: parseClass)
    var instrumentClass = InstrumentClass.equity

    @Option(
        help: "What the prices are adjusted to: raw (as traded), splits, splits_and_dividends; else unknown.",
        transform: parseAdjustment)
    var adjusted = PriceAdjustment.unknown

    func run() async throws {
        let plan = BarImport(
            symbol: symbol, source: source, exchange: exchange, unit: currency,
            instrumentClass: instrumentClass, adjusted: adjusted, stated: fileImport.stated)
        try await fileImport.run { market, file, lines in
            try await market.importBars(plan, from: file, progress: lines.report)
        }
    }
}

private func parseCurrency(_ text: String) throws -> CurrencyUnit {
    do { return try CurrencyUnit(parsing: text) } catch { throw ValidationError("\(text) \(error.reason).") }
}

func parseClass(_ text: String) throws -> InstrumentClass {
    guard let value = InstrumentClass(rawValue: text) else {
        let names = InstrumentClass.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--class is one of \(names), not \(text).")
    }
    return value
}

private func parseAdjustment(_ text: String) throws -> PriceAdjustment {
    guard let value = PriceAdjustment(rawValue: text) else {
        let names = PriceAdjustment.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--adjusted is one of \(names), not \(text).")
    }
    return value
}
