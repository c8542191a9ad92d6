import ArgumentParser
import Market

struct ImportRatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-rates",
        abstract: "Imports exchange rates from a CSV file.",
        discussion: """
            Base,Quote,Date,Rate: one unit of the base buys so many units of the quote. All rows or none; the same \
            file again changes nothing. Faults name row and column, and end with exit code 65.
            """)

    @OptionGroup var fileImport: FileImport

    @Option(help: "Where the figures come from.")
    var source = BarImport.defaultSource

    func run() async throws {
        try await fileImport.run { market, file, lines in
            try await market.importExchangeRates(
                source: source, stated: fileImport.stated, from: file, progress: lines.report)
        }
    }
}
