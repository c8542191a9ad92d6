import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import MarketContract
import ServiceKit
import SharedTypes

/// `/v1/quotes` and `/v1/quotes/stream`.
struct QuoteRoutes {
    private typealias API = MarketAPI

    /// How many instruments one request names.
    private static let maximumInstruments = 100

    let database: Database
    let watch: QuoteWatch
    let heartbeat: Duration
    let now: @Sendable () -> Date

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListQuotes.self, list)
        routes.once(API.StoreQuotes.self, store)
        routes.stream(API.StreamQuotes.self, stream)
    }

    @Sendable private func list(_ call: Call<API.ListQuotes>) async throws -> API.ListQuotes.Output {
        let own = database.acting(as: call.user.uuid)
        let listings = try await findQuotedListings(
            try Self.instruments(call.parameters.instrument), for: call.user, on: own)
        let quotes = try await listQuotes(of: listings, on: own)
        return .ok(API.Quotes(items: quotes.map { API.Quote($0, at: call.now) }))
    }

    @Sendable private func store(
        _ call: Call<API.StoreQuotes>, _ operation: OperationContext
    ) async throws -> API.StoreQuotes.Output {
        let quotes = call.body.quotes.map {
            NewQuote(instrumentID: $0.instrumentID, price: $0.price, quotedAt: $0.quotedAt)
        }
        return .ok(
            API.QuotesStored(stored: try await storeQuotes(quotes, source: call.body.source, in: operation)))
    }

    @Sendable private func stream(_ call: Call<API.StreamQuotes>) async throws -> EventStream<QuoteEvents> {
        let own = database.acting(as: call.user.uuid)
        let listings = try await findQuotedListings(
            try Self.instruments(call.parameters.instrument), for: call.user, on: own)
        guard let listener = watch.listeners.listen(for: call.user, to: Set(listings.listings)) else {
            throw MarketError.tooManyStreams(limit: watch.listeners.limit)
        }
        return EventStream(
            QuoteEvents(database: own, listings: listings, now: now), listener: listener,
            expiresAt: call.principal.expiresAt, heartbeat: heartbeat, now: now)
    }

    /// The instruments that the text names, separated by commas.
    private static func instruments(_ text: String) throws(FieldError) -> [Instrument.ID] {
        var ids: [Instrument.ID] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let id = Instrument.ID(String(part)) else {
                throw FieldError(field: "instrument", reason: "is no list of ids, separated by commas")
            }
            ids.append(id)
        }
        guard ids.count <= maximumInstruments else {
            throw FieldError(field: "instrument", reason: "has more than \(maximumInstruments) ids")
        }
        return ids
    }
}

/// The last prices of some instruments: at first those that there are, and then each that is newer.
struct QuoteEvents: StreamedEvents {
    let database: any QueryExecutor
    let listings: QuotedListings
    let now: @Sendable () -> Date
    private var seen: [Instrument.ID: Date] = [:]

    init(database: any QueryExecutor, listings: QuotedListings, now: @escaping @Sendable () -> Date) {
        self.database = database
        self.listings = listings
        self.now = now
    }

    mutating func nextPage() async throws -> (events: [StreamEvent], isMore: Bool) {
        var events: [StreamEvent] = []
        for quote in try await listQuotes(of: listings, on: database)
        where seen[quote.instrumentID] != quote.quotedAt {
            seen[quote.instrumentID] = quote.quotedAt
            events.append(StreamEvent("quote", MarketAPI.Quote(quote, at: now())))
        }
        return (events, false)
    }
}

extension MarketAPI.Quote {
    /// A quote as it is at a moment.
    fileprivate init(_ quote: LastQuote, at now: Date) {
        self.init(
            instrumentID: quote.instrumentID, price: quote.price, currency: quote.currency,
            quotedAt: quote.quotedAt, ageSeconds: quote.ageSeconds(at: now),
            source: quote.source)
    }
}
