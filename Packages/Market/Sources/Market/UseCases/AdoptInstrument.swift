import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Makes a user's private instrument shared, under the operator's words for it.
///
/// The holdings that hang on it stay as they are. Other users' private instruments with the same listing stay
/// private and are served by its bars from now on. Where the listing has a shared instrument, this throws
/// `.listingTaken`: that one serves the private instrument already. An instrument that is shared already is none
/// that could be adopted.
func adoptInstrument(
    _ id: Instrument.ID, name: String, instrumentClass: InstrumentClass, in context: OperationContext
) async throws -> InstrumentRow {
    let transaction = context.transaction
    if let shared = try await transaction.lockSharedInstrument(instrumentID: id) {
        throw MarketError.listingTaken(
            try Listing(source: shared.source, exchange: shared.exchange, symbol: shared.symbol))
    }
    do {
        guard
            let adopted = try await transaction.adoptInstrument(
                instrumentID: id, name: name, class: instrumentClass, now: context.now),
            let row = try await transaction.lockSharedInstrument(instrumentID: adopted)
        else { throw MarketError.instrumentNotFound }
        return row
    } catch let error as DatabaseError where error.uniqueViolation == "instruments_listing_key" {
        // The private row is not visible to the operator, so the answer cannot name its listing.
        throw MarketError.listingTaken(nil)
    }
}
