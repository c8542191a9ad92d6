import ExactTypes
import SharedTypes

/// Finds the instrument that a row of a file means among those that its user may see.
struct ListingResolver: Sendable {
    /// An instrument that a user may see.
    struct Candidate: Sendable, Hashable {
        let id: Instrument.ID
        let source: String
        let exchange: String
        let symbol: String
        fileprivate(set) var currency: Currency
        /// Whether it is private to the user.
        let isOwn: Bool
    }

    /// What is not known by any source is known by the name that its owner gives it.
    static let ownSource = "MANUAL"

    private var bySymbol: [String: [Candidate]]
    private let held: Set<Instrument.ID>
    private var correctable: Set<Instrument.ID>

    /// - Parameters:
    ///   - held: what the portfolio has, or had; a row means that rather than another that fits.
    ///   - correctable: what may get another currency, since nothing counts in its own and no row of the file is in it.
    init(
        _ candidates: [Candidate], held: Set<Instrument.ID> = [], correctable: Set<Instrument.ID> = []
    ) {
        self.held = held
        self.correctable = correctable
        bySymbol = Dictionary(grouping: candidates, by: \.symbol)
    }

    /// Adds instruments that are about to be registered.
    mutating func add(_ candidates: [Candidate]) {
        for candidate in candidates { bySymbol[candidate.symbol, default: []].append(candidate) }
    }

    /// Gives an instrument another currency, if it may have one; it keeps that.
    mutating func correct(_ candidate: Candidate, to currency: Currency) -> Bool {
        guard correctable.remove(candidate.id) != nil else { return false }
        bySymbol[candidate.symbol] = bySymbol[candidate.symbol]?.map { known in
            var known = known
            if known.id == candidate.id { known.currency = currency }
            return known
        }
        return true
    }

    /// The instrument of exactly this listing, the user's own before a shared one, as registering has it; else
    /// the only one in the row's currency that fits as far as the row says its source and exchange. Nil where
    /// there is none, or more than one: then it is registered.
    func find(_ listing: ActivityListing, currency: Currency) -> Candidate? {
        let candidates = bySymbol[listing.symbol] ?? []
        let exact = candidates.filter {
            $0.source == listing.source ?? Self.ownSource && $0.exchange == listing.exchange
        }
        if let found = exact.first(where: \.isOwn) ?? exact.first { return found }
        let fitting = candidates.filter {
            $0.currency == currency && $0.source == listing.source ?? $0.source
                && (listing.exchange.isEmpty || $0.exchange == listing.exchange)
        }
        // The catalogue may have grown since the last file: what was booked stays where it was booked.
        let known = fitting.filter { held.contains($0.id) }
        if known.count == 1 { return known.first }
        let own = fitting.filter(\.isOwn)
        if own.count == 1 { return own.first }
        return own.isEmpty && fitting.count == 1 ? fitting.first : nil
    }
}

extension ListingResolver.Candidate {
    /// What a listing becomes when it is registered.
    init(_ listing: ActivityListing, id: Instrument.ID, currency: Currency) {
        self.init(
            id: id, source: listing.source ?? ListingResolver.ownSource, exchange: listing.exchange,
            symbol: listing.symbol, currency: currency, isOwn: true)
    }
}
