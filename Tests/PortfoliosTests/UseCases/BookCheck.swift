import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Portfolios

/// Holds what is stored of a portfolio against what its transactions and postings say.
struct BookCheck {
    let test: TestDatabase
    let database: Database
    let ledger: PortfolioRow

    /// Every invariant of the package's README that the database alone can show.
    func run(_ comment: Comment) async throws {
        // Each query finds what must not be; the numbers are compared by PostgreSQL, not by the code under test.
        for (name, query) in Self.contradictions {
            let found = try await rows(query)
            #expect(found.isEmpty, "\(comment): \(name): \(found)")
        }
        for instrument in try await instruments() { try await compareWithReplay(of: instrument, comment) }
    }

    private static let contradictions: [(String, String)] = [
        (
            "the asset account is not the holding",
            """
            SELECT h.quantity, p.sum FROM portfolios.portfolio_holdings h LEFT JOIN LATERAL (
                SELECT coalesce(sum(CASE WHEN to_account = 'asset' THEN amount ELSE -amount END), 0) AS sum
                FROM portfolios.postings p WHERE p.portfolio_id = h.portfolio_id
                    AND p.instrument_id = h.instrument_id AND 'asset' IN (from_account, to_account)) p ON true
            WHERE h.portfolio_id = $1 AND h.quantity <> p.sum
            """
        ),
        (
            "the lots are not the holding",
            """
            SELECT h.quantity, h.repaid_quantity, l.*
            FROM portfolios.portfolio_holdings h LEFT JOIN LATERAL (
                SELECT coalesce(sum(remaining), 0) AS remaining,
                    coalesce(sum(remaining) FILTER (WHERE unit_basis = 0), 0) AS repaid
                FROM portfolios.lots l WHERE l.portfolio_id = h.portfolio_id AND l.instrument_id = h.instrument_id
            ) l ON true
            WHERE h.portfolio_id = $1 AND (h.quantity, h.repaid_quantity) <> (l.remaining, l.repaid)
            """
        ),
        (
            "what the lots cost is not what the holding cost, and no capital came back",
            """
            SELECT h.cost_basis, h.basis_fees, l.*
            FROM portfolios.portfolio_holdings h JOIN portfolios.portfolios p ON p.id = h.portfolio_id
            LEFT JOIN LATERAL (
                SELECT coalesce(sum(remaining_cost), 0) AS cost, coalesce(sum(remaining_fees), 0) AS fees
                FROM portfolios.lots l WHERE l.portfolio_id = h.portfolio_id AND l.instrument_id = h.instrument_id
            ) l ON true
            WHERE h.portfolio_id = $1 AND p.cost_basis_method <> 'average'
                AND NOT EXISTS (SELECT FROM portfolios.lot_closures c WHERE c.portfolio_id = h.portfolio_id
                    AND c.instrument_id = h.instrument_id AND c.kind = 'return_of_capital')
                AND (h.cost_basis, h.basis_fees) <> (l.cost, l.fees)
            """
        ),
        (
            "what was paid is neither left nor did a closure take it",
            """
            SELECT h.cost_basis, h.basis_fees, t.*, c.* FROM portfolios.portfolio_holdings h
            LEFT JOIN LATERAL (
                SELECT coalesce(sum(t.gross_amount + coalesce(f.fees, 0)), 0) AS paid,
                    coalesce(sum(f.fees), 0) AS fees
                FROM portfolios.transactions t LEFT JOIN LATERAL (
                    SELECT sum(amount) AS fees FROM portfolios.transaction_fees f WHERE f.transaction_id = t.id
                ) f ON true
                WHERE t.portfolio_id = h.portfolio_id AND t.instrument_id = h.instrument_id
                    AND t.type IN ('buy', 'transfer_in', 'adjustment') AND t.status = 'completed'
                    AND t.reverses IS NULL) t ON true
            LEFT JOIN LATERAL (
                SELECT coalesce(sum(cost), 0) AS cost, coalesce(sum(cost_fees), 0) AS cost_fees
                FROM portfolios.lot_closures c
                WHERE c.portfolio_id = h.portfolio_id AND c.instrument_id = h.instrument_id) c ON true
            WHERE h.portfolio_id = $1 AND (h.cost_basis + c.cost, h.basis_fees + c.cost_fees) <> (t.paid, t.fees)
            """
        ),
        (
            "the gains are not the closures",
            """
            SELECT h.realized_gain, c.gain FROM portfolios.portfolio_holdings h LEFT JOIN LATERAL (
                SELECT coalesce(sum(c.realized_gain), 0) AS gain FROM portfolios.lot_closures c
                WHERE c.portfolio_id = h.portfolio_id AND c.instrument_id = h.instrument_id) c ON true
            WHERE h.portfolio_id = $1 AND h.realized_gain <> c.gain
            """
        ),
        (
            "the cash account is not the balance",
            """
            SELECT currency, b.balance, p.sum FROM (
                SELECT currency, sum(CASE WHEN to_account = 'cash' THEN amount ELSE -amount END) AS sum
                FROM portfolios.postings WHERE portfolio_id = $1 AND 'cash' IN (from_account, to_account)
                GROUP BY currency) p
            FULL JOIN (SELECT currency, balance FROM portfolios.cash_balances WHERE portfolio_id = $1) b
                USING (currency)
            WHERE coalesce(b.balance, 0) <> coalesce(p.sum, 0)
            """
        ),
        (
            "cash was below zero at the end of a moment",
            """
            SELECT * FROM (
                SELECT t.executed_at, p.currency,
                    sum(sum(CASE WHEN p.to_account = 'cash' THEN p.amount ELSE -p.amount END))
                        OVER (PARTITION BY p.currency ORDER BY t.executed_at) AS balance
                FROM portfolios.postings p JOIN portfolios.transactions t ON t.id = p.transaction_id
                WHERE p.portfolio_id = $1 AND 'cash' IN (p.from_account, p.to_account)
                GROUP BY t.executed_at, p.currency) moments
            WHERE balance < 0
            """
        ),
        (
            "a reversed transaction without its reversal, or the other way about",
            """
            SELECT t.id FROM portfolios.transactions t WHERE portfolio_id = $1 AND (status = 'reversed') <> EXISTS (
                SELECT FROM portfolios.transactions r WHERE r.reverses = t.id)
            """
        ),
    ]

