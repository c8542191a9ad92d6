import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What an operator says of a new shared instrument.
struct InstrumentDraft {
    let listing: Listing
    let name: String
    let instrumentClass: InstrumentClass
    let currency: Currency
    let isin: String?
    let isFractionable: Bool
}

/// Makes a shared instrument; throws `.listingTaken` where the listing has one.
func createInstrument(
    _ draft: InstrumentDraft, in context: OperationContext
) async throws -> InstrumentRow {
    let row = try await context.transaction.insertInstrument(
        instrumentID: .version7(at: context.now), source: draft.listing.source,
        exchange: draft.listing.exchange,
        symbol: draft.listing.symbol, name: draft.name, class: draft.instrumentClass,
        currency: draft.currency,
        isin: draft.isin, fractionable: draft.isFractionable, now: context.now)
    guard let row else { throw MarketError.listingTaken(draft.listing) }
    return row
}
