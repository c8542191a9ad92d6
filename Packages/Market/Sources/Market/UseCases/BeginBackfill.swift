import DatabaseClient
import EventLog
public import ExactTypes
import Foundation
public import SharedTypes

/// What an operator wants to be read of a provider, from a day on.
public struct Backfill: Sendable, Hashable {
    /// What there is to read.
    public enum Kind: String, Sendable, CaseIterable {
        case bars
        case exchangeRates = "exchange-rates"
        case corporateActions = "corporate-actions"
    }

    /// ECB, COINGECKO or ALPACA.
    public let provider: String
    public let kind: Kind
    /// The listing; nil for rates.
    public let symbol: String?
    public let source: String
    public let exchange: String
    /// As the provider calls it, where it has another symbol for it.
    public let providerSymbol: String?
    /// With it, an unknown instrument is made, in the currency.
    public let currency: Currency?
    public let instrumentClass: InstrumentClass
    /// The first day; nil where a feed goes on from where it stands.
    public let from: CalendarDay?
    /// Reads from `from` on what is read already.
    public let isAnew: Bool

    public init(
        provider: String, kind: Kind, symbol: String? = nil, source: String = BarImport.defaultSource,
        exchange: String = "", providerSymbol: String? = nil, currency: Currency? = nil,
        instrumentClass: InstrumentClass = .equity, from: CalendarDay?, isAnew: Bool = false
    ) {
        self.provider = provider
        self.kind = kind
        self.symbol = symbol
        self.source = source
        self.exchange = exchange
        self.providerSymbol = providerSymbol
        self.currency = currency
        self.instrumentClass = instrumentClass
        self.from = from
        self.isAnew = isAnew
    }

    var feedKind: FeedContent {
        switch kind {
        case .bars: .bars
        case .exchangeRates: .exchangeRates
        case .corporateActions: .corporateActions
        }
    }
}

/// Finds the feed, or makes it, and has it begin at an earlier day where one is given.
///
/// The same backfill again goes on from where the feed stands: a day that is read already is not read anew unless that is
/// asked for.
func beginBackfill(_ backfill: Backfill, in context: OperationContext) async throws -> FeedRow {
    let instrument = try await instrument(of: backfill, in: context)
    let known = try await context.transaction.findFeedOf(
        provider: backfill.provider, kind: backfill.feedKind, instrumentID: instrument)
    guard let known, let feed = try await context.transaction.lockFeed(feedID: known.id) else {
        guard let from = backfill.from else {
            throw FieldError(field: "from", reason: "is required where the feed is new")
        }
        return try await createFeed(
            FeedDraft(
                provider: backfill.provider, kind: backfill.feedKind, instrumentID: instrument,
                symbol: backfill.providerSymbol, priority: FeedDraft.usualPriority, firstDay: from),
            in: context)
    }
    guard let from = backfill.from, from < feed.firstDay || backfill.isAnew else { return feed }
    return try await context.transaction.updateFeed(
        priority: feed.priority, active: true, firstDay: min(from, feed.firstDay),
        nextDay: min(from, feed.nextDay), now: context.now, feedID: feed.id)
}

private func instrument(of backfill: Backfill, in context: OperationContext) async throws -> Instrument.ID? {
    guard backfill.kind != .exchangeRates else { return nil }
    let listing = try Listing(
        source: backfill.source, exchange: backfill.exchange, symbol: backfill.symbol ?? "")
    if let currency = backfill.currency {
        _ = try await context.transaction.insertListings(
            [NewListing(id: .version7(at: context.now), symbol: listing.symbol, name: listing.symbol)],
            source: listing.source, exchange: listing.exchange, class: backfill.instrumentClass,
            currency: currency, now: context.now)
    }
    let found = try await context.transaction.findListings(
        source: listing.source, exchange: listing.exchange, symbols: [listing.symbol])
    guard let instrument = found.first else { throw MarketError.instrumentNotFound }
    guard backfill.currency == nil || backfill.currency == instrument.currency else {
        throw FieldError(
            field: "currency", reason: "is not \(instrument.currency), which \(listing) is kept in")
    }
    return instrument.id
}
