import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

extension Ledger {
    /// Writes a change, each table in one statement however much there is. Holdings come before lots and
    /// postings, which refer to them.
    func store(
        _ change: LedgerChange, _ rebookings: [Rebooking], _ postings: [TransactionPosting],
        _ cash: [Currency: FixedDecimal]
    ) async throws {
        try await storeTransactions(change)
        try await storeHoldings(rebookings.map(\.holding))
        let replayed = rebookings.filter(\.isReplay).map(\.holding.instrumentID)
        if !replayed.isEmpty {
            try await transaction.deleteLots(
                userID: userID, portfolioID: portfolio.id, instrumentIDs: replayed)
        }
        try await storeLots(rebookings)
        try await storeClosures(rebookings.flatMap(\.closures))
        try await storePostings(postings)
        guard !cash.isEmpty else { return }
        try await transaction.storeCashBalances(
            userID: userID, portfolioID: portfolio.id, now: now, currencies: Array(cash.keys),
            balances: Array(cash.values))
    }

    private func storeTransactions(_ change: LedgerChange) async throws {
        if !change.reversals.isEmpty {
            let count = try await transaction.markTransactionsReversed(
                now: now, userID: userID, portfolioID: portfolio.id,
                transactionIDs: change.reversals.map(\.original.id))
            guard count == change.reversals.count else { throw PortfoliosError.alreadyReversed }
        }
        // The arrays hold no NULL: the lowest id, which nothing has, stands for none.
        let columns =
            change.posts.map(TransactionColumns.init) + change.reversals.map(TransactionColumns.init)
        guard !columns.isEmpty else { return }
        try await transaction.insertTransactions(
            userID: userID, portfolioID: portfolio.id, now: now, basketInvestmentID: nil,
            transactionIDs: columns.map(\.id),
            types: columns.map(\.type.rawValue), instrumentIDs: columns.map { $0.instrumentID ?? .lowest },
            quantities: columns.map { $0.quantity ?? .zero },
            unitPrices: columns.map { $0.unitPrice ?? noPrice }, grossAmounts: columns.map(\.grossAmount),
            currencies: columns.map(\.currency), fxRates: columns.map { $0.fxRate?.description ?? "" },
            splitFrom: columns.map { $0.split?.from ?? 0 }, splitTo: columns.map { $0.split?.to ?? 0 },
            executedAt: columns.map(\.executedAt),
            externalSources: columns.map { $0.external?.source ?? "" },
            externalIDs: columns.map { $0.external?.id ?? "" },
            reverses: columns.map { $0.reverses ?? .lowest }, notes: columns.map { $0.note ?? "" })

        let fees = change.posts.flatMap { draft in draft.fees.map { (draft.entry, $0) } }
        if !fees.isEmpty {
            try await transaction.insertFees(
                userID: userID, now: now, ids: orderedIDs(fees.count), transactionIDs: fees.map(\.0.id),
                kinds: fees.map(\.1.kind.rawValue), amounts: fees.map(\.1.amount),
                currencies: fees.map(\.0.currency))
        }
        let selections = change.posts.map(\.entry).flatMap { entry in entry.lots.map { (entry.id, $0) } }
        guard !selections.isEmpty else { return }
        try await transaction.insertLotSelections(
            userID: userID, portfolioID: portfolio.id, now: now, transactionIDs: selections.map(\.0),
            openedBy: selections.map(\.1.lot), quantities: selections.map(\.1.quantity))
    }

    private func storeHoldings(_ holdings: [PortfolioHoldingRow]) async throws {
        guard !holdings.isEmpty else { return }
        try await transaction.storeHoldings(
            userID: userID, portfolioID: portfolio.id, now: now, instrumentIDs: holdings.map(\.instrumentID),
            quantities: holdings.map(\.quantity), currencies: holdings.map(\.currency),
            costBases: holdings.map(\.costBasis), basisFees: holdings.map(\.basisFees),
            averageCosts: holdings.map(\.averageCost), realizedGains: holdings.map(\.realizedGain),
            incomes: holdings.map(\.income), fees: holdings.map(\.fees),
            lotRestatements: holdings.map(\.lotRestatements))
    }

    private func storeLots(_ rebookings: [Rebooking]) async throws {
        let lots = rebookings.flatMap { rebooking in rebooking.lots.map { (rebooking.holding, $0) } }
        guard !lots.isEmpty else { return }
        try await transaction.storeLots(
            userID: userID, portfolioID: portfolio.id, now: now, lotIDs: lots.map { $0.1.openedBy.lot },
            instrumentIDs: lots.map(\.0.instrumentID), openedBy: lots.map(\.1.openedBy),
            openedAt: lots.map(\.1.openedAt), quantities: lots.map(\.1.quantity),
            remaining: lots.map(\.1.remaining), currencies: lots.map(\.0.currency),
            costs: lots.map(\.1.cost), remainingCosts: lots.map(\.1.remainingCost),
            fees: lots.map(\.1.fees), remainingFees: lots.map(\.1.remainingFees))
    }

