import DatabaseClient
import ExactTypes
import PortfoliosContract
import SharedTypes

extension Ledger {
    /// Finds the instrument that a transaction names; nil where it names none. One that is not known yet is
    /// registered, private to the user.
    ///
    /// Throws where there is none that the user may see, and where the instrument has another currency and keeps it.
    func resolveInstrument(of new: PortfoliosAPI.NewTransaction) async throws -> InstrumentSummary? {
        let currency = new.currency?.currency
        var found: InstrumentSummary
        let field: String
        switch (new.instrumentID, new.instrument) {
        case (nil, nil): return nil
        case (_?, _?):
            throw FieldError(field: "instrument", reason: "must not be given beside instrument_id")
        case (let id?, nil):
            found = try await instrument(id, named: "instrument_id")
            field = "instrument_id"
        case (nil, let listing?):
            found = try await resolve(listing, currency: currency)
            field = "instrument"
            if let stated = listing.currency?.currency, stated != found.currency {
                found = try await corrected(found, to: stated, field: "instrument.currency", named: field)
            }
        }
        guard let currency, currency != found.currency else { return found }
        guard new.instrument?.currency == nil else {
            throw FieldError(field: "currency", reason: "is not the instrument's, which is \(found.currency)")
        }
        return try await corrected(found, to: currency, field: "currency", named: field)
    }

    /// The instrument in another currency: one that is the user's own and in which nothing counts any more, as after a
    /// mistake was reversed, takes it. Throws where it cannot.
    private func corrected(
        _ found: InstrumentSummary, to currency: Currency, field: String, named name: String
    ) async throws -> InstrumentSummary {
        guard !found.isShared,
            try await transaction.correctCurrency(instrumentID: found.id, currency: currency, now: now)
        else {
            throw FieldError(field: field, reason: "is not the instrument's, which is \(found.currency)")
        }
        return try await instrument(found.id, named: name)
    }

    /// - Parameter currency: the transaction's, where it says one: an unknown instrument is registered in it.
    private func resolve(
        _ listing: PortfoliosAPI.NewInstrument, currency: Currency?
    ) async throws -> InstrumentSummary {
        let source = try FieldError.checked("instrument.source", listing.source, ListingText.source)
        let exchange = try FieldError.checked("instrument.exchange", listing.exchange, ListingText.exchange)
        let symbol = try FieldError.checked("instrument.symbol", listing.symbol, ListingText.symbol)
        let known = try await transaction.findListing(
            source: source, exchange: exchange, symbol: symbol, userID: userID)
        if let known { return known }
        guard let currency = listing.currency?.currency ?? currency else {
            throw FieldError(
                field: "instrument.currency", reason: "is required for an instrument that is not known yet")
        }
        let id = try await transaction.registerInstrument(
            instrumentID: .version7(at: now), source: source, exchange: exchange, symbol: symbol,
            name: listing.name ?? symbol, class: listing.class, currency: currency, now: now)
        // Somebody may have been faster, with another currency: what stands is what counts.
        return try await instrument(id, named: "instrument")
    }

    private func instrument(_ id: Instrument.ID, named field: String) async throws -> InstrumentSummary {
        guard let found = try await transaction.findInstrument(instrumentID: id, userID: userID) else {
            throw FieldError(field: field, reason: "names no instrument")
        }
        return found
    }
}
