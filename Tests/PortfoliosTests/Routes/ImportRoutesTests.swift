import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import StrictJSON
import Testing

@testable import Portfolios

extension PortfoliosServer {
    func importFile(
        _ portfolio: String, _ text: String, type: String = "application/json", query: String = "",
        headers: [String: String] = [:]
    ) async throws -> TestClient.Answer {
        try await send(
            "POST", "\(portfolio)/imports\(query)", headers: headers.merging(["Content-Type": type]) { $1 },
            json: text)
    }

    /// Every row of every table that an import may write, but for the keys of idempotency.
    func everything() async throws -> [String] {
        var tables: [String] = []
        for table in [
            "transactions", "transaction_fees", "postings", "lots", "lot_closures", "portfolio_holdings",
            "cash_balances",
        ] {
            let rows = try await test.owner.query(
                "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM portfolios.\(table) t"
            )
            tables.append(try rows[0].text(0))
        }
        return tables + [
            try await test.owner.query("SELECT count(*)::text FROM market.instruments")[0].text(0)
        ]
    }

    /// Holdings by symbol: quantity, cost and the fees within it.
    func holdings(_ portfolio: String) async throws -> [String: [String]] {
        var holdings: [String: [String]] = [:]
        for item in try await list("\(portfolio)/holdings?include_closed=true&limit=200") {
            holdings[item["symbol"]?.string ?? ""] = ["quantity", "cost_basis", "basis_fees"].map {
                item[$0]?.string ?? ""
            }
        }
        return holdings
    }
}

@Suite struct ImportRoutesTests {
    /// The quantities and costs of the fixture, reckoned by hand (first in, first out). MSFT: 10 at 220 and 5 at
    /// 240, less 4 and then 8, leave 3 of the second lot (720.60 of 1,201) beside 3 at 336 (1,009).
    static let holdings = [
        "MSFT": ["6", "1729.6", "1.6"], "VTI": ["8.75", "1898.8125", "1.3125"],
        "bitcoin": ["0.03", "1085.4", "5.4"], "NESN.SW": ["0", "0", "0"],
    ]

