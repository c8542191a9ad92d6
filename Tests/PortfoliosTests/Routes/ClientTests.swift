import ContractKit
import ExactTypes
import Foundation
import GroveTesting
import PortfoliosContract
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios

/// Every operation of the contract, by the client, as an app uses them.
@Suite struct ClientTests {
    private typealias API = PortfoliosAPI

    private static let noon = Date(timeIntervalSince1970: 1_704_110_400)  // 2024-01-01T12:00:00Z

    /// A portfolio in dollars, which tracks cash.
    private func portfolio(_ client: ContractClient, _ name: String = "Mine") async throws -> API.Portfolio {
        try await client.send(
            API.CreatePortfolio.self,
            body: .init(name: name, kind: .brokerage, baseCurrency: .usd, tracksCash: true)
        ).body
    }

    private func post(
        _ client: ContractClient, _ portfolio: Portfolio.ID, _ body: API.NewTransaction
    ) async throws -> API.TransactionDetail {
        try await client.send(API.PostTransaction.self, .init(portfolioID: portfolio), body).body
    }

    /// A deposit of 1,000 dollars on the first day of 2024.
    private var deposit: API.NewTransaction {
        .init(
            type: .deposit, executedAt: Self.noon, amount: FixedDecimal(1_000),
            currency: CurrencyUnit(.usd))
    }

    /// A purchase or sale of ACME, so many days later.
    private func trade(
        _ type: TransactionType, day: Int, _ quantity: Int, at price: Int, fee: Int
    ) -> API.NewTransaction {
        .init(
            type: type, executedAt: Self.noon + TimeInterval.days(Double(day)),
            instrument: .init(symbol: "ACME", currency: CurrencyUnit(.usd)), quantity: FixedDecimal(quantity),
            unitPrice: FixedDecimal(price),
            fees: [.init(kind: .commission, amount: FixedDecimal(fee))])
    }

    @Test func aPortfolioIsMadeRenamedAndArchived() async throws {
        try await withPortfolios { server in
            let client = server.client()
            let key = IdempotencyKey(UUID())
            let new = API.NewPortfolio(name: "Pension", kind: .retirement, baseCurrency: .chf)
            let made = try await client.send(API.CreatePortfolio.self, body: new, key: key)
            #expect(try await client.send(API.CreatePortfolio.self, body: new, key: key) == made)
            #expect(made.body.costBasisMethod == .known(.fifo) && !made.body.tracksCash)
            let id = made.body.id
            #expect(
                try await client.read(
                    API.FindPortfolio.self, .init(portfolioID: id), ifNoneMatch: made.etag) == nil)

            let renamed = try await client.send(
                API.RenamePortfolio.self, .init(portfolioID: id), .init(name: "Third pillar"),
                ifMatch: made.etag)
            #expect(renamed.body.name == "Third pillar" && renamed.body.revision == 2)
            let stale = await #expect(throws: Problem.self) {
                try await client.send(
                    API.RenamePortfolio.self, .init(portfolioID: id), .init(name: "x"), ifMatch: made.etag)
            }
            #expect(stale?.status == 412)
            let found = try await client.read(
                API.FindPortfolio.self, .init(portfolioID: id), ifNoneMatch: made.etag)
            #expect(found?.body == renamed.body && found?.etag == renamed.etag)

