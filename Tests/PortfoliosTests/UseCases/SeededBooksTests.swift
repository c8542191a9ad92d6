import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import Migrations
import SharedTypes
import Testing

@testable import Portfolios

/// The seed writes its ledger in SQL. It must be what the module itself would have written.
@Suite struct SeededBooksTests {
    @Test func theModulesRulesFindNothingElseInTheSeed() async throws {
        try await withTestDatabase { test in
            let folder = Repository.root.appending(path: "migrations").path
            var options = Seed.Options()
            (options.users, options.heaviest) = (12, 400)
            try await Seed(
                connectionString: test.connectionString(role: "postgres"),
                migrations: try MigrationFolder(path: folder), folder: try SeedFolder(path: "\(folder)/seed"),
                options: options
            ).run()
            let database = test.database(role: "portfolios_service")
            let ledgers = try await portfolios(test, database)
            #expect(Set(ledgers.map(\.costBasisMethod)).count == 5)
            #expect(Set(ledgers.map(\.tracksCash)).count == 2)
            for ledger in ledgers {
                try await BookCheck(test: test, database: database, ledger: ledger).run("\(ledger.name)")
                try await compareRollUps(of: ledger, on: database)
            }
        }
    }

    private func portfolios(_ test: TestDatabase, _ database: Database) async throws -> [PortfolioRow] {
        let keys = try await test.owner.query("SELECT user_id, id FROM portfolios.portfolios").many {
            (User.ID(try $0.uuid(0)), Portfolio.ID(try $0.uuid(1)))
        }
        var portfolios: [PortfolioRow] = []
        for (user, portfolio) in keys {
            let row = try await database.acting(as: user.uuid).findPortfolio(
                userID: user, portfolioID: portfolio)
            portfolios.append(try #require(row))
        }
        return portfolios
    }

    /// What BookCheck leaves to the roll-ups: averages, income and fees, cash, and each transaction's
    /// postings.
    private func compareRollUps(of ledger: PortfolioRow, on database: Database) async throws {
        let acting = database.acting(as: ledger.userID.uuid)
        let history = try await PortfolioHistory.load(ledger, on: acting)
        for entry in history.entries { try entry.validate(tracksCash: ledger.tracksCash) }
        let book = try history.book()

        let stored = try await acting.listHoldings(
            userID: ledger.userID, portfolioID: ledger.id, afterID: .lowest, includeClosed: true,
            rowLimit: 1000)
        #expect(Set(stored.map(\.instrumentID)) == Set(book.books.keys), "\(ledger.name)")
        for holding in stored {
            let replayed = try Holding(try #require(book.books[holding.instrumentID]))
            func total(_ flows: [PortfolioBook.Flow]) throws -> FixedDecimal {
                try flows.filter { $0.instrumentID == holding.instrumentID }
                    .reduce(.zero) { try $0 + $1.money.amount }
            }
            let (income, fees) = (try total(book.income), try total(book.fees))
            #expect(
                [
                    holding.quantity, holding.costBasis, holding.averageCost, holding.realizedGain,
                    holding.income,
                ]
                    == [
                        replayed.quantity, replayed.cost, replayed.averageCost, replayed.realizedGain, income,
                    ])
            #expect(holding.fees == fees, "\(ledger.name)")
        }
        let balances = try await acting.listCashBalances(userID: ledger.userID, portfolioID: ledger.id)
        let cash = Dictionary(uniqueKeysWithValues: balances.map { ($0.currency, $0.balance) })
        #expect(cash == book.cash, "\(ledger.name)")

        let postings = try await acting.listPostings(
            userID: ledger.userID, portfolioID: ledger.id, transactionIDs: history.entries.map(\.id))
        let posted = Dictionary(grouping: postings, by: \.transactionID)
        for entry in history.entries where entry.type != .split {
            let expected = try Postings.postings(for: entry, tracksCash: ledger.tracksCash)
            let found = (posted[entry.id] ?? []).compactMap(LedgerPosting.init)
            #expect(Set(found) == Set(expected) && found.count == expected.count, "\(ledger.name) \(entry)")
        }
    }
}
