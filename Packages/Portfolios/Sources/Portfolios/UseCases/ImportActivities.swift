import DatabaseClient
import EventLog
import Foundation
import SharedTypes

/// Imports a file into a portfolio, all of it or nothing; what the portfolio has from a file before, it does not
/// get again.
///
/// Throws `.notFound`, `.archived` and `.rowsRefused`. A dry run reports all that instead, and writes nothing.
func importActivities(
    _ file: ActivityFile, into portfolioID: Portfolio.ID, of userID: User.ID, dryRun: Bool,
    in transaction: DatabaseTransaction, events: EventLog, at now: Date
) async throws -> ImportReport {
    let ledger = try await Ledger.open(portfolioID, of: userID, in: transaction, events: events, at: now)
    var run = ActivityImport(file, ledger: ledger)
    try await run.recogniseKnown()
    try await run.findInstruments(registering: !dryRun)
    let drafts = try await run.draft()
    guard !dryRun else { return run.report }
    guard run.report.faults.isEmpty else { throw PortfoliosError.rowsRefused(run.report.faults) }
    if !drafts.isEmpty { try await ledger.record(LedgerChange(posts: drafts)) }
    return run.report
}

/// The steps of one import.
private struct ActivityImport {
    /// How many rows the check of the books may refuse, one after the other: each takes a replay.
    private static let maximumBookFaults = 100

    private(set) var report: ImportReport
    private let ledger: Ledger
    /// The external id of each row that was understood, by its place in the report.
    private let externalIDs: [Int: String]
    /// What each row's instrument is, by its place in the report.
    private var instruments: [Int: Instrument.ID] = [:]

    init(_ file: ActivityFile, ledger: Ledger) {
        self.ledger = ledger
        var rows = file.rows.enumerated().map { index, row in
            switch row {
            case .activity(let activity):
                ImportReport.Row(number: activity.row, activity: activity, outcome: .new)
            case .refused(let fault):
                ImportReport.Row(number: fault.row, activity: nil, outcome: .refused(fault))
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
                    RowFault(rows[place].number, "id", "is that of row \(other) too"))
            }
        }
        report = ImportReport(source: file.source, ignored: file.ignored, rows: rows)
    }

    /// The places of the rows that are new so far.
    private var new: [(place: Int, activity: ImportedActivity)] {
        report.rows.enumerated().compactMap { place, row in
            guard row.outcome == .new, let activity = row.activity else { return nil }
            return (place, activity)
        }
    }

    private mutating func refuse(_ place: Int, _ field: String, _ reason: String) {
        let named =
            report.source == "ghostfolio" ? GhostfolioFile.fieldName(field) : ActivityCSV.fieldName(field)
        report.rows[place].outcome = .refused(RowFault(report.rows[place].number, named, reason))
    }
}

extension ActivityImport {
    mutating func recogniseKnown() async throws {
        let ids = new.compactMap { externalIDs[$0.place] }
        guard !ids.isEmpty else { return }
        let known = Set(
            try await ledger.transaction.findImportedActivities(
                userID: ledger.userID, portfolioID: ledger.portfolio.id, externalSource: report.source,
                externalIDs: ids, ownIDs: ids.compactMap { Transaction.ID($0) }))
        for (place, _) in new where externalIDs[place].map({ known.contains($0) }) == true {
            report.rows[place].outcome = .known
        }
    }

    /// Finds each row's instrument. One that nobody knows is registered; in a dry run it gets an id for the time
    /// of the check.
    mutating func findInstruments(registering: Bool) async throws {
        let wanted = new.filter { $0.activity.listing != nil }
        guard !wanted.isEmpty else { return }
        var resolver = try await resolver(wanted.compactMap { $0.activity.listing?.symbol })
        var unknown: [ActivityListing: ImportedActivity] = [:]
        for (_, activity) in wanted {
            guard let listing = activity.listing, unknown[listing.registered] == nil,
                resolver.find(listing, currency: activity.currency) == nil
            else { continue }
            unknown[listing.registered] = activity
        }
        // Every import registers in one order, so that two at a time do not wait for each other.
        report.registered = unknown.keys.sorted {
            ($0.source ?? "", $0.exchange, $0.symbol) < ($1.source ?? "", $1.exchange, $1.symbol)
        }
        let activities = report.registered.compactMap { unknown[$0] }
        if registering {
            try await register(activities)
            resolver = try await self.resolver(wanted.compactMap { $0.activity.listing?.symbol })
        } else {
            resolver.add(
                zip(report.registered, activities).map { listing, activity in
                    .init(listing, id: .version7(at: ledger.now), currency: activity.currency)
                })
        }
        for (place, activity) in wanted {
            guard let listing = activity.listing else { continue }
            guard let found = resolver.find(listing, currency: activity.currency) else {
                refuse(place, "instrument_id", "means more than one instrument; say source and exchange")
                continue
            }
            guard found.currency == activity.currency else {
                refuse(
                    place, "currency", "is \(activity.currency), but the instrument is in \(found.currency)")
                continue
            }
            instruments[place] = found.id
        }
    }

