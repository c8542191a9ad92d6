import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import PortfoliosContract
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct LedgerTests {
    private func withLedger(
        method: CostBasisMethod, tracksCash: Bool, connections: Int = 4,
        _ body: (TestDatabase, Database, PortfolioRow) async throws -> Void
    ) async throws {
        try await withTestDatabase { test in
            let database = test.database(role: "portfolios_service", maximumConnections: connections)
            let user = try await test.makeUser()
            let portfolio = try await database.transaction(as: user.uuid) { transaction in
                try await createPortfolio(
                    PortfoliosAPI.NewPortfolio(
                        name: "Generated", kind: .paper, baseCurrency: .usd, costBasisMethod: method,
                        tracksCash: tracksCash),
                    in: OperationContext(user: user, transaction: transaction, now: Date()))
            }
            try await body(test, database, portfolio)
        }
    }

    @Test(arguments: CostBasisMethod.allCases, [true, false])
    func whateverIsDoneOnWhateverDayTheBooksAreRight(method: CostBasisMethod, tracksCash: Bool) async throws {
        try await withLedger(method: method, tracksCash: tracksCash) { test, database, portfolio in
            var operations = GeneratedOperations(database: database, portfolio: portfolio, seed: 1)
            let check = BookCheck(test: test, database: database, ledger: portfolio)
            for round in 1...6 {
                try await operations.run(50)
                try await check.run("round \(round)")
            }
            #expect(operations.accepted > 60)
            #expect(operations.refused > 20)
            #expect(try await operations.reverseAll() == 0)
            try await check.run("after reversing all")
            let left = try await test.owner.query(
                """
                SELECT (SELECT count(*) FROM portfolios.lots),
                    (SELECT count(*) FROM portfolios.portfolio_holdings WHERE quantity <> 0 OR cost_basis <> 0
                        OR realized_gain <> 0 OR income <> 0 OR fees <> 0),
                    (SELECT count(*) FROM portfolios.cash_balances WHERE balance <> 0)
                """)[0]
            #expect([try left.int(0), try left.int(1), try left.int(2)] == [0, 0, 0])
        }
    }

    /// Forty histories a method, posted one by one: each follows the one before, or some are dated back.
    @Test(arguments: CostBasisMethod.allCases, [0, 90])
    func whatIsPostedOneByOneIsWhatAReplayGives(method: CostBasisMethod, daysBack: Int) async throws {
        try await withLedger(method: method, tracksCash: false) { test, database, portfolio in
            var operations = GeneratedOperations(
                database: database, portfolio: portfolio, seed: 2, daysBack: daysBack,
                symbols: (0..<40).map { "S\($0)" })
            try await operations.run(500)
            #expect(operations.accepted > 250)
            try await BookCheck(test: test, database: database, ledger: portfolio).run("one by one")
        }
    }

    /// More lots than the first page of a read has.
    @Test(arguments: CostBasisMethod.allCases)
    func manyLotsAreReadPageAfterPage(method: CostBasisMethod) async throws {
        try await withLedger(method: method, tracksCash: false) { test, database, portfolio in
            let events = test.events(of: "portfolios")
            var day = 0.0
            func post(
                _ type: TransactionType, _ count: Int = 1, quantity: String? = nil, amount: String? = nil
            )
                async throws
            {
                try await database.transaction(as: portfolio.userID.uuid) { transaction in
                    let context = OperationContext(
                        user: portfolio.userID, transaction: transaction, now: Date())
                    let ledger = try await Ledger.open(portfolio.id, events: events, in: context)
                    var drafts: [TransactionDraft] = []
                    for number in 0..<count {
                        day += 1
                        let price = "\(10 + number * 7_919 % 101)"
                        drafts.append(
                            try await ledger.draft(
                                PortfoliosAPI.NewTransaction(
                                    type: type, executedAt: Date(timeIntervalSince1970: day * 86_400),
                                    instrument: .init(symbol: "AAA", currency: CurrencyUnit(.usd)),
                                    quantity: try quantity.map { try FixedDecimal($0) },
                                    unitPrice: quantity == nil ? nil : try FixedDecimal(price),
                                    amount: try amount.map { try FixedDecimal($0) })))
                    }
                    try await ledger.record(LedgerChange(posts: drafts))
                }
                try await BookCheck(test: test, database: database, ledger: portfolio).run(
                    "\(type) on day \(day)")
            }
            try await post(.buy, 300, quantity: "1.5")
            // Repays half of the lots.
            try await post(.returnOfCapital, amount: "27000")
            try await post(.sell, quantity: "290.3")
            try await post(.buy, 40, quantity: "2")
            try await post(.sell, 3, quantity: "25")
            try await post(.returnOfCapital, 2, amount: "5000.000000000000000001")
            try await post(.sell, quantity: "100")
            try await post(.sell, quantity: "64.7")
            let left = try await test.owner.query("SELECT count(*) FROM portfolios.lots WHERE remaining > 0")[
                0]
            #expect(try left.int(0) == 0)
        }
    }

    @Test func aTransactionThatComesLastTouchesOpenLotsAlone() async throws {
        try await withLedger(method: .fifo, tracksCash: false) { test, database, portfolio in
            let events = test.events(of: "portfolios")
            func post(_ type: TransactionType, day: Double, at now: Double) async throws {
                try await database.transaction(as: portfolio.userID.uuid) { transaction in
                    _ = try await postTransaction(
                        PortfoliosAPI.NewTransaction(
                            type: type, executedAt: Date(timeIntervalSince1970: day * 86_400),
                            instrument: .init(symbol: "AAA", currency: CurrencyUnit(.usd)),
                            quantity: FixedDecimal(2), unitPrice: FixedDecimal(10)),
                        to: portfolio.id, events: events,
                        in: OperationContext(
                            user: portfolio.userID, transaction: transaction,
                            now: Date(timeIntervalSince1970: 1_700_000_000 + now)))
                }
            }
            func writtenAt() async throws -> [Double] {
                try await test.owner.query(
                    "SELECT extract(epoch FROM created_at)::float8 - 1700000000 FROM portfolios.lots ORDER BY opened_at"
                ).many { try $0.double(0) }
            }
            try await post(.buy, day: 10, at: 1)
            try await post(.buy, day: 11, at: 2)
            try await post(.sell, day: 12, at: 3)
            #expect(try await writtenAt() == [1, 2])
            // Dated back, so that everything is written anew.
            try await post(.buy, day: 9, at: 4)
            #expect(try await writtenAt() == [4, 4, 4])
        }
    }

    @Test func whoeverWritesAtOnceTheBooksAreRight() async throws {
        try await withLedger(method: .fifo, tracksCash: true, connections: 7) { test, database, portfolio in
            let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
                for seed in 10..<16 {
                    group.addTask {
                        var operations = GeneratedOperations(
                            database: database, portfolio: portfolio, seed: UInt64(seed))
                        try await operations.run(50)
                        return operations.accepted
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(accepted > 60)
            try await BookCheck(test: test, database: database, ledger: portfolio).run("at once")
        }
    }
}
