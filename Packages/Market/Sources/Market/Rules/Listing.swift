import ExactTypes
import SharedTypes

/// Under which symbol a source names an instrument: what an instrument is unique by.
struct Listing: Sendable, Hashable {
    /// Who names the symbol, in capitals, as portfolio files write it: YAHOO, COINGECKO, MANUAL.
    let source: String
    /// The exchange's code in capitals; empty where the source gives none.
    let exchange: String
    /// The symbol as the source writes it; its case matters.
    let symbol: String

    init(source: String, exchange: String, symbol: String) throws(FieldError) {
        self.source = try Self.source(source)
        self.exchange = try Self.exchange(exchange)
        self.symbol = try FieldError.checked("symbol", symbol, ListingText.symbol)
    }

    /// A source in capitals.
    static func source(_ text: String) throws(FieldError) -> String {
        try FieldError.checked("source", text, ListingText.source)
    }

    /// An exchange's code in capitals.
    static func exchange(_ text: String) throws(FieldError) -> String {
        try FieldError.checked("exchange", text, ListingText.exchange)
    }
}

extension Listing: CustomStringConvertible {
    /// "GOOG at XNAS (YAHOO)".
    var description: String { symbol + (exchange.isEmpty ? "" : " at \(exchange)") + " (\(source))" }
}