            let archived = try await client.send(
                API.ArchivePortfolio.self, .init(portfolioID: id), ifMatch: renamed.etag)
            #expect(archived.body.archivedAt != nil)
            #expect(try await client.send(API.ListPortfolios.self, .init()).body.items.isEmpty)
            #expect(
                try await client.send(API.ListPortfolios.self, .init(includeArchived: true)).body.items
                    == [archived.body])
            let opened = try await client.send(API.UnarchivePortfolio.self, .init(portfolioID: id))
            #expect(opened.body.archivedAt == nil)
        }
    }

    @Test func portfoliosComeInPages() async throws {
        try await withPortfolios { server in
            let client = server.client()
            for number in 1...5 { _ = try await portfolio(client, "P\(number)") }
            var pages: [[String]] = []
            for try await page in client.pages(API.ListPortfolios.self, .init(limit: 2)) {
                pages.append(page.body.items.map(\.name))
            }
            #expect(pages == [["P1", "P2"], ["P3", "P4"], ["P5"]])
            let wrong = await #expect(throws: Problem.self) {
                try await client.send(API.ListPortfolios.self, .init(limit: 0))
            }
            #expect(wrong?.status == 422 && wrong?.field == "limit")
        }
    }

    /// The purchase costs 10 × 20 and a fee of 1; corrected, 10 × 21 and 1.
    @Test func aTransactionIsPostedCorrectedAndReversed() async throws {
        try await withPortfolios { server in
            let client = server.client()
            let id = try await portfolio(client).id
            func cash() async throws -> [FixedDecimal] {
                try await client.send(API.ListCashBalances.self, .init(portfolioID: id)).body.items
                    .map(\.balance)
            }
            _ = try await post(client, id, deposit)
            let bought = try await post(client, id, trade(.buy, day: 1, 10, at: 20, fee: 1))
            #expect(bought.transaction.amount == FixedDecimal(200))
            #expect(bought.fees.map(\.amount) == [FixedDecimal(1)])
            #expect(try await cash() == [FixedDecimal(799)])
            let found = try await client.send(
                API.FindTransaction.self,
                .init(portfolioID: id, transactionID: bought.transaction.id))
            #expect(found.body == bought)

            let corrected = try await client.send(
                API.CorrectTransaction.self,
                .init(portfolioID: id, transactionID: bought.transaction.id),
                trade(.buy, day: 1, 10, at: 21, fee: 1)
            ).body
            #expect(corrected.reversal.transaction.reverses == bought.transaction.id)
            #expect(corrected.transaction.transaction.unitPrice == FixedDecimal(21))
            #expect(try await cash() == [FixedDecimal(789)])

            let reversed = try await client.send(
                API.ReverseTransaction.self,
                .init(portfolioID: id, transactionID: corrected.transaction.transaction.id),
                .init(note: "Another's")
            ).body
            #expect(reversed.transaction.note == "Another's")
            #expect(try await cash() == [FixedDecimal(1_000)])

            var deposits: [FixedDecimal] = []
            let list = client.pages(
                API.ListTransactions.self, .init(portfolioID: id, limit: 1, type: .deposit))
            for try await page in list { deposits += page.body.items.map(\.amount) }
            #expect(deposits == [FixedDecimal(1_000)])
            let all = try await client.send(API.ListTransactions.self, .init(portfolioID: id)).body.items
            #expect(all.count == 5)
        }
    }

    /// 4 of 10 for 20 and a fee of 1 are sold for 30 and a fee of 2: 6/10 of 201 stay, and 4 × 30 − 2 − 80.40 are gained.
    @Test func whatIsHeldIsReadAsHoldingsLotsAndGains() async throws {
        try await withPortfolios { server in
            let client = server.client()
            let id = try await portfolio(client).id
            _ = try await post(client, id, deposit)
            let bought = try await post(client, id, trade(.buy, day: 1, 10, at: 20, fee: 1))
            let sold = try await post(client, id, trade(.sell, day: 2, 4, at: 30, fee: 2))
            let (kept, gained) = (try FixedDecimal(parsing: "120.6"), try FixedDecimal(parsing: "37.6"))

            let holdings = try await client.send(API.ListHoldings.self, .init(portfolioID: id)).body.items
            #expect(holdings.map(\.symbol) == ["ACME"] && holdings.map(\.costBasis) == [kept])
            let instrument = try #require(holdings.first).instrumentID
            let lots = try await client.send(
                API.ListLots.self, .init(portfolioID: id, instrumentID: instrument)
            ).body.items
            #expect(lots.map(\.openedBy) == [bought.transaction.id])
            #expect(lots.map(\.remaining) == [FixedDecimal(6)] && lots.map(\.remainingCost) == [kept])
            let day = try CalendarDay(parsing: "2024-01-03")
            let gains = try await client.send(
                API.ListGains.self, .init(portfolioID: id, from: day, to: day)
            ).body.items
            #expect(gains.map(\.closedBy) == [sold.transaction.id] && gains.map(\.realizedGain) == [gained])
            let later = try await client.send(
                API.ListGains.self, .init(portfolioID: id, from: try day.advanced(by: 1)))
            #expect(later.body.items.isEmpty)

            let oversold = await #expect(throws: Problem.self) {
                try await post(client, id, trade(.sell, day: 3, 7, at: 30, fee: 0))
            }
            #expect(oversold?.status == 422 && oversold?.field == "quantity")
            let hidden = await #expect(throws: Problem.self) {
                try await server.client(server.eve).send(API.ListHoldings.self, .init(portfolioID: id))
            }
            #expect(hidden?.status == 404)
        }
    }

    /// 6 shares, last traded at 30, and 1,000 − 201 + 118 of cash.
    @Test func whatIsHeldIsValued() async throws {
        try await withPortfolios { server in
            let client = server.client()
            let id = try await portfolio(client).id
            _ = try await post(client, id, deposit)
            _ = try await post(client, id, trade(.buy, day: 1, 10, at: 20, fee: 1))
            _ = try await post(client, id, trade(.sell, day: 2, 4, at: 30, fee: 2))
            let day = try CalendarDay(parsing: "2024-01-03")

            let valuation = try await client.send(
                API.ValuePortfolio.self, .init(portfolioID: id, day: day, currency: .usd)
            ).body
            #expect(valuation.complete && valuation.total.cash == FixedDecimal(917))
            #expect(valuation.total.value == FixedDecimal(180 + 917))
            let price = try #require(valuation.holdings.first?.price)
            #expect(price.source == .known(.lastTrade) && price.amount == FixedDecimal(30))

            let allocation = try await client.send(
                API.FindAllocation.self, .init(portfolioID: id, day: day)
            ).body
            #expect(allocation.value == valuation.total.value && allocation.currency == .usd)
            #expect(allocation.classes.map(\.class) == [.known(.cash), .known(.equity)])
            #expect(allocation.instruments.map(\.value) == [FixedDecimal(180)])
            #expect(try allocation.classes.map(\.weight).reduce(.zero, +) == FixedDecimal(100))
        }
    }

    @Test func activitiesAreImportedAndTakenElsewhere() async throws {
        try await withPortfolios { server in
            let client = server.client()
            let (one, other) = (try await portfolio(client).id, try await portfolio(client, "Other").id)
            let file = FileBody(type: "text/csv", bytes: Array(try FixtureFile.csv().utf8))
            let dry = try await client.send(
                API.ImportActivities.self, .init(portfolioID: one, dryRun: true), file
            ).body
            #expect(dry.dryRun && dry.new == 13 && dry.rows?.count == 13)
            let key = IdempotencyKey(UUID())
            let imported = try await client.send(
                API.ImportActivities.self, .init(portfolioID: one), file, key: key)
            #expect(imported.body.new == 13 && imported.body.rows == nil)
            #expect(
                try await client.send(API.ImportActivities.self, .init(portfolioID: one), file, key: key)
                    == imported)

            let exported = try await client.send(
                API.ExportActivities.self, .init(portfolioID: one, format: .csv)
            ).body
            #expect(exported.mediaType == "text/csv")
            let copied = try await client.send(
                API.ImportActivities.self, .init(portfolioID: other),
                FileBody(type: exported.type, bytes: exported.bytes))
            #expect(copied.body.new == 13 && copied.body.registeredInstruments.isEmpty)
            let json = try await client.send(
                API.ExportActivities.self, .init(portfolioID: one, format: .ghostfolio))
            #expect(try json.body.value()["activities"]?.elements.isEmpty == false)
        }
    }

    @Test func aRefusedImportNamesItsRows() async throws {
        try await withPortfolios { server in
            let client = server.client()
            let id = try await portfolio(client).id
            let file = "Date,Action,Amount,CCY\n2024-01-01,deposit,10,USD\n2024-13-01,deposit,10,USD\n"
            let refused = await #expect(throws: Problem.self) {
                try await client.send(
                    API.ImportActivities.self, .init(portfolioID: id),
                    FileBody(type: "text/csv", bytes: Array(file.utf8)))
            }
            #expect(refused?.status == 422)
            let faults = try refused?.extensions(as: API.ImportActivities.Problem422.self)
            #expect(faults?.rows?.map(\.row) == [3] && faults?.rows?.map(\.column) == ["Date"])
        }
    }
}
