import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

extension Ledger {
    /// Those open lots of an instrument that a book has to know to take some transactions, which come after all it
    /// has, in the order in which they were opened. A purchase needs none, however many are open.
    func openLots(of instrument: Instrument.ID, for posts: [LedgerTransaction], in basis: CostBasis)
        async throws
        -> [TaxLot]
    {
        let isAverage = portfolio.costBasisMethod == .average
        let sales = posts.filter { $0.type == .sell || $0.type == .transferOut }
        let returns = isAverage ? [] : posts.filter { $0.type == .returnOfCapital }
        var lots: [LotRow] = []
        if posts.contains(where: { $0.type == .split }) || (!returns.isEmpty && posts.count > 1) {
            lots = try await transaction.listOpenLots(
                userID: userID, portfolioID: portfolio.id, instrumentID: instrument)
        } else if let amount = returns.first?.grossAmount {
            // Nothing comes back on nothing, as the book says.
            guard basis.quantity.isPositive else { return [] }
            let returned = try basis.capitalReturned(after: amount)
            lots = try await page(until: { rows in
                rows.last?.unitBasis.map { $0 > returned } ?? false
            }) {
                try await transaction.listCheapestLots(
                    userID: userID, portfolioID: portfolio.id, instrumentID: instrument, rowLimit: $0,
                    rowOffset: $1)
            }
        } else if !sales.isEmpty {
            lots = try await lotsToClose(of: instrument, by: sales, in: basis)
        }
        return lots.map(TaxLot.init).sorted { ($0.openedAt, $0.openedBy) < ($1.openedAt, $1.openedBy) }
    }

    /// The lots that sales take, in the order of the portfolio's method, and perhaps a few more.
    private func lotsToClose(
        of instrument: Instrument.ID, by sales: [LedgerTransaction], in basis: CostBasis
    ) async throws -> [LotRow] {
        let named = Set(sales.flatMap(\.lots).map { $0.lot.lot })
        var lots: [LotRow] = []
        if portfolio.costBasisMethod == .specificLot && !named.isEmpty {
            lots = try await transaction.findOpenLots(
                userID: userID, portfolioID: portfolio.id, instrumentID: instrument, lotIDs: Array(named))
        }
        guard sales.contains(where: \.lots.isEmpty) else { return lots }
        // What sales name may be among the first that the others take: enough for all is enough for each. More
        // than is held is refused whatever lots there are.
        var missing = Quantity.zero
        for sale in sales {
            missing = try sale.checked { () throws(ArithmeticError) in try missing + (sale.quantity ?? .zero)
            }
        }
        missing = min(missing, basis.quantity)
        for read in reads(of: instrument) where missing.isPositive {
            let first = try await page(
                until: { rows in
                    var left = missing
                    for row in rows where left.isPositive { left = (try? left - row.remaining) ?? .zero }
                    return !left.isPositive
                }, read)
            for row in first { missing = (try? missing - row.remaining) ?? .zero }
            lots += first.filter { !named.contains($0.id) || portfolio.costBasisMethod != .specificLot }
        }
        return lots
    }

    private typealias LotRead = (_ limit: Int, _ offset: Int) async throws -> [LotRow]

    /// The statements that give open lots in the order in which the portfolio's method closes them.
    private func reads(of instrument: Instrument.ID) -> [LotRead] {
        let (transaction, userID, portfolioID) = (transaction, userID, portfolio.id)
        switch portfolio.costBasisMethod {
        case .fifo, .average, .specificLot:
            return [
                {
                    try await transaction.listOldestLots(
                        userID: userID, portfolioID: portfolioID, instrumentID: instrument, rowLimit: $0,
                        rowOffset: $1)
                }
            ]
        case .lifo:
            return [
                {
                    try await transaction.listNewestLots(
                        userID: userID, portfolioID: portfolioID, instrumentID: instrument, rowLimit: $0,
                        rowOffset: $1)
                }
            ]
        case .hifo:
            return [
                {
                    try await transaction.listDearestLots(
                        userID: userID, portfolioID: portfolioID, instrumentID: instrument, rowLimit: $0,
                        rowOffset: $1)
                },
                {
                    try await transaction.listRepaidLots(
                        userID: userID, portfolioID: portfolioID, instrumentID: instrument, rowLimit: $0,
                        rowOffset: $1)
                },
            ]
        }
    }

    private static let lotsAtFirst = 32

    /// Reads page after page, each larger than the one before, until there are enough or no more. The portfolio is
    /// locked, so that no page sees other lots than the one before.
    private func page(until isEnough: ([LotRow]) -> Bool, _ read: LotRead) async throws -> [LotRow] {
        var rows: [LotRow] = []
        var limit = Self.lotsAtFirst
        while true {
            let more = try await read(limit, rows.count)
            rows += more
            if more.count < limit || isEnough(rows) { return rows }
            limit *= 4
        }
    }
}

extension TaxLot {
    init(_ row: LotRow) {
        self.init(
            openedBy: row.openedBy, openedAt: row.openedAt, quantity: row.quantity, remaining: row.remaining,
            cost: row.cost, remainingCost: row.remainingCost, fees: row.fees,
            remainingFees: row.remainingFees, unitBasis: row.unitBasis, capitalReturned: row.capitalReturned)
    }
}

extension CostBasis {
    init(_ row: PortfolioHoldingRow) {
        self.init(
            quantity: row.quantity, cost: row.costBasis, fees: row.basisFees,
            capitalReturned: row.capitalReturned, repaid: row.repaidQuantity)
    }
}

extension Identifier<Transaction> {
    /// The lot that the transaction opened. It has the transaction's key, so that a replay finds it again.
    var lot: Lot.ID { Lot.ID(uuid) }
}
