import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What an operator says of a new feed.
struct FeedDraft {
    let provider: String
    let kind: FeedContent
    /// The shared instrument that it is of; nil for rates.
    let instrumentID: Instrument.ID?
    /// As the provider calls the instrument; nil where it does so by the instrument's own symbol.
    let symbol: String?
    let priority: Int
    let firstDay: CalendarDay

    /// What stands where no priority is given: before bars of files.
    static let usualPriority = 50
}

/// Makes a feed, which is due at once. Throws `.providerUnfit`, `.instrumentNotFound` or `.feedTaken`.
func createFeed(_ draft: FeedDraft, in context: OperationContext) async throws -> FeedRow {
    guard let kinds = MarketConfiguration.kinds[draft.provider] else {
        throw MarketError.providerUnfit(
            "is none of \(MarketConfiguration.kinds.keys.sorted().joined(separator: ", "))")
    }
    guard kinds.contains(draft.kind) else {
        throw MarketError.providerUnfit("gives no \(draft.kind.rawValue)")
    }
    var symbol = draft.symbol
    if draft.kind == .exchangeRates {
        guard draft.instrumentID == nil, symbol == nil else {
            throw FieldError(field: "instrument_id", reason: "is not of a feed of rates")
        }
    } else {
        guard let id = draft.instrumentID else {
            throw FieldError(field: "instrument_id", reason: "is required")
        }
        guard let instrument = try await context.transaction.findFeedInstrument(instrumentID: id) else {
            throw MarketError.instrumentNotFound
        }
        symbol = symbol ?? instrument.symbol
    }
    let row = try await context.transaction.insertFeed(
        feedID: .version7(at: context.now), provider: draft.provider, kind: draft.kind,
        instrumentID: draft.instrumentID, symbol: symbol, priority: draft.priority, firstDay: draft.firstDay,
        now: context.now)
    guard let row else { throw MarketError.feedTaken }
    return row
}
