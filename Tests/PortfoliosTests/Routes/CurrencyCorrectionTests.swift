import DatabaseClient
import Foundation
import GroveTesting
import StrictJSON
import Testing

@testable import Portfolios

/// A listing that was first booked in the wrong currency is not kept in it for good.
@Suite struct CurrencyCorrectionTests {
    private static func activity(_ currency: String, _ day: String = "2024-01-02") -> String {
        """
        {"activities": [{"type": "BUY", "date": "\(day)", "symbol": "MSFT", "dataSource": "YAHOO", "quantity": 2,
          "unitPrice": 300, "fee": 0, "currency": "\(currency)"}]}
        """
    }

    private func reverseAll(_ server: PortfoliosServer, _ path: String) async throws {
        for row in try await server.list("\(path)/transactions") where row["status"] == .string("completed") {
            let id = try #require(row["id"]?.string)
            let answer = try await server.send("POST", "\(path)/transactions/\(id)/reversals", json: "{}")
            try #require(answer.status == 201, "\(answer.text)")
        }
    }

    /// As a person reported it (P17): MSFT of Yahoo by import in euros, reversed, and then by import in dollars into another portfolio.
    @Test func afterTheReversalAnImportInTheRightCurrencyIsNew() async throws {
        try await withPortfolios { server in
            let wrong = try await server.portfolio("Wrong")
            let right = try await server.portfolio("Right")
            _ = try await server.importFile(wrong, Self.activity("EUR"))
            // While it counts, it keeps its currency, and the dry run says so.
            for query in ["", "?dry_run=true"] {
                let early = try await server.importFile(right, Self.activity("USD"), query: query)
                #expect(early.text.contains("but the instrument is in EUR"), "\(early.text)")
            }
            try await reverseAll(server, wrong)
            let dryRun = try await server.importFile(right, Self.activity("USD"), query: "?dry_run=true")
            #expect(
                dryRun.json["new"] == .number(1) && dryRun.json["refused"] == .number(0), "\(dryRun.text)")
            let answer = try await server.importFile(right, Self.activity("USD"))
            #expect(answer.status == 200 && answer.json["new"] == .number(1), "\(answer.text)")
            #expect(try await server.count("market.instruments WHERE currency = 'USD'") == 1)
            #expect(try await server.count("market.instruments") == 1)
            let holdings = try await server.list("\(right)/holdings")
            #expect(holdings.first?["currency"] == .string("USD"))
            #expect(holdings.first?["cost_basis"] == .string("600"))

            // Now dollars stand in it, and euros are refused.
            let euros = try await server.importFile(wrong, Self.activity("EUR", "2024-01-03"))
            #expect(
                euros.status == 422 && euros.text.contains("but the instrument is in USD"), "\(euros.text)")
        }
    }

    /// In the portfolio itself the holding takes the new currency, too.
    @Test func theSamePortfolioTakesItInTheRightCurrency() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, Self.activity("EUR"))
            try await reverseAll(server, path)
            let answer = try await server.importFile(path, Self.activity("USD", "2024-01-03"))
            #expect(answer.json["new"] == .number(1), "\(answer.text)")
            #expect(try await server.list("\(path)/holdings").first?["currency"] == .string("USD"))
            #expect(try await server.count("portfolios.portfolio_holdings WHERE currency = 'USD'") == 1)
            let more = try await server.post(
                path, "buy", "2024-01-04",
                #""instrument": {"symbol": "MSFT", "source": "YAHOO"}, "quantity": "1", "unit_price": "310""#)
            #expect(more.status == 201 && more.json["currency"] == .string("USD"), "\(more.text)")
        }
    }

    @Test func aTransactionInTheRightCurrencyCorrectsItToo() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let members = { (currency: String) in
                #""instrument": {"symbol": "MSFT", "source": "YAHOO"}, "currency": "\#(currency)", "#
                    + #""quantity": "1", "unit_price": "300""#
            }
            #expect(try await server.post(path, "buy", "2024-01-02", members("EUR")).status == 201)
            let early = try await server.post(path, "buy", "2024-01-03", members("USD"))
            #expect(early.status == 422 && early.json["field"] == .string("currency"), "\(early.text)")
            try await reverseAll(server, path)
            let late = try await server.post(path, "buy", "2024-01-03", members("USD"))
            #expect(late.status == 201 && late.json["currency"] == .string("USD"), "\(late.text)")
        }
    }

    /// The rows of one file agree on the currency: the first decides, unless one is in the instrument's own.
    @Test func oneFileDoesNotChangeItTwice() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, Self.activity("EUR"))
            try await reverseAll(server, path)
            let header = "date,type,source,symbol,quantity,unit_price,currency\n"
            for (first, second, kept) in [
                ("USD", "CHF", "USD"), ("EUR", "USD", "EUR"), ("USD", "EUR", "EUR"),
            ] {
                let file =
                    header
                    + "2024-01-03,buy,YAHOO,MSFT,1,300,\(first)\n2024-01-04,buy,YAHOO,MSFT,1,300,\(second)\n"
                let answer = try await server.importFile(path, file, type: "text/csv", query: "?dry_run=true")
                #expect(
                    answer.json["new"] == .number(1) && answer.json["refused"] == .number(1), "\(answer.text)"
                )
                #expect(
                    answer.text.contains(
                        "is \(kept == first ? second : first), but the instrument is in \(kept)"),
                    "\(answer.text)")
            }
        }
    }

    /// What is shared is for all users, and a price of the owner's stands in its currency.
    @Test func whatIsSharedOrPricedKeepsItsCurrency() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, Self.activity("EUR"))
            try await reverseAll(server, path)
            try await server.test.owner.script(
                """
                INSERT INTO market.owner_prices (user_id, instrument_id, day, price, created_at, updated_at)
                SELECT owner_id, id, '2024-01-02', 290, now(), now() FROM market.instruments
                """)
            let priced = try await server.importFile(path, Self.activity("USD", "2024-01-03"))
            #expect(priced.status == 422, "\(priced.text)")
            try await server.test.owner.script(
                "DELETE FROM market.owner_prices; UPDATE market.instruments SET owner_id = NULL")
            let shared = try await server.importFile(path, Self.activity("USD", "2024-01-03"))
            #expect(shared.status == 422, "\(shared.text)")
        }
    }

    /// Another user's transactions in their own instrument of the listing keep nothing of this user's.
    @Test func onlyTheUsersOwnBooksCount() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, Self.activity("EUR"))
            let created = try await server.send(
                "POST", "/v1/portfolios", as: server.eve,
                json:
                    #"{"name": "Other", "kind": "brokerage", "base_currency": "USD", "cost_basis_method": "fifo"}"#
            )
            let others = "/v1/portfolios/\(try created.text("id"))"
            let bought = try await server.send(
                "POST", "\(others)/imports", as: server.eve, headers: ["Content-Type": "application/json"],
                json: Self.activity("CHF"))
            #expect(bought.status == 200, "\(bought.text)")
            try await reverseAll(server, path)
            let answer = try await server.importFile(path, Self.activity("USD", "2024-01-03"))
            #expect(answer.json["new"] == .number(1), "\(answer.text)")
            #expect(try await server.count("market.instruments WHERE currency = 'CHF'") == 1)
        }
    }
}