    private func rows(_ query: String) async throws -> [String] {
        var parameters = Parameters()
        parameters.append(uuid: ledger.id.uuid)
        return try await test.owner.query("SELECT (q.*)::text FROM (\(query)) q", parameters).many {
            try $0.text(0)
        }
    }

    private func instruments() async throws -> [Instrument.ID] {
        var parameters = Parameters()
        parameters.append(uuid: ledger.id.uuid)
        return try await test.owner.query(
            "SELECT instrument_id FROM portfolios.portfolio_holdings WHERE portfolio_id = $1", parameters
        ).many { Instrument.ID(try $0.uuid(0)) }
    }

    /// The stored lots and closures against a replay of all that counts, made outside the ledger's own code.
    private func compareWithReplay(of instrument: Instrument.ID, _ comment: Comment) async throws {
        let acting = database.acting(as: ledger.userID.uuid)
        let history = try await acting.listInstrumentHistory(
            userID: ledger.userID, portfolioID: ledger.id, instrumentID: instrument)
        let selections = Dictionary(
            grouping: try await acting.listInstrumentLotSelections(
                userID: ledger.userID, portfolioID: ledger.id, instrumentID: instrument),
            by: \.transactionID)
        var entries: [LedgerTransaction] = []
        for row in history {
            entries.append(
                LedgerTransaction(
                    id: row.id, type: row.type, instrumentID: instrument, quantity: row.quantity,
                    unitPrice: row.unitPrice, grossAmount: row.grossAmount,
                    fees: [Money(amount: row.fees, currency: row.currency)], currency: row.currency,
                    executedAt: row.executedAt,
                    split: try row.splitFrom.flatMap { from in
                        try row.splitTo.map { to in try TransactionDraft.SplitCounts(from: from, to: to).ratio
                        }
                    },
                    lots: (selections[row.id] ?? []).map { .init(lot: $0.openedBy, quantity: $0.quantity) }))
        }
        let book = try LotBook.replay(
            entries.shuffled(), instrumentID: instrument, method: ledger.costBasisMethod)
        let holding = try #require(
            try await acting.findHoldings(
                userID: ledger.userID, portfolioID: ledger.id, instrumentIDs: [instrument]
            ).first)
        #expect(holding.lotRestatements == book.restatements, comment)
        #expect(CostBasis(holding) == book.basis, comment)
        var lots: [Transaction.ID: String] = [:]
        for lot in book.lots {
            lots[lot.openedBy] = Self.figures(lot)
        }
        var stored: [Transaction.ID: String] = [:]
        for lot in try await acting.listLots(
            userID: ledger.userID, portfolioID: ledger.id, afterInstrumentID: .lowest, afterAt: .distantPast,
            afterID: .lowest, instrumentID: instrument, includeClosed: true, rowLimit: 100_000)
        {
            stored[lot.openedBy] = Self.figures(TaxLot(lot))
        }
        #expect(stored == lots, comment)
        let gains = try await acting.listGains(
            userID: ledger.userID, portfolioID: ledger.id, fromAt: .distantPast, beforeAt: .distantFuture,
            beforeID: .lowest, instrumentID: instrument, rowLimit: 100_000)
        let closures = book.closures.map {
            "\($0.lot?.description ?? "") \($0.closedBy) \($0.quantity) \($0.proceeds) \($0.cost) \($0.realizedGain)"
        }
        #expect(
            gains.map {
                "\($0.openedBy?.description ?? "") \($0.closedBy) \($0.quantity) \($0.proceeds) \($0.cost) \($0.realizedGain)"
            }
            .sorted() == closures.sorted(), comment)
    }

    private static func figures(_ lot: TaxLot) -> String {
        let basis = lot.unitBasis.map(\.description) ?? "none"
        return [
            lot.quantity, lot.remaining, lot.cost, lot.remainingCost, lot.fees, lot.remainingFees,
            lot.capitalReturned,
        ].map(\.description).joined(separator: " ") + " \(basis)"
    }
}
