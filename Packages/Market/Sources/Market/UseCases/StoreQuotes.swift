import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// How far a vendor's clock may be ahead of this one.
private let maximumLead: TimeInterval = 60
/// PostgreSQL takes 8,000 bytes in a NOTIFY; so many ids are 7,400.
private let announcedAtOnce = 200

/// Stores the last prices of shared instruments and announces those that are newer than what was there; gives their number.
/// The same quotes again change nothing. Of several of one instrument the latest counts.
///
/// Throws a fault that names the quote: a price that is not above zero, a moment that lies in the future, an instrument that
/// is not shared.
func storeQuotes(
    _ quotes: [NewQuote], source: String, in context: OperationContext
) async throws -> Int {
    let transaction = context.transaction
    let source = try Listing.source(source)
    let shared = Set(
        try await transaction.listSharedInstruments(instrumentIDs: quotes.map(\.instrumentID)))
    var latest: [Instrument.ID: NewQuote] = [:]
    for (index, quote) in quotes.enumerated() {
        guard quote.price.isPositive else {
            throw FieldError(field: "quotes[\(index)].price", reason: "is not above zero")
        }
        guard quote.quotedAt.timeIntervalSince(context.now) <= maximumLead else {
            throw FieldError(field: "quotes[\(index)].quoted_at", reason: "lies in the future")
        }
        guard shared.contains(quote.instrumentID) else {
            throw FieldError(field: "quotes[\(index)].instrument_id", reason: "names no shared instrument")
        }
        if let known = latest[quote.instrumentID], known.quotedAt >= quote.quotedAt { continue }
        latest[quote.instrumentID] = quote
    }
    guard !latest.isEmpty else { return 0 }
    // In one order, so that two writers of the same instruments do not wait for each other.
    let rows = latest.values.sorted { $0.instrumentID < $1.instrumentID }
    let stored = try await transaction.upsertQuotes(rows, source: source, now: context.now)
    for first in stride(from: 0, to: stored.count, by: announcedAtOnce) {
        let ids = stored.dropFirst(first).prefix(announcedAtOnce)
        try await transaction.announceQuotes(instrumentIDs: ids.map(\.description).joined(separator: ","))
    }
    return stored.count
}
