import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

extension Ledger {
    /// Writes a change, each table in one statement however much there is, and all of them in one flight with what comes
    /// next. Holdings come before lots and postings, which refer to them.
    func store(
        _ change: LedgerChange, _ rebookings: [Rebooking], _ postings: [TransactionPosting],
        _ cash: [Currency: FixedDecimal]
    ) async throws {
        try await storeTransactions(change)
        try await storeHoldings(rebookings.map(\.holding))
        let replayed = rebookings.filter(\.isReplay).map(\.holding.instrumentID)
        if !replayed.isEmpty {
            try await transaction.deferred.deleteLotClosures(
                userID: userID, portfolioID: portfolio.id, instrumentIDs: replayed)
            try await transaction.deferred.deleteLots(
                userID: userID, portfolioID: portfolio.id, instrumentIDs: replayed)
        }
        try await storeLots(rebookings)
        try await storeClosures(rebookings)
        try await storePostings(postings)
        guard !cash.isEmpty else { return }
        try await transaction.deferred.storeCashBalances(
            cash.map { StoredCashBalance(currency: $0.key, balance: $0.value) }, userID: userID,
            portfolioID: portfolio.id, now: now)
    }

    private func storeTransactions(_ change: LedgerChange) async throws {
        if !change.reversals.isEmpty {
            let count = try await transaction.markTransactionsReversed(
                now: now, userID: userID, portfolioID: portfolio.id,
                transactionIDs: change.reversals.map(\.original.id))
            guard count == change.reversals.count else { throw PortfoliosError.alreadyReversed }
        }
        let rows = change.posts.map(StoredTransaction.init) + change.reversals.map(StoredTransaction.init)
        guard !rows.isEmpty else { return }
        try await transaction.deferred.insertTransactions(
            rows, userID: userID, portfolioID: portfolio.id, now: now, basketInvestmentID: nil)

        let fees = change.posts.flatMap { draft in draft.fees.map { (draft.entry, $0) } }
        if !fees.isEmpty {
            let rows = zip(orderedIDs(fees.count), fees).map { id, fee in
                NewFee(
                    id: TransactionFee.ID(id), transactionID: fee.0.id, kind: fee.1.kind,
                    amount: fee.1.amount,
                    currency: fee.0.currency)
            }
            try await transaction.deferred.insertFees(rows, userID: userID, now: now)
        }
        let selections = change.posts.map(\.entry).flatMap { entry in
            entry.lots.map {
                NewLotSelection(transactionID: entry.id, openedBy: $0.lot, quantity: $0.quantity)
            }
        }
        guard !selections.isEmpty else { return }
        try await transaction.deferred.insertLotSelections(
            selections, userID: userID, portfolioID: portfolio.id, now: now)
    }

    private func storeHoldings(_ holdings: [PortfolioHoldingRow]) async throws {
        guard !holdings.isEmpty else { return }
        let rows = holdings.map {
            StoredHolding(
                instrumentID: $0.instrumentID, quantity: $0.quantity, currency: $0.currency,
                costBasis: $0.costBasis, basisFees: $0.basisFees, averageCost: $0.averageCost,
                realizedGain: $0.realizedGain, income: $0.income, fees: $0.fees,
                lotRestatements: $0.lotRestatements, capitalReturned: $0.capitalReturned,
                repaidQuantity: $0.repaidQuantity, latestAt: $0.latestAt)
        }
        try await transaction.deferred.storeHoldings(
            rows, userID: userID, portfolioID: portfolio.id, now: now)
    }

    private func storeLots(_ rebookings: [Rebooking]) async throws {
        let lots = rebookings.flatMap { rebooking in
            rebooking.lots.map { lot in
                StoredLot(
                    id: lot.openedBy.lot, instrumentID: rebooking.holding.instrumentID,
                    openedBy: lot.openedBy,
                    openedAt: lot.openedAt, quantity: lot.quantity, remaining: lot.remaining,
                    currency: rebooking.holding.currency, cost: lot.cost, remainingCost: lot.remainingCost,
                    fees: lot.fees, remainingFees: lot.remainingFees, unitBasis: lot.unitBasis,
                    capitalReturned: lot.capitalReturned)
            }
        }
        guard !lots.isEmpty else { return }
        try await transaction.deferred.storeLots(lots, userID: userID, portfolioID: portfolio.id, now: now)
    }

