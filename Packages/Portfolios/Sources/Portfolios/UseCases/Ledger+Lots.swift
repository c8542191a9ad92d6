import DatabaseClient
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

extension Ledger {
    func rebook(_ change: LedgerChange, _ postings: [TransactionPosting]) async throws -> [Rebooking] {
        let instruments = change.instruments
        guard !instruments.isEmpty else { return [] }
        let holdings = try await transaction.findHoldings(
            userID: userID, portfolioID: portfolio.id, instrumentIDs: instruments)
        let known = Dictionary(uniqueKeysWithValues: holdings.map { ($0.instrumentID, $0) })
        var rebookings: [Rebooking] = []
        for instrument in instruments {
            if let rebooking = try await rebook(instrument, change, postings, from: known[instrument]) {
                rebookings.append(rebooking)
            }
        }
        return rebookings
    }

    private func rebook(
        _ instrument: Instrument.ID, _ change: LedgerChange, _ postings: [TransactionPosting],
        from holding: PortfolioHoldingRow?
    ) async throws -> Rebooking? {
        let reversals = change.reversals.filter { $0.original.instrumentID == instrument }
        let posts = LedgerTransaction.effective(
            change.posts.map(\.entry).filter { $0.instrumentID == instrument })
        guard
            let carrier = posts.last(where: { $0.type == .split })?.id ?? posts.last?.id
                ?? reversals.last?.id,
            let currency = posts.first?.currency ?? reversals.first?.original.currency
        else { return nil }
        let isLatest = try await isAfterEverything(posts, of: instrument)
        let isAppended = reversals.isEmpty && isLatest
        let outcome =
            isAppended
            ? try await append(posts, to: instrument, from: holding, in: currency)
            : try await replay(
                instrument, with: posts, without: Set(reversals.map(\.original.id)), in: currency)

        var moved = FixedDecimal.zero
        for posting in postings.map(\.posting) where posting.commodity == .instrument(instrument) {
            if posting.to == .asset { moved = try moved + posting.amount }
            if posting.from == .asset { moved = try moved - posting.amount }
        }
        let posted = try (holding?.quantity ?? .zero) + moved
        // A split has no posting but this one; else the last transaction to have moved the lots carries it.
        let settling = Postings.settling(try outcome.holding.quantity - posted, of: instrument)
        return Rebooking(
            holding: outcome.holding, lots: outcome.lots, closures: outcome.closures, isReplay: !isAppended,
            settling: settling.map { TransactionPosting(transactionID: carrier, posting: $0) })
    }

    private typealias Outcome = (holding: PortfolioHoldingRow, lots: [TaxLot], closures: [TaxLotClosure])

    /// Whether the transactions take effect after all that the instrument has, so that its open lots are enough.
    /// What happened at the same moment takes a replay, which knows its order.
    private func isAfterEverything(
        _ posts: [LedgerTransaction], of instrument: Instrument.ID
    ) async throws -> Bool {
        let latest = try await transaction.findLatestExecution(
            userID: userID, portfolioID: portfolio.id, instrumentID: instrument)
        guard let latest, let first = posts.first else { return true }
        return latest < first.effectiveAt
    }

    private func append(
        _ posts: [LedgerTransaction], to instrument: Instrument.ID, from holding: PortfolioHoldingRow?,
        in currency: Currency
    ) async throws -> Outcome {
        let stored = try await transaction.listOpenLots(
            userID: userID, portfolioID: portfolio.id, instrumentID: instrument
        ).map(TaxLot.init)
        var book = try LotBook(
            instrumentID: instrument, method: portfolio.costBasisMethod,
            currency: holding?.currency ?? currency,
            openLots: stored)
        for post in posts { try book.take(post) }
        if let last = posts.last { try book.settle(last) }
        let before = Set(stored)
        return (
            try figures(of: book, posts, in: currency, onTopOf: holding),
            book.lots.filter { !before.contains($0) }, book.closures
        )
    }

    private func replay(
        _ instrument: Instrument.ID, with posts: [LedgerTransaction], without reversed: Set<Transaction.ID>,
        in currency: Currency
    ) async throws -> Outcome {
        let selections = Dictionary(
            grouping: try await transaction.listInstrumentLotSelections(
                userID: userID, portfolioID: portfolio.id, instrumentID: instrument),
            by: \.transactionID)
        var entries = posts
        let history = try await transaction.listInstrumentHistory(
            userID: userID, portfolioID: portfolio.id, instrumentID: instrument)
        for row in history where !reversed.contains(row.id) {
            entries.append(try LedgerTransaction(row, of: instrument, lots: selections[row.id] ?? []))
        }
        let book = try LotBook.replay(entries, instrumentID: instrument, method: portfolio.costBasisMethod)
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
            fees: fees,
            createdAt: now, updatedAt: now)
    }
}

extension TaxLot {
    init(_ row: LotRow) {
        self.init(
            openedBy: row.openedBy, openedAt: row.openedAt, quantity: row.quantity, remaining: row.remaining,
            cost: row.cost, remainingCost: row.remainingCost, fees: row.fees, remainingFees: row.remainingFees
        )
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
