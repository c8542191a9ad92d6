import ExactTypes
import Foundation
import PortfoliosContract
import SharedTypes

/// A file on its way into a portfolio: what was read of it, and then, step by step, what becomes of each row.
struct ActivityImport: Sendable {
    /// So many rows, of file and books together, are planned within a millisecond or two.
    static let shortRows = 200
    /// How many rows that the books refuse are looked for.
    private static let maximumBookFaults = 100

    private(set) var report: ImportReport
    /// The external id of each row that was understood, by its place in the report.
    let externalIDs: [Int: String]
    /// What each row's instrument is, by its place in the report.
    private var instruments: [Int: ListingResolver.Candidate] = [:]
    private var registrations: [ImportPlan.Registration] = []
    private var corrections: [ImportPlan.Correction] = []
    private let columnNames: [String: String]

    init(_ file: ActivityFile) {
        columnNames = file.columnNames
        var rows = file.rows.enumerated().map { index, row in
            switch row {
            case .activity(let activity):
                ImportReport.Row(number: activity.row, activity: activity, outcome: .new)
            case .refused(let fault):
                ImportReport.Row(number: fault.row ?? 0, activity: nil, outcome: .refused(fault))
            }
        }
        let places = rows.indices.filter { rows[$0].activity != nil }
        let ids = ImportedActivity.externalIDs(places.compactMap { rows[$0].activity })
        externalIDs = Dictionary(uniqueKeysWithValues: zip(places, ids))
        var first: [String: Int] = [:]
        for place in places {
            guard let id = externalIDs[place] else { continue }
            if let other = first.updateValue(rows[place].number, forKey: id) {
                rows[place].outcome = .refused(
                    RowFault(row: rows[place].number, column: "id", "is that of row \(other) too"))
            }
        }
        report = ImportReport(format: file.format, ignored: file.ignored, rows: rows)
    }

    /// The symbols of the instruments that the rows name, with the currencies in which they trade them.
    var currencies: [String: Set<Currency>] {
        var currencies: [String: Set<Currency>] = [:]
        for activity in report.rows.compactMap(\.activity) {
            guard let symbol = activity.listing?.symbol else { continue }
            currencies[symbol, default: []].insert(activity.currency)
        }
        return currencies
    }

    /// Works out what the import does to the books. Rows that cannot stand are refused in the plan's report.
    mutating func plan(
        on books: ImportedBooks, at now: Date, checkCancellation: () throws -> Void
    ) throws -> ImportPlan {
        for (place, _) in new where externalIDs[place].map({ books.known.contains($0) }) == true {
            report.rows[place].outcome = .known
        }
        findInstruments(with: books.resolver, at: now)
        var drafts = try draft(for: books.portfolio, at: now)
        try refuse(what: &drafts, doesNotFit: books.history, checkCancellation: checkCancellation)
        return ImportPlan(
            report: report, booksRevision: books.portfolio.booksRevision, drafts: drafts.map(\.draft),
            registrations: registrations, corrections: corrections)
    }

    /// The places of the rows that are new so far.
    private var new: [(place: Int, activity: ImportedActivity)] {
        report.rows.enumerated().compactMap { place, row in
            guard row.outcome == .new, let activity = row.activity else { return nil }
            return (place, activity)
        }
    }

    private mutating func refuse(_ place: Int, _ field: String, _ reason: String) {
        report.rows[place].outcome = .refused(
            RowFault(row: report.rows[place].number, column: columnNames[field] ?? field, reason))
    }
}

extension ActivityImport {
    /// Finds each row's instrument. One that nobody knows is to be registered, under an id that it gets here.
    private mutating func findInstruments(with known: ListingResolver, at now: Date) {
        var resolver = known
        let wanted = new.filter { $0.activity.listing != nil }
        var unknown: [ActivityListing: ImportedActivity] = [:]
        for (_, activity) in wanted {
            guard let listing = activity.listing, unknown[listing.registered] == nil,
                resolver.find(listing, currency: activity.currency) == nil
            else { continue }
            unknown[listing.registered] = activity
        }
        // Every import registers in one order, so that two at a time do not wait for each other.
        let listings = unknown.keys.sorted {
            ($0.source ?? "", $0.exchange, $0.symbol) < ($1.source ?? "", $1.exchange, $1.symbol)
        }
        report.registered = listings
        registrations = listings.compactMap { listing in
            unknown[listing].map {
                .init(
                    id: .version7(at: now), listing: listing, name: $0.name ?? listing.symbol,
                    currency: $0.currency)
            }
        }
        resolver.add(registrations.map { .init($0.listing, id: $0.id, currency: $0.currency) })
        for (place, activity) in wanted {
            guard let listing = activity.listing else { continue }
            guard let found = resolver.find(listing, currency: activity.currency) else {
                refuse(place, "instrument_id", "means more than one instrument; say source and exchange")
                continue
            }
            guard found.currency == activity.currency || correct(found, to: activity.currency, in: &resolver)
            else {
                refuse(
                    place, "currency", "is \(activity.currency), but the instrument is in \(found.currency)")
                continue
            }
            instruments[place] = found
        }
    }