    @Test func aGhostfolioFileGivesTheHoldingsOfAHandCalculation() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let answer = try await server.importFile(path, try FixtureFile.ghostfolio())
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["new"] == .number(22) && answer.json["known"] == .number(0))
            #expect(try await server.holdings(path) == Self.holdings)
            let gains = try await server.list("\(path)/holdings?include_closed=true").reduce(into: [:]) {
                $0[$1["symbol"]?.string ?? ""] = $1["realized_gain"]?.string
            }
            // MSFT: 919 − 880.40 and 2,719 − 1,801. NESN: 555 − 501.25 and 3,120 − 2,658.75.
            #expect(gains == ["MSFT": "956.6", "VTI": "45.8125", "bitcoin": "490.3", "NESN.SW": "515"])
        }
    }

    /// Each of 1,000 lots bears a thousandth of the limit.
    @Test func oneSplitTooManyIsTheRowAtFault() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let splits = LotBook.maximumRestatements / 1_000
            var file = "date,type,symbol,quantity,unit_price,amount,currency,split_to,split_from\n"
            file += String(repeating: "2024-01-01,buy,ROC,1,10,,USD,,\n", count: 1_000)
            for day in 0...splits {
                let date = try CalendarDay(daysSince1970: Int32(19_800 + day))
                file += "\(date),split,ROC,,,,USD,\(day % 2 == 0 ? "2,1" : "1,2")\n"
            }
            let answer = try await server.importFile(path, file, type: "text/csv", query: "?dry_run=true")
            #expect(answer.status == 200, "\(answer.text.prefix(1_000))")
            #expect(answer.json["new"] == .number(Decimal(1_000 + splits)))
            #expect(answer.json["refused"] == .number(1))
            #expect(answer.text.contains("more than \(LotBook.maximumRestatements) times in this portfolio"))
        }
    }

    @Test func theSameFileTwiceChangesNothing() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, try FixtureFile.ghostfolio())
            let before = try await server.everything()
            let second = try await server.importFile(path, try FixtureFile.ghostfolio())
            #expect(second.status == 200, "\(second.text)")
            #expect(second.json["new"] == .number(0) && second.json["known"] == .number(22))
            #expect(try await server.everything() == before)
        }
    }

    @Test func aWrongRowIsNamedAndNothingIsWritten() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let good = try FixtureFile.ghostfolio()
            let before = try await server.everything()
            // The nineteenth activity sells 8 shares for 340 each.
            let sale = #""fee": 1, "quantity": 8,"#
            #expect(good.components(separatedBy: sale).count == 2)
            for (wrong, field) in [
                (#""fee": 1, "quantity": -8,"#, "quantity"), (#""fee": 1, "quantity": "eight","#, "quantity"),
                (#""fee": 1, "quantity": 800,"#, "quantity"), (#""fee": "x", "quantity": 8,"#, "fee"),
                (#""fee": 1, "quantity": 1e400,"#, "quantity"),
            ] {
                let answer = try await server.importFile(
                    path, good.replacingOccurrences(of: sale, with: wrong))
                #expect(answer.status == 422, "\(answer.text)")
                #expect(answer.json["row"] == .number(19))
                #expect(answer.json["field"] == .string(field))
                #expect(answer.json["detail"]?.string?.hasPrefix("Row 19: \(field) ") == true)
            }
            #expect(try await server.everything() == before)
        }
    }

    @Test func aDryRunTellsRowByRowAndWritesNothing() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let before = try await server.everything()
            let file = try FixtureFile.ghostfolio()
                .replacingOccurrences(of: #""fee": 1, "quantity": 8,"#, with: #""fee": 1, "quantity": 800,"#)
                .replacingOccurrences(of: #""type": "INTEREST""#, with: #""type": "LIABILITY""#)
            let answer = try await server.importFile(path, file, query: "?dry_run=true")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["new"] == .number(20) && answer.json["refused"] == .number(2))
            #expect(answer.json["rows"]?[18]?["status"] == .string("refused"))
            #expect(answer.json["rows"]?[18]?["column"] == .string("quantity"))
            #expect(answer.json["rows"]?[14]?["column"] == .string("type"))
            #expect(answer.json["rows"]?[0]?["status"] == .string("new"))
            #expect(answer.json["rows"]?[22] == nil)
            #expect(try await server.everything() == before)
        }
    }

    @Test func aFileGoesIntoAnotherPortfolioAndGrowsByItsNewRows() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let head = "date,type,symbol,quantity,price,fee,currency\n"
            let buy = "2021-01-04,buy,ACME,1,10,0,USD\n"
            _ = try await server.importFile(path, head + buy + buy, type: "text/csv")
            let grown = try await server.importFile(
                path, head + buy + buy + buy, type: "text/csv; charset=utf-8")
            #expect(grown.json["new"] == .number(1) && grown.json["known"] == .number(2), "\(grown.text)")
            let other = try await server.portfolio("Other")
            let again = try await server.importFile(other, head + buy, type: "text/csv")
            #expect(again.json["new"] == .number(1))
            #expect(again.json["registered_instruments"] == .array([]))
            #expect(try await server.count("market.instruments") == 1)
        }
    }

    @Test func aSaleDatedBackThatTakesFromALaterOneIsRefused() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let head = "date,type,symbol,quantity,price,fee,currency\n"
            _ = try await server.importFile(
                path, head + "2021-01-04,buy,ACME,5,10,0,USD\n2021-03-01,sell,ACME,5,12,0,USD\n",
                type: "text/csv")
            let answer = try await server.importFile(
                path, head + "2021-02-01,sell,ACME,1,12,0,USD\n", type: "text/csv")
            #expect(answer.status == 422)
            #expect(answer.json["row"] == .number(2))
            #expect(answer.json["field"] == .string("quantity"))
        }
    }

    @Test func aFileThatBeginsWithTheLatestIsRead() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let answer = try await server.importFile(
                path,
                """
                date,type,symbol,quantity,price,fee,currency
                2021-03-01,sell,ACME,5,12,0,USD
                2021-03-01,buy,ACME,5,10,0,USD
                2021-01-04,deposit,,,,,USD
                """, type: "text/csv")
            // The deposit lacks its amount, and the portfolio does not track cash.
            #expect(answer.json["row"] == .number(4))
            #expect(answer.json["field"] == .string("amount"))
        }
    }

    @Test func anotherCurrencyThanTheInstrumentsIsRefused() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let head = "date,type,symbol,quantity,price,fee,currency\n"
            let answer = try await server.importFile(
                path, head + "2021-01-04,buy,ACME,5,10,0,USD\n2021-01-05,buy,ACME,5,10,0,EUR\n",
                type: "text/csv")
            #expect(answer.status == 422)
            #expect(answer.json["row"] == .number(3) && answer.json["field"] == .string("currency"))
        }
    }

    @Test func cashIsTrackedThroughEveryType() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            let answer = try await server.importFile(path, try FixtureFile.csv(), type: "text/csv")
            #expect(answer.status == 200, "\(answer.text)")
            // 10,000 − 2 × (3,003.50 + 1) + 15.40 + 12.50 + 3,871.20 − 1.50 − 5 + 3.21 − 9.99 − 500
            let balances = try await server.list("\(path)/cash-balances")
            #expect(balances.first?["balance"] == .string("7376.82"))
            // AAPL: 80 shares after the split, less 30 of the first lot's 40. GOLD: 2.5 + 0.5 − 1, of 3,950 less
            // 12.50 returned less the 1/2.5 of it that left.
            #expect(
                try await server.holdings(path) == [
                    "AAPL": ["50", "3755.625", "1.25"], "GOLD": ["2", "2362.5", "0"],
                ])
        }
    }

    @Test func fiveThousandActivitiesAreImported() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            var file = "date,type,symbol,quantity,price,fee,currency\n"
            for number in 0..<5_000 {
                let day = try CalendarDay(daysSince1970: Int32(15_000 + number / 4))
                let side = number / 25 % 4 == 3 ? "sell" : "buy"
                file += "\(day),\(side),S\(number % 25),1.5,1\(number % 90).25,0.5,USD\n"
            }
            let answer = try await server.importFile(path, file, type: "text/csv")
            #expect(answer.json["new"] == .number(5_000), "\(answer.text.prefix(300))")
            #expect(try await server.count("portfolios.transactions") == 5_000)
            #expect(try await server.list("\(path)/holdings").first?["quantity"] == .string("150"))
        }
    }

    @Test func whatIsNoFileIsRefused() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            #expect(try await server.importFile(path, "{").status == 400)
            #expect(try await server.importFile(path, "{}").json["field"] == .string("activities"))
            #expect(try await server.importFile(path, "{}", type: "text/plain").status == 415)
            #expect(try await server.importFile(path, "a,b\n", type: "text/csv").status == 422)
            #expect(try await server.importFile(path, "{}", query: "?dry_run=perhaps").status == 422)
            let large = String(repeating: " ", count: ImportRoutes.maximumBytes + 1)
            #expect(try await server.importFile(path, large).status == 413)
            let foreign = try await server.send(
                "POST", "\(path)/imports", as: server.eve, json: #"{"activities": []}"#)
            #expect(foreign.status == 404)
        }
    }

    @Test(arguments: ["²²²²", "½½½½", "٣٣٣٣", "20²²12", "2021²²"])
    func aDateInOtherDigitsIsNamedAndTheServerLives(date: String) async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let csv = "date,type,currency,amount\n\(date),deposit,USD,1\n"
            let json = """
                {"activities": [{"fee": 0, "quantity": 1, "type": "BUY", "unitPrice": 1, "currency": "USD",
                  "dataSource": "YAHOO", "date": "\(date)", "symbol": "A"}]}
                """
            for (file, type, row) in [(csv, "text/csv", 2), (json, "application/json", 1)] {
                let answer = try await server.importFile(path, file, type: type)
                #expect(answer.status == 422, "\(answer.text)")
                #expect(
                    answer.json["row"] == .number(Decimal(row)) && answer.json["field"] == .string("date"))
            }
            #expect(try await server.send("GET", path).status == 200)
        }
    }

    @Test func oneKeyImportsOnce() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let key = ["Idempotency-Key": "once"]
            let first = try await server.importFile(path, try FixtureFile.ghostfolio(), headers: key)
            let second = try await server.importFile(path, try FixtureFile.ghostfolio(), headers: key)
            #expect(first.json["new"] == .number(22) && second.text == first.text)
        }
    }

    /// portfolio-performance/portfolio#1382 and tresorone/tresor-import#679: 1.500 in a file of semicolons was taken for
    /// one and a half. It is asked for, in a dry run too, and nothing is written until the answer has come.
    @Test func aFigureThatTheFileLeavesOpenIsAskedFor() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let file = "date;type;symbol;quantity;unit_price;currency\n2024-01-02;buy;AAA;1.500;10;EUR\n"
            for query in ["", "?dry_run=true"] {
                let asked = try await server.importFile(path, file, type: "text/csv", query: query)
                #expect(asked.status == 422, "\(asked.text)")
                #expect(asked.json["type"] == .string("urn:grove:problem:rows-refused"))
                #expect(asked.json["row"] == .number(2) && asked.json["field"] == .string("quantity"))
                let row = asked.json["rows"]?[0]
                #expect(row?["parameter"] == .string("decimal_mark"))
                #expect(row?["readings"] == .object(["comma": .string("1500"), "point": .string("1.5")]))
            }
            #expect(try await server.count("portfolios.transactions") == 0)
            let answered = try await server.importFile(
                path, file, type: "text/csv", query: "?decimal_mark=comma")
            #expect(answered.json["new"] == .number(1), "\(answered.text)")
            #expect(try await server.holdings(path)["AAA"] == ["1500", "15000", "0"])
        }
    }

    /// Siblings: another figure of the file answers; so does the comma between the fields; and the days of a file are
    /// asked for in the same way.
    @Test func whatTheFileSaysIsNotAskedFor() async throws {
        try await withPortfolios { server in
            let head = "date,type,symbol,quantity,unit_price,currency\n"
            for (name, row, quantity) in [
                ("decided", "2024-01-02;buy;AAA;1.500;9,5;EUR\n", "1500"),
                ("commas", "2024-01-02,buy,AAA,1.500,10,EUR\n", "1.5"),
            ] {
                let path = try await server.portfolio(name)
                let header = row.contains(";") ? head.replacing(",", with: ";") : head
                let answer = try await server.importFile(path, header + row, type: "text/csv")
                #expect(answer.status == 200, "\(answer.text)")
                #expect(try await server.holdings(path)["AAA"]?.first == quantity)
            }
            let path = try await server.portfolio("days")
            let file = head + "01/02/2024,buy,AAA,1,10,EUR\n"
            let asked = try await server.importFile(path, file, type: "text/csv")
            #expect(asked.json["rows"]?[0]?["parameter"] == .string("day_order"), "\(asked.text)")
            #expect(
                asked.json["rows"]?[0]?["readings"]
                    == .object(["dmy": .string("2024-02-01"), "mdy": .string("2024-01-02")]))
            let answer = try await server.importFile(
                path, file, type: "text/csv", query: "?day_order=dmy&time_zone=Australia/Sydney")
            #expect(answer.status == 200, "\(answer.text)")
            let transactions = try await server.list("\(path)/transactions")
            #expect(transactions.first?["executed_at"] == .string("2024-01-31T13:00:00.000000Z"))
            for query in ["?day_order=ydm", "?decimal_mark=dot", "?time_zone=Mars/Base"] {
                let refused = try await server.importFile(path, file, type: "text/csv", query: query)
                #expect(refused.status == 422)
            }
        }
    }
}