    /// A replay makes many at a time: they go out in parts, so that few of them stand in arrays at once.
    private func storeClosures(_ rebookings: [Rebooking]) async throws {
        let closures = rebookings.flatMap { rebooking in
            rebooking.closures.map { (instrument: rebooking.holding.instrumentID, closure: $0) }
        }
        let ids = orderedIDs(closures.count)
        let executor: any QueryExecutor =
            closures.count > Self.closuresAtOnce ? transaction : transaction.deferred
        for first in stride(from: 0, to: closures.count, by: Self.closuresAtOnce) {
            let part = first..<min(first + Self.closuresAtOnce, closures.count)
            let rows = zip(ids[part], closures[part]).map { id, each in
                let closure = each.closure
                return NewLotClosure(
                    id: LotClosure.ID(id), instrumentID: each.instrument, lotID: closure.lot?.lot,
                    closedBy: closure.closedBy,
                    closedAt: closure.closedAt, kind: ClosureKind(closure.kind), quantity: closure.quantity,
                    proceeds: closure.proceeds, saleFees: closure.saleFees, cost: closure.cost,
                    costFees: closure.costFees, realizedGain: closure.realizedGain)
            }
            try await executor.insertLotClosures(
                rows, userID: userID, portfolioID: portfolio.id, now: now)
        }
    }

    private static let closuresAtOnce = 10_000

    private func storePostings(_ postings: [TransactionPosting]) async throws {
        guard !postings.isEmpty else { return }
        let rows = zip(orderedIDs(postings.count), postings).map { id, posting in
            NewPosting(
                id: Posting.ID(id), transactionID: posting.transactionID, fromAccount: posting.posting.from,
                toAccount: posting.posting.to, currency: posting.posting.commodity.currency,
                instrumentID: posting.posting.commodity.instrumentID, amount: posting.posting.amount)
        }
        try await transaction.deferred.insertPostings(
            rows, userID: userID, portfolioID: portfolio.id, now: now)
    }

    /// New keys that rise with the order of the rows, so that rows are read back as they were given.
    private func orderedIDs(_ count: Int) -> [UUID] {
        (0..<count).map { _ in UUID.version7(at: now) }.sorted()
    }
}

extension StoredTransaction {
    init(_ draft: TransactionDraft) {
        self.init(
            id: draft.entry.id, type: draft.entry.type, instrumentID: draft.entry.instrumentID,
            quantity: draft.entry.quantity, unitPrice: draft.entry.unitPrice,
            grossAmount: draft.entry.grossAmount, currency: draft.entry.currency, fxRate: draft.fxRate,
            splitFrom: draft.split?.from, splitTo: draft.split?.to, executedAt: draft.entry.executedAt,
            externalSource: draft.external?.source, externalID: draft.external?.id, reverses: nil,
            note: draft.note)
    }

    /// A reversal repeats what it takes back, but for where that came from: an import knows the original.
    init(_ reversal: LedgerChange.Reversal) {
        let original = reversal.original
        self.init(
            id: reversal.id, type: original.type, instrumentID: original.instrumentID,
            quantity: original.quantity, unitPrice: original.unitPrice, grossAmount: original.grossAmount,
            currency: original.currency, fxRate: original.fxRate, splitFrom: original.splitFrom,
            splitTo: original.splitTo, executedAt: original.executedAt, externalSource: nil, externalID: nil,
            reverses: original.id, note: reversal.note)
    }
}

extension ClosureKind {
    fileprivate init(_ kind: TaxLotClosure.Kind) {
        self =
            switch kind {
            case .sale: .sale
            case .transfer: .transfer
            case .returnOfCapital: .returnOfCapital
            case .rounding: .rounding
            }
    }
}

extension Commodity {
    var currency: Currency? {
        guard case .currency(let currency) = self else { return nil }
        return currency
    }

    var instrumentID: Instrument.ID? {
        guard case .instrument(let id) = self else { return nil }
        return id
    }
}
