import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// The transactions of a portfolio that still count, as they are stored and as the rules see them.
struct PortfolioHistory: Sendable {
    let portfolio: PortfolioRow
    /// In the order of their moments and ids.
    let rows: [ListHistoryRow]
    /// The same, in the same order.
    let entries: [LedgerTransaction]

    /// Loads what was executed before a moment, or everything.
    static func load(
        _ portfolio: PortfolioRow, before moment: Date? = nil, on database: any QueryExecutor
    ) async throws -> PortfolioHistory {
        let rows = try await database.listHistory(
            userID: portfolio.userID, portfolioID: portfolio.id,
            beforeAt: moment ?? DayRange(from: nil, to: nil).end)
        var selections: [Transaction.ID: [LedgerTransaction.LotSelection]] = [:]
        if portfolio.costBasisMethod == .specificLot {
            let taken = try await database.listPortfolioLotSelections(
                userID: portfolio.userID, portfolioID: portfolio.id)
            for row in taken {
                selections[row.transactionID, default: []].append(
                    .init(lot: row.openedBy, quantity: row.quantity))
            }
        }
        return PortfolioHistory(
            portfolio: portfolio, rows: rows,
            entries: try rows.map { try LedgerTransaction($0, lots: selections[$0.id] ?? []) })
    }

    /// Every instrument that the portfolio had.
    var instrumentIDs: Set<Instrument.ID> { Set(entries.compactMap(\.instrumentID)) }

    /// The portfolio that the history makes. A ledger that was accepted has no fault.
    func book(checkCancellation: () throws -> Void = {}) throws -> PortfolioBook {
        try PortfolioBook.replay(
            entries, method: portfolio.costBasisMethod, tracksCash: portfolio.tracksCash,
            checkCancellation: checkCancellation)
    }
}

extension PortfolioHistory {
    /// So many steps of a replay take a few milliseconds.
    static let shortSteps = 2_000

    /// How many steps a replay of a portfolio takes, before any of it is loaded: its transactions, and the lots that
    /// splits and returns of capital change. Counting ends where it is clear that they are too many to be short.
    static func steps(
        of portfolioID: Portfolio.ID, of userID: User.ID, on database: any QueryExecutor
    ) async throws -> Int {
        let found = try await database.measureHistory(
            userID: userID, portfolioID: portfolioID, bound: shortSteps + 1)
        return found.transactions + found.restatements
    }
}

extension LedgerTransaction {
    fileprivate init(_ row: ListHistoryRow, lots: [LotSelection]) throws(ArithmeticError) {
        var split: SplitRatio?
        if let from = row.splitFrom, let to = row.splitTo {
            split = try TransactionDraft.SplitCounts(from: from, to: to).ratio
        }
        self.init(
            id: row.id, type: row.type, instrumentID: row.instrumentID, quantity: row.quantity,
            unitPrice: row.unitPrice, grossAmount: row.grossAmount,
            fees: row.fees.isZero ? [] : [Money(amount: row.fees, currency: row.currency)],
            currency: row.currency, executedAt: row.executedAt, split: split, lots: lots)
    }
}