    private func resolver(_ symbols: [String]) async throws -> ListingResolver {
        let held = try await ledger.transaction.listHeldInstruments(
            userID: ledger.userID, portfolioID: ledger.portfolio.id)
        return ListingResolver(
            try await ledger.transaction.findInstrumentsBySymbol(
                symbols: Array(Set(symbols)), userID: ledger.userID
            ).map {
                .init(
                    id: $0.id, source: $0.source, exchange: $0.exchange, symbol: $0.symbol,
                    currency: $0.currency, isOwn: $0.isOwn)
            }, held: Set(held))
    }

    private func register(_ activities: [ImportedActivity]) async throws {
        let listings = report.registered
        guard !listings.isEmpty else { return }
        _ = try await ledger.transaction.registerInstruments(
            now: ledger.now, instrumentIDs: listings.map { _ in .version7(at: ledger.now) },
            sources: listings.map { $0.source ?? ListingResolver.ownSource },
            exchanges: listings.map(\.exchange),
            symbols: listings.map(\.symbol), names: activities.map { $0.name ?? $0.listing?.symbol ?? "" },
            classes: listings.map { ($0.source == "COINGECKO" ? InstrumentClass.crypto : .equity).rawValue },
            currencies: activities.map(\.currency))
    }
}

extension ActivityImport {
    /// The transactions to post. Rows that cannot stand, by themselves or in the books, are refused in the report.
    mutating func draft() async throws -> [TransactionDraft] {
        // A file that begins with the latest is read from its end, so that of one day what comes first comes
        // first.
        let activities = new.map(\.activity)
        let isDescending = activities.first.map { first in
            first.executedAt > activities[activities.count - 1].executedAt
        }
        let inOrder = isDescending == true ? Array(new.reversed()) : new
        let ids = inOrder.map { _ in Transaction.ID.version7(at: ledger.now) }.sorted()
        var drafts: [Int: TransactionDraft] = [:]
        for ((place, activity), id) in zip(inOrder, ids) {
            do {
                drafts[place] = try draft(activity, id: id, at: place)
            } catch let fault as LedgerFault {
                refuse(place, fault.field, fault.reason)
            }
        }
        try await checkBooks(&drafts)
        return inOrder.compactMap { drafts[$0.place] }
    }

    private func draft(
        _ activity: ImportedActivity, id: Transaction.ID, at place: Int
    ) throws -> TransactionDraft {
        let entry = try activity.entry(id: id, instrumentID: instruments[place])
        let draft = try entry.checked { () throws(ArithmeticError) in
            try TransactionDraft(
                entry, fees: activity.fee.isPositive ? [.init(kind: .commission, amount: activity.fee)] : [],
                split: activity.split.map { .init(from: Int($0.from), to: Int($0.to)) }, note: activity.note,
                external: externalIDs[place].map { .init(source: report.source, id: $0) })
        }
        try draft.entry.validate(tracksCash: ledger.portfolio.tracksCash)
        guard activity.executedAt <= ledger.now.addingTimeInterval(86_400) else {
            throw LedgerFault(entry, .field("date", "must not be more than a day from now"))
        }
        guard activity.executedAt >= Date(timeIntervalSince1970: -2_208_988_800) else {
            throw LedgerFault(entry, .field("date", "must not be before 1900"))
        }
        return draft
    }

    /// Replays the portfolio with the new rows in it, and refuses one after the other what cannot stand there.
    private mutating func checkBooks(_ drafts: inout [Int: TransactionDraft]) async throws {
        guard !drafts.isEmpty else { return }
        let history = try await PortfolioHistory.load(ledger.portfolio, on: ledger.transaction)
        for _ in 0..<Self.maximumBookFaults {
            do throws(LedgerFault) {
                _ = try PortfolioBook.replay(
                    history.entries + drafts.values.map(\.entry), method: ledger.portfolio.costBasisMethod,
                    tracksCash: ledger.portfolio.tracksCash)
                return
            } catch {
                guard let place = place(of: error, in: history, among: drafts) else {
                    throw PortfoliosError.breaksLater(error)
                }
                let isOwn = drafts[place]?.entry.id == error.transactionID
                let later = "leaves too little for a later transaction, whose \(error.field) "
                refuse(place, error.field, isOwn ? error.reason : later + error.reason)
                drafts[place] = nil
            }
        }
    }

    /// The row that a fault is laid to: its own, else the last new row before a transaction of the books that may
    /// be why that one can no longer stand.
    private func place(
        of fault: LedgerFault, in history: PortfolioHistory, among drafts: [Int: TransactionDraft]
    ) -> Int? {
        if let own = drafts.first(where: { $0.value.entry.id == fault.transactionID }) { return own.key }
        guard let broken = history.entries.first(where: { $0.id == fault.transactionID }) else { return nil }
        let before = drafts.filter { LedgerTransaction.precedes($0.value.entry, broken) }
        let related =
            if case .insufficientCash(let currency, _) = fault.cause {
                before.filter { $0.value.entry.currency == currency }
            } else {
                before.filter { $0.value.entry.instrumentID == broken.instrumentID }
            }
        return related.max { LedgerTransaction.precedes($0.value.entry, $1.value.entry) }?.key
    }
}

extension ActivityListing {
    /// The listing under which it is registered where nobody knows it.
    fileprivate var registered: ActivityListing {
        ActivityListing(source: source ?? ListingResolver.ownSource, exchange: exchange, symbol: symbol)
    }
}
