import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Stores the corporate actions of an instrument, and in the same transaction that the feed is read. What the provider no
/// longer gives stays: an answer that lacks something is no proof that it never was.
func storeFeedActions(
    _ actions: [RecordedAction], of feed: FeedRow, instrument: FindFeedInstrumentRow, by move: FeedMove,
    in context: OperationContext
) async throws {
    try await moveFeed(feed, by: move, in: context)
    _ = try await context.transaction.writeCorporateActions(
        actions.map { NewCorporateAction($0, id: .version7(at: context.now)) },
        instrumentID: instrument.id, source: feed.provider, now: context.now)
}

extension NewCorporateAction {
    init(_ action: RecordedAction, id: CorporateAction.ID) {
        var (newShares, oldShares, amount): (FixedDecimal?, FixedDecimal?, FixedDecimal?)
        var (currency, symbol): (Currency?, String?)
        switch action.change {
        case .split(let new, let old): (newShares, oldShares) = (new, old)
        case .payment(_, let gross, let unit): (amount, currency) = (gross, unit)
        case .symbol(let new): symbol = new
        }
        self.init(
            id: id, kind: action.kind, exDate: action.exDate, newShares: newShares, oldShares: oldShares,
            amount: amount, currency: currency, newSymbol: symbol)
    }
}
