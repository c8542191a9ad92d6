import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios

@Suite struct ValuationRoutesTests {
    /// A shared instrument with a close on a day.
    private func list(
        _ server: PortfoliosServer, _ symbol: String, _ currency: String, closes: [(String, String)]
    ) async throws {
        try await server.test.owner.script(
            """
            INSERT INTO market.instruments
                (id, source, symbol, name, class, currency, revision, created_at, updated_at)
            VALUES (gen_random_uuid(), 'YAHOO', '\(symbol)', '\(symbol)', 'equity', '\(currency)', 1, now(), now())
            """)
        for (day, close) in closes {
            try await server.test.owner.script(
                """
                INSERT INTO market.price_bars
                    (instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at,
                     updated_at)
                SELECT id, '\(day)', \(close), \(close), \(close), \(close), 1, 'TEST', 'raw', '\(day)', now(), now()
                FROM market.instruments WHERE symbol = '\(symbol)' AND owner_id IS NULL
                """)
        }
    }

    private func rate(_ server: PortfoliosServer, _ day: String, _ rate: String) async throws {
        try await server.test.owner.script(
            """
            INSERT INTO market.exchange_rates (base, quote, day, rate, source, created_at, updated_at)
            VALUES ('USD', 'CHF', '\(day)', \(rate), 'TEST', now(), now())
            """)
    }