    /// Plans another currency for an instrument that no row was in so far and nothing counts in.
    private mutating func correct(
        _ found: ListingResolver.Candidate, to currency: Currency, in resolver: inout ListingResolver
    ) -> Bool {
        guard resolver.correct(found, to: currency) else { return false }
        corrections.append(.init(id: found.id, currency: currency))
        return true
    }
}

extension ActivityImport {
    private typealias PlacedDraft = (place: Int, draft: TransactionDraft)

    /// The transactions to post. Rows that cannot stand by themselves are refused in the report.
    private mutating func draft(for portfolio: PortfolioRow, at now: Date) throws -> [PlacedDraft] {
        // A file that begins with the latest is read from its end, so that of one day what comes first comes
        // first.
        let rows = new
        let isDescending =
            if let first = rows.first, let last = rows.last {
                first.activity.executedAt > last.activity.executedAt
            } else {
                false
            }
        let inOrder = isDescending ? rows.reversed() : rows
        let ids = inOrder.map { _ in Transaction.ID.version7(at: now) }.sorted()
        var drafts: [PlacedDraft] = []
        for ((place, activity), id) in zip(inOrder, ids) {
            do {
                drafts.append((place, try draft(activity, id: id, at: place, for: portfolio, now)))
            } catch let fault as LedgerFault {
                refuse(place, fault.field, fault.reason)
            }
        }
        return drafts
    }

    private func draft(
        _ activity: ImportedActivity, id: Transaction.ID, at place: Int, for portfolio: PortfolioRow,
        _ now: Date
    ) throws -> TransactionDraft {
        let entry = try activity.entry(id: id, instrumentID: instruments[place]?.id)
        let draft = try entry.checked { () throws(ArithmeticError) in
            try TransactionDraft(
                entry, fees: activity.fee.isPositive ? [.init(kind: .commission, amount: activity.fee)] : [],
                split: activity.split.map { .init(from: Int($0.from), to: Int($0.to)) }, note: activity.note,
                external: externalIDs[place].map { .init(source: report.format.rawValue, id: $0) },
                isInstrumentShared: instruments[place].map { !$0.isOwn })
        }
        try draft.entry.validate(tracksCash: portfolio.tracksCash)
        if let reason = LedgerTransaction.reasonAgainst(activity.executedAt, now: now) {
            throw LedgerFault(entry, .field("date", reason))
        }
        return draft
    }

    /// Refuses the drafts that cannot stand in the books. The second replay tells whether the rest stands without
    /// what the first refused.
    private mutating func refuse(
        what drafts: inout [PlacedDraft], doesNotFit history: PortfolioHistory,
        checkCancellation: () throws -> Void
    ) throws {
        var left = Self.maximumBookFaults
        for _ in 0..<2 where !drafts.isEmpty && left > 0 {
            let refusals: [RefusalSearch.Refusal]
            do {
                refusals = try RefusalSearch.refusals(
                    of: drafts.map(\.draft.entry), among: history.entries,
                    method: history.portfolio.costBasisMethod, tracksCash: history.portfolio.tracksCash,
                    limit: left, checkCancellation: checkCancellation)
            } catch let fault as LedgerFault {
                throw PortfoliosError.breaksLater(fault)
            }
            guard !refusals.isEmpty else { return }
            let byID = Dictionary(refusals.map { ($0.transactionID, $0) }) { first, _ in first }
            for (place, draft) in drafts {
                guard let refusal = byID[draft.entry.id] else { continue }
                let later = "leaves too little for a later transaction, whose \(refusal.fault.field) "
                refuse(
                    place, refusal.fault.field,
                    refusal.isOwn ? refusal.fault.reason : later + refusal.fault.reason)
            }
            drafts.removeAll { byID[$0.draft.entry.id] != nil }
            left -= byID.count
        }
    }
}

extension ActivityListing {
    /// The listing under which it is registered where nobody knows it.
    fileprivate var registered: ActivityListing {
        ActivityListing(source: source ?? ListingResolver.ownSource, exchange: exchange, symbol: symbol)
    }
}
