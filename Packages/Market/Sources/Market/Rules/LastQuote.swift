import ExactTypes
import Foundation
import SharedTypes

/// The last price of an instrument, by the id that the user asked with.
struct LastQuote: Sendable, Hashable {
    let instrumentID: Instrument.ID
    let price: FixedDecimal
    let currency: Currency
    let quotedAt: Date
    let source: String

    /// Whole seconds from the quote to a moment. A vendor's clock may be a little ahead: that is no age.
    func ageSeconds(at moment: Date) -> Int {
        max(0, Int(exactly: moment.timeIntervalSince(quotedAt).rounded(.down)) ?? 0)
    }
}

/// The instruments for which a user asks quotes, by the shared ones on which those hang; one without a shared listing has no
/// quotes.
struct QuotedListings: Sendable, Hashable {
    let asked: [Instrument.ID: [Instrument.ID]]

    /// The shared instruments.
    var listings: [Instrument.ID] { Array(asked.keys) }
}