    /// Half a cent twice: rounded apart both fees would be nothing, together they are a cent. What was posted, what
    /// stands as the balance and what a replay says must be the same.
    @Test func severalFeesSettleToTheCentThatAReplaySays() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            _ = try await server.post(
                path, "deposit", "2021-01-01", #""amount": "100.01", "currency": "USD""#)
            let fees =
                #""fees": [{"kind": "commission", "amount": "0.005"}, {"kind": "tax", "amount": "0.005"}]"#
            let bought = try await server.trade(path, "buy", "2021-01-02", "1", at: "100", more: ", \(fees)")
            #expect(bought.status == 201, "\(bought.text)")
            let balances = try await server.send("GET", "\(path)/cash-balances")
            #expect(balances.json["items"]?[0]?["balance"]?.string == "0", "\(balances.text)")
            let valuation = try await server.send("GET", "\(path)/valuation?day=2021-01-02&currency=USD")
            #expect(valuation.status == 200, "\(valuation.text)")
            #expect(valuation.json["total"]?["cash"]?.string == "0", "\(valuation.text)")
        }
    }

    /// The fixture on the last day of 2021 at 0.9129 francs a dollar, reckoned by hand.
    ///
    /// MSFT 6 × 336.32 = 2,017.92, VTI 8.75 × 241.44 = 2,112.60, bitcoin 0.03 at its last trade, 61,000, = 1,830;
    /// together 5,960.52 USD = 5,441.358708 CHF. Invested are 1,728 + 1,897.50 + 1,080 = 4,705.50 USD =
    /// 4,295.65095 CHF. Gross gains are 960 + 46.50 + 500 USD and 60 + 475 CHF = 1,910.28385 CHF. Fees are
    /// 5 + 2.25 + 15.10 + 3 USD and 20 + 12 CHF = 55.142015 CHF, income 12.12 + 5.25 USD and 55 + 4.20 CHF =
    /// 75.057073 CHF.
    @Test func theFixtureIsWorthWhatTheHandCalculationSays() async throws {
        try await withPortfolios { server in
            try await list(
                server, "MSFT", "USD", closes: [("2021-12-31", "336.32"), ("2022-01-03", "334.75")])
            let path = try await server.portfolio()
            _ = try await server.importFile(path, try FixtureFile.ghostfolio())
            // Listed after the import: the private instrument's bars are those of the shared one.
            try await list(server, "VTI", "USD", closes: [("2021-12-30", "242"), ("2021-12-31", "241.44")])
            try await rate(server, "2021-12-31", "0.9129")

            let answer = try await server.send("GET", "\(path)/valuation?day=2021-12-31&currency=CHF")
            #expect(answer.status == 200, "\(answer.text)")
            let figures = answer.json["total"]?["figures"]
            #expect(answer.json["complete"] == .bool(true))
            #expect(answer.json["total"]?["value"] == .string("5441.358708"))
            #expect(figures?["investment"] == .string("4295.65095"))
            #expect(figures?["cost_basis"] == .string("4303.23943125"))
            #expect(figures?["unrealized_gain"] == .string("1138.11927675"))
            #expect(figures?["realized_gain"] == .string("1877.69724125"))
            #expect(figures?["fees"] == .string("55.142015"))
            #expect(figures?["income"] == .string("75.057073"))
            #expect(figures?["gross_performance"] == .string("3055.991608"))
            #expect(figures?["net_performance"] == .string("3000.849593"))
            #expect(answer.json["total"]?["currency_effect"] == nil)

            guard case .array(let lines)? = answer.json["holdings"] else { throw Missing() }
            let prices = lines.reduce(into: [String: JSONValue]()) {
                $0[$1["symbol"]?.string ?? ""] = $1["price"]
            }
            #expect(prices["bitcoin"]?["stale"] == .bool(true))
            #expect(prices["bitcoin"]?["source"] == .string("last_trade"))
            #expect(prices["bitcoin"]?["as_of"] == .string("2021-11-01"))
            #expect(prices["VTI"]?["source"] == .string("market") && prices["VTI"]?["stale"] == .bool(false))
            #expect(prices["NESN.SW"] == nil)
        }
    }

    private struct Missing: Error {}

    /// ghostfolio/ghostfolio, apps/api/src/app/portfolio/calculator/roai/
    /// portfolio-calculator-baln-buy-and-buy.spec.ts (perf-01), from file to answer.
    @Test func twoBuysOfTheSourceGiveItsFigures() async throws {
        try await withPortfolios { server in
            try await list(
                server, "BALN.SW", "CHF", closes: [("2021-12-17", "143.9"), ("2021-12-18", "148.9")])
            let path = try await server.portfolio()
            let activity = { (day: String, price: String, fee: String) in
                """
                {"type": "BUY", "date": "\(day)", "symbol": "BALN.SW", "dataSource": "YAHOO", "quantity": 2,
                 "unitPrice": \(price), "fee": \(fee), "currency": "CHF"}
                """
            }
            let file = [activity("2021-11-22", "142.9", "1.55"), activity("2021-11-30", "136.6", "1.65")]
            _ = try await server.importFile(path, #"{"activities": [\#(file.joined(separator: ","))]}"#)
            let answer = try await server.send("GET", "\(path)/valuation?day=2021-12-18&currency=CHF")
            let line = answer.json["holdings"]?[0]
            #expect(line?["quantity"] == .string("4"), "\(answer.text)")
            #expect(line?["average_price"] == .string("139.75"))
            let figures = answer.json["total"]?["figures"]
            #expect(figures?["investment"] == .string("559"))
            #expect(figures?["fees"] == .string("3.2"))
            #expect(figures?["value"] == .string("595.6"))
            #expect(figures?["gross_performance"] == .string("36.6"))
            #expect(figures?["net_performance"] == .string("33.4"))
        }
    }

    /// 3 shares at 50 and 50 dollars of cash: three quarters and one.
    @Test func theAllocationAddsUpToTheValuation() async throws {
        try await withPortfolios { server in
            try await list(server, "ACME", "USD", closes: [("2024-01-03", "50")])
            let path = try await server.portfolio(tracksCash: true)
            _ = try await server.post(
                path, "deposit", "2024-01-01", #""amount": "80", "currency": "USD""#)
            let bought = try await server.post(
                path, "buy", "2024-01-02",
                #""instrument": {"symbol": "ACME", "source": "YAHOO"}, "quantity": "3", "unit_price": "10""#)
            #expect(bought.status == 201, "\(bought.text)")
            let answer = try await server.send("GET", "\(path)/allocation?day=2024-01-03")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["value"] == .string("200"))
            #expect(answer.json["complete"] == .bool(true))
            #expect(answer.json["instruments"]?[0]?["symbol"] == .string("ACME"))
            #expect(answer.json["instruments"]?[0]?["weight"] == .string("75"))
            #expect(answer.json["classes"]?[0]?["class"] == .string("equity"))
            #expect(answer.json["classes"]?[1]?["class"] == .string("cash"))
            #expect(answer.json["classes"]?[1]?["weight"] == .string("25"))
            #expect(answer.json["currencies"]?[0]?["weight"] == .string("100"))
            #expect(try await server.send("GET", "\(path)/allocation", as: server.eve).status == 404)
            #expect(try await server.send("GET", "\(path)/allocation?currency=XXQ").status == 422)
        }
    }

    @Test func withoutRatesWhatIsMissingIsNamed() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, try FixtureFile.ghostfolio())
            let answer = try await server.send("GET", "\(path)/valuation?day=2021-12-31&currency=CHF")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["complete"] == .bool(false))
            guard case .array(let lines)? = answer.json["holdings"] else { throw Missing() }
            let gaps = lines.reduce(into: [String: String]()) {
                $0[$1["symbol"]?.string ?? ""] = $1["unavailable"]?.string
            }
            #expect(
                gaps == [
                    "MSFT": "no_exchange_rate", "VTI": "no_exchange_rate", "bitcoin": "no_exchange_rate",
                ])
        }
    }

    @Test func anEarlierDayKnowsNothingOfLaterTrades() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, try FixtureFile.ghostfolio())
            let answer = try await server.send("GET", "\(path)/valuation?day=2021-01-04&currency=USD")
            #expect(answer.json["total"]?["value"] == .string("2200"), "\(answer.text)")
            #expect(answer.json["total"]?["figures"]?["net_performance"] == .string("-1"))
            let before = try await server.send("GET", "\(path)/valuation?day=2021-01-03")
            #expect(before.json["holdings"] == .array([]))
            #expect(before.json["complete"] == .bool(true))
        }
    }

    @Test func wrongQuestionsAreRefused() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            for (query, field) in [("day=2021-02-30", "day"), ("currency=XXQ", "currency"), ("at=now", "at")]
            {
                let answer = try await server.send("GET", "\(path)/valuation?\(query)")
                #expect(answer.status == 422 && answer.json["field"] == .string(field))
            }
            #expect(try await server.send("GET", "\(path)/valuation", as: server.eve).status == 404)
            #expect(try await server.send("GET", "\(path)/valuation").json["currency"] == .string("USD"))
        }
    }
}