    /// Returns of capital make many at a time: they go out in parts, so that few of them stand in arrays at once.
    private func storeClosures(_ closures: [TaxLotClosure]) async throws {
        let ids = orderedIDs(closures.count)
        for first in stride(from: 0, to: closures.count, by: Self.closuresAtOnce) {
            let part = first..<min(first + Self.closuresAtOnce, closures.count)
            try await insert(closures[part], ids: Array(ids[part]))
        }
    }

    private static let closuresAtOnce = 10_000

    private func insert(_ closures: ArraySlice<TaxLotClosure>, ids: [UUID]) async throws {
        try await transaction.insertLotClosures(
            userID: userID, portfolioID: portfolio.id, now: now, ids: ids,
            lotIDs: closures.map(\.lot.lot), closedBy: closures.map(\.closedBy),
            closedAt: closures.map(\.closedAt), kinds: closures.map { ClosureKind($0.kind).rawValue },
            quantities: closures.map(\.quantity), proceeds: closures.map(\.proceeds),
            saleFees: closures.map(\.saleFees), costs: closures.map(\.cost),
            costFees: closures.map(\.costFees), realizedGains: closures.map(\.realizedGain))
    }

    private func storePostings(_ postings: [TransactionPosting]) async throws {
        guard !postings.isEmpty else { return }
        try await transaction.insertPostings(
            userID: userID, portfolioID: portfolio.id, now: now, ids: orderedIDs(postings.count),
            transactionIDs: postings.map(\.transactionID),
            fromAccounts: postings.map(\.posting.from.rawValue),
            toAccounts: postings.map(\.posting.to.rawValue),
            currencies: postings.map { $0.posting.commodity.currency?.code ?? "" },
            instrumentIDs: postings.map { $0.posting.commodity.instrumentID ?? .lowest },
            amounts: postings.map(\.posting.amount))
    }

    /// New keys that rise with the order of the rows, so that rows are read back as they were given.
    private func orderedIDs(_ count: Int) -> [UUID] {
        (0..<count).map { _ in UUID.version7(at: now) }.sorted()
    }

    /// Stands for no unit price in an array that holds no NULL: a price is never negative.
    private var noPrice: FixedDecimal { -FixedDecimal(1) }
}

/// The columns of a transaction that is about to be stored.
private struct TransactionColumns {
    let id: Transaction.ID
    let type: TransactionType
    let instrumentID: Instrument.ID?
    let quantity: Quantity?
    let unitPrice: FixedDecimal?
    let grossAmount: FixedDecimal
    let currency: Currency
    let fxRate: ExchangeRate?
    let split: TransactionDraft.SplitCounts?
    let executedAt: Date
    let external: TransactionDraft.ExternalReference?
    let reverses: Transaction.ID?
    let note: String?

    init(_ draft: TransactionDraft) {
        id = draft.entry.id
        type = draft.entry.type
        instrumentID = draft.entry.instrumentID
        quantity = draft.entry.quantity
        unitPrice = draft.entry.unitPrice
        grossAmount = draft.entry.grossAmount
        currency = draft.entry.currency
        fxRate = draft.fxRate
        split = draft.split
        executedAt = draft.entry.executedAt
        external = draft.external
        reverses = nil
        note = draft.note
    }

    /// A reversal repeats what it takes back, but for where that came from: an import knows the original.
    init(_ reversal: LedgerChange.Reversal) {
        let original = reversal.original
        id = reversal.id
        type = original.type
        instrumentID = original.instrumentID
        quantity = original.quantity
        unitPrice = original.unitPrice
        grossAmount = original.grossAmount
        currency = original.currency
        fxRate = original.fxRate
        split = original.splitFrom.flatMap { from in
            original.splitTo.map { TransactionDraft.SplitCounts(from: from, to: $0) }
        }
        executedAt = original.executedAt
        external = nil
        reverses = original.id
        note = reversal.note
    }
}

extension Identifier<Transaction> {
    /// The lot that the transaction opened. It has the transaction's key, so that a replay finds it again.
    fileprivate var lot: Lot.ID { Lot.ID(uuid) }
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
    fileprivate var currency: Currency? {
        guard case .currency(let currency) = self else { return nil }
        return currency
    }

    fileprivate var instrumentID: Instrument.ID? {
        guard case .instrument(let id) = self else { return nil }
        return id
    }
}
