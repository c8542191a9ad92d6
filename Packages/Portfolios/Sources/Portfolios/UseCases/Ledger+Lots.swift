import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// What a change makes of one instrument in the portfolio.
struct Rebooking: Sendable {
    let holding: PortfolioHoldingRow
    /// The lots that are new or changed; all of them after a replay.
    let lots: [TaxLot]
    let closures: [TaxLotClosure]
    /// Whether the lots and closures take the place of all that are stored.
    let isReplay: Bool
    /// The posting that brings the asset account to what the lots say, where a split or a backdated trade moved
    /// them by more than the transactions' own units.
    let settling: TransactionPosting?
}

/// What happens to one instrument at once.
private struct InstrumentChange {
    let instrument: Instrument.ID
    /// In the order in which they take effect.
    let posts: [LedgerTransaction]
    let reversals: [LedgerChange.Reversal]
    /// What the portfolio holds of it so far; nil where nothing was ever posted to it.
    let holding: PortfolioHoldingRow?
    /// How often splits changed lots of the portfolio's other instruments.
    var restatementsOfOthers = 0

    var restatements: Int { holding?.lotRestatements ?? 0 }
    var maximumRestatements: Int { LotBook.maximumRestatements - restatementsOfOthers }
}

extension Ledger {
    func rebook(_ change: LedgerChange, _ postings: [TransactionPosting]) async throws -> [Rebooking] {
        let instruments = change.instruments
        guard !instruments.isEmpty else { return [] }
        let holdings = try await transaction.findHoldings(
            userID: userID, portfolioID: portfolio.id, instrumentIDs: instruments)
        let known = Dictionary(uniqueKeysWithValues: holdings.map { ($0.instrumentID, $0) })
        let posts = Dictionary(grouping: change.posts.map(\.entry), by: \.instrumentID)
        let reversals = Dictionary(grouping: change.reversals, by: \.original.instrumentID)
        let moved = try Postings.balances(of: .asset, postings.map(\.posting))
        var rebookings: [Rebooking] = []
        // Of the whole portfolio; read where a rebooking may add to them.
        var restatements: Int?
        for instrument in instruments {
            let holding = known[instrument]
            var part = InstrumentChange(
                instrument: instrument, posts: LedgerTransaction.effective(posts[instrument] ?? []),
                reversals: reversals[instrument] ?? [], holding: holding)
            let isReplay = needsReplay(part)
            if isReplay || part.posts.contains(where: { $0.type == .split }) {
                if restatements == nil {
                    restatements = try await transaction.countLotRestatements(
                        userID: userID, portfolioID: portfolio.id)
                }
                part.restatementsOfOthers = (restatements ?? 0) - part.restatements
            }
            let moved = moved[.instrument(instrument)] ?? .zero
            guard let rebooking = try await rebook(part, isReplay: isReplay, moved: moved) else { continue }
            rebookings.append(rebooking)
            restatements = restatements.map { $0 - part.restatements + rebooking.holding.lotRestatements }
        }
        return rebookings
    }

    private func rebook(
        _ part: InstrumentChange, isReplay: Bool, moved: FixedDecimal
    ) async throws -> Rebooking? {
        let posts = part.posts
        guard
            let carrier = posts.last(where: { $0.type == .split })?.id ?? posts.last?.id
                ?? part.reversals.last?.id,
            let currency = posts.first?.currency ?? part.reversals.first?.original.currency
        else { return nil }
        let outcome =
            isReplay ? try await replay(part, in: currency) : try await append(part, in: currency)
        let posted = try (part.holding?.quantity ?? .zero) + moved
        // A split has no posting but this one; else the last transaction to have moved the lots carries it.
        let settling = Postings.settling(try outcome.holding.quantity - posted, of: part.instrument)
        return Rebooking(
            holding: outcome.holding, lots: outcome.lots, closures: outcome.closures, isReplay: isReplay,
            settling: settling.map { TransactionPosting(transactionID: carrier, posting: $0) })
    }

    private typealias Outcome = (holding: PortfolioHoldingRow, lots: [TaxLot], closures: [TaxLotClosure])

