import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// An instrument as a request or a file names it.
enum InstrumentReference: Sendable, Hashable {
    case id(Instrument.ID)
    case listing(InstrumentListing)
}

/// An instrument by who lists it under which symbol, with what is needed where it has to be registered.
struct InstrumentListing: Sendable, Hashable {
    /// Who names the symbol, in capitals: YAHOO, MANUAL.
    let source: String
    /// The exchange's code in capitals; empty where the source tells none.
    let exchange: String
    let symbol: String
    let name: String?
    let instrumentClass: InstrumentClass
    let currency: Currency?
}

/// Finds the instrument that is meant. One that nobody knows yet is registered, private to the user.
///
/// - Parameter currency: the transaction's, where it says one: an unknown instrument is registered in it.
/// - Throws: `.invalid` where there is none that the user may see, and where the instrument has another currency.
func resolveInstrument(
    _ reference: InstrumentReference, currency: Currency?, of userID: User.ID,
    in transaction: DatabaseTransaction, at now: Date
) async throws -> InstrumentSummary {
    let found: InstrumentSummary
    switch reference {
    case .id(let id):
        guard let instrument = try await transaction.findInstrument(instrumentID: id, userID: userID) else {
            throw FieldError(field: "instrument_id", reason: "names no instrument")
        }
        found = instrument
    case .listing(let listing):
        found = try await resolve(listing, currency: currency, of: userID, in: transaction, at: now)
        if let stated = listing.currency, stated != found.currency {
            throw FieldError(
                field: "instrument.currency", reason: "is not the instrument's, which is \(found.currency)")
        }
    }
    if let currency, currency != found.currency {
        throw FieldError(
            field: "currency", reason: "is not the instrument's, which is \(found.currency)")
    }
    return found
}

private func resolve(
    _ listing: InstrumentListing, currency: Currency?, of userID: User.ID,
    in transaction: DatabaseTransaction,
    at now: Date
) async throws -> InstrumentSummary {
    let known = try await transaction.findListing(
        source: listing.source, exchange: listing.exchange, symbol: listing.symbol, userID: userID)
    if let known { return known }
    guard let currency = listing.currency ?? currency else {
        throw FieldError(
            field: "instrument.currency", reason: "is required for an instrument that is not known yet")
    }
    let id = try await transaction.registerInstrument(
        instrumentID: .version7(at: now), source: listing.source, exchange: listing.exchange,
        symbol: listing.symbol, name: listing.name ?? listing.symbol, class: listing.instrumentClass,
        currency: currency, now: now)
    // Somebody may have been faster, with another currency: what stands is what counts.
    guard let registered = try await transaction.findInstrument(instrumentID: id, userID: userID) else {
        throw FieldError(field: "instrument", reason: "names no instrument")
    }
    return registered
}
