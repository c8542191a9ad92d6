import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import PortfoliosContract
import SharedTypes

@testable import Portfolios

/// How long one posting takes, in a portfolio of some method, by how many lots are open.
struct Postings {
    let ledger: LedgerDatabase
    let method: CostBasisMethod
    let repetitions: Int

    static let start = Date(timeIntervalSince1970: 946_684_800)

    /// What is posted, in this order; each comes after all there is.
    private static let types: [TransactionType] = [
        .buy, .sell, .transferIn, .transferOut, .adjustment, .dividend, .interest, .fee, .returnOfCapital,
    ]

    func measure(sizes: [Int]) async throws {
        printHeader("\(method): a posting by open lots", sizes)
        var medians: [String: [Double]] = [:]
        for size in sizes {
            let (portfolio, _) = try await ledger.portfolio(method, lots: size)
            var moment = Date(timeIntervalSince1970: 1_600_000_000)
            // Connections are opened and statements prepared before anything is measured.
            for type in Self.types { _ = try await post(type, at: &moment, to: portfolio) }
            for type in Self.types {
                var times: [Double] = []
                for _ in 0..<repetitions {
                    times.append(try await post(type, at: &moment, to: portfolio).time)
                }
                medians[type.rawValue, default: []].append(Self.median(times))
            }
            // What replays the instrument as a whole, fewer times.
            let few = size > 10_000 ? 1 : 3
            var (reversals, splits): ([Double], [Double]) = ([], [])
            for _ in 0..<few {
                let bought = try await post(.buy, at: &moment, to: portfolio)
                reversals.append(try await reverse(bought.id, in: portfolio))
                moment += 86_400
                if size * (few + 1) <= LotBook.maximumRestatements {
                    splits.append(try await post(.split, at: &moment, to: portfolio).time)
                }
            }
            medians["reversal", default: []].append(Self.median(reversals))
            if !splits.isEmpty { medians["split", default: []].append(Self.median(splits)) }
        }
        for name in Self.types.map(\.rawValue) + ["split", "reversal"] {
            printRow(name, medians[name] ?? [], unit: "ms")
        }
    }

    private func post(
        _ type: TransactionType, at moment: inout Date, to portfolio: Portfolio.ID
    ) async throws -> (id: Transaction.ID, time: Double) {
        moment += 60
        let new = Self.transaction(type, at: moment)
        let begun = ContinuousClock.now
        let id = try await ledger.database.transaction(as: ledger.user.uuid) { transaction in
            try await postTransaction(
                new, to: portfolio, events: ledger.events,
                in: OperationContext(user: ledger.user, transaction: transaction, now: Date())
            ).transaction.id
        }
        return (id, (ContinuousClock.now - begun) / .milliseconds(1))
    }

    private func reverse(_ id: Transaction.ID, in portfolio: Portfolio.ID) async throws -> Double {
        let begun = ContinuousClock.now
        try await ledger.database.transaction(as: ledger.user.uuid) { transaction in
            _ = try await reverseTransaction(
                id, in: portfolio, note: nil, events: ledger.events,
                in: OperationContext(user: ledger.user, transaction: transaction, now: Date()))
        }
        return (ContinuousClock.now - begun) / .milliseconds(1)
    }

    /// Units of half a lot, so that a sale takes one or two.
    static func transaction(_ type: TransactionType, at moment: Date) -> PortfoliosAPI.NewTransaction {
        let hasUnits: Set<TransactionType> = [.buy, .sell, .transferIn, .transferOut, .adjustment]
        let hasAmount: Set<TransactionType> = [.dividend, .interest, .fee, .returnOfCapital]
        return PortfoliosAPI.NewTransaction(
            type: type, executedAt: moment,
            instrument: .init(symbol: "BENCH", currency: CurrencyUnit(.usd)),
            quantity: hasUnits.contains(type) ? FixedDecimal(type == .buy ? 2 : 1) : nil,
            unitPrice: hasUnits.contains(type) && type != .transferOut ? FixedDecimal(50) : nil,
            amount: hasAmount.contains(type) ? FixedDecimal(1) : nil,
            splitFrom: type == .split ? 1 : nil, splitTo: type == .split ? 2 : nil)
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