    /// Whether a transaction takes effect before something that the instrument has, so that its open lots are not
    /// enough. What happened at the same moment takes a replay too, which knows its order.
    private func needsReplay(_ part: InstrumentChange) -> Bool {
        guard part.reversals.isEmpty else { return true }
        guard let holding = part.holding, let first = part.posts.first else { return false }
        // Where nothing counts any more, a replay is short.
        return holding.latestAt.map { $0 >= first.effectiveAt } ?? true
    }

    private func append(_ part: InstrumentChange, in currency: Currency) async throws -> Outcome {
        let basis = part.holding.map { CostBasis($0) } ?? CostBasis()
        let stored = try await openLots(of: part.instrument, for: part.posts, in: basis)
        var book = LotBook(
            instrumentID: part.instrument, method: portfolio.costBasisMethod,
            currency: part.holding?.currency, basis: basis, openLots: stored,
            restatements: part.restatements)
        for post in part.posts { try book.take(post, maximumRestatements: part.maximumRestatements) }
        let before = Set(stored)
        return (
            try figures(of: book, part.posts, in: currency, onTopOf: part.holding),
            book.lots.filter { !before.contains($0) }, book.closures
        )
    }

    private func replay(_ part: InstrumentChange, in currency: Currency) async throws -> Outcome {
        let selections = Dictionary(
            grouping: try await transaction.listInstrumentLotSelections(
                userID: userID, portfolioID: portfolio.id, instrumentID: part.instrument),
            by: \.transactionID)
        let reversed = Set(part.reversals.map(\.original.id))
        var entries = part.posts
        let history = try await transaction.listInstrumentHistory(
            userID: userID, portfolioID: portfolio.id, instrumentID: part.instrument)
        for row in history where !reversed.contains(row.id) {
            entries.append(
                try LedgerTransaction(row, of: part.instrument, lots: selections[row.id] ?? []))
        }
        let book = try LotBook.replay(
            entries, instrumentID: part.instrument, method: portfolio.costBasisMethod,
            maximumRestatements: part.maximumRestatements)
        return (try figures(of: book, entries, in: currency, onTopOf: nil), book.lots, book.closures)
    }

    /// The roll-up of a book, and of the income and fees of the transactions that made it.
    private func figures(
        of book: LotBook, _ entries: [LedgerTransaction], in currency: Currency,
        onTopOf before: PortfolioHoldingRow?
    ) throws -> PortfolioHoldingRow {
        let holding = try Holding(book)
        var income = before?.income ?? .zero
        var fees = before?.fees ?? .zero
        for entry in entries {
            if entry.type == .dividend || entry.type == .interest { income = try income + entry.grossAmount }
            if entry.type == .fee { fees = try fees + entry.grossAmount }
            for fee in entry.fees { fees = try fees + fee.amount }
        }
        return PortfolioHoldingRow(
            userID: userID, portfolioID: portfolio.id, instrumentID: book.instrumentID,
            quantity: holding.quantity,
            currency: currency, costBasis: holding.cost, basisFees: holding.fees,
            averageCost: holding.averageCost,
            realizedGain: try (before?.realizedGain ?? .zero) + holding.realizedGain, income: income,
            fees: fees, lotRestatements: book.restatements, capitalReturned: book.basis.capitalReturned,
            repaidQuantity: book.basis.repaid,
            latestAt: entries.map(\.effectiveAt).max() ?? before?.latestAt, createdAt: now, updatedAt: now)
    }
}

extension LedgerTransaction {
    fileprivate init(
        _ row: ListInstrumentHistoryRow, of instrument: Instrument.ID, lots: [ListInstrumentLotSelectionsRow]
    ) throws(ArithmeticError) {
        var split: SplitRatio?
        if let from = row.splitFrom, let to = row.splitTo {
            split = try TransactionDraft.SplitCounts(from: from, to: to).ratio
        }
        self.init(
            id: row.id, type: row.type, instrumentID: instrument, quantity: row.quantity,
            unitPrice: row.unitPrice, grossAmount: row.grossAmount,
            fees: [Money(amount: row.fees, currency: row.currency)], currency: row.currency,
            executedAt: row.executedAt, split: split,
            lots: lots.map { LotSelection(lot: $0.openedBy, quantity: $0.quantity) })
    }
}
