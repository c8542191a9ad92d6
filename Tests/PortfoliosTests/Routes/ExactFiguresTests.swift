import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import StrictJSON
import Testing

@testable import Portfolios

/// Figures at the edges of what people really hold: coins by the billion at ten decimals, dong by the
/// billion, tokens with eighteen decimals. What is expected follows from the products that stand in the
/// comments.
@Suite struct ExactFiguresTests {
    private func importCSV(_ server: PortfoliosServer, _ path: String, _ rows: [String]) async throws
        -> TestClient.Answer
    {
        let header = "date,type,symbol,quantity,unit_price,currency"
        return try await server.importFile(
            path, ([header] + rows).joined(separator: "\n") + "\n", type: "text/csv")
    }

    /// portfolio-performance/portfolio#1796 and #2517: prices of ten decimals were rounded before they were
    /// multiplied, so that 9e9 × 1.4e-9 = 12.6 cost 0, and 9e9 × 7.4e-9 = 66.6 cost 90.
    @Test func coinsByTheBillionCostWhatWasPaid() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let answer = try await importCSV(
                server, path,
                [
                    "2024-01-02,buy,BABYDOGE,9000000000,0.0000000014,USD",
                    "2024-01-02,buy,SMOL,9000000000,0.0000000074,USD",
                ])
            #expect(answer.status == 200, "\(answer.text)")
            let holdings = try await server.holdings(path)
            #expect(holdings["BABYDOGE"] == ["9000000000", "12.6", "0"])
            #expect(holdings["SMOL"] == ["9000000000", "66.6", "0"])
        }
    }

    /// Siblings of the report above: a token whose smallest unit is the eighteenth decimal, a price in
    /// hundredths (0.0000000074 pence are 0.000000000074 pounds; × 9e9 = 0.666), and a purchase that gives
    /// the amount, of which the unit price is 66.6 / 9e9 = 7.4e-9.
    @Test func smallPricesAndUnitsAreKept() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let answer = try await importCSV(
                server, path,
                [
                    "2024-01-02,buy,WEI,0.000000000000000001,2500,USD",
                    "2024-01-02,buy,PENNY,9000000000,0.0000000074,GBX",
                ])
            #expect(answer.status == 200, "\(answer.text)")
            let posted = try await server.post(
                path, "buy", "2024-01-03",
                #""instrument": {"symbol": "SMOL", "currency": "USD"}, "quantity": "9000000000", "amount": "66.6""#
            )
            #expect(posted.status == 201, "\(posted.text)")
            #expect(posted.json["unit_price"]?.string == "0.0000000074")
            let holdings = try await server.holdings(path)
            #expect(holdings["WEI"] == ["0.000000000000000001", "0.0000000000000025", "0"])
            #expect(holdings["PENNY"] == ["9000000000", "0.666", "0"])
        }
    }

    /// A price that would be kept as 0 is another price: it is refused wherever it comes in, by its field.
    @Test func aPriceThatWouldBeZeroIsRefused() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            // Nineteen decimals; and 1e-17 hundredths, of which a currency has 1e-19.
            for row in ["1,0.0000000000000000001,USD", "1,1e-17,GBX"] {
                let answer = try await importCSV(server, path, ["2024-01-02,buy,DUST,\(row)"])
                #expect(answer.status == 422, "\(row): \(answer.text)")
                #expect(answer.json["field"]?.string == "unit_price", "\(answer.text)")
            }
            let activity = """
                {"activities": [{"type": "BUY", "date": "2024-01-02", "symbol": "DUST", "dataSource": "MANUAL",
                 "quantity": 1, "unitPrice": 1e-19, "fee": 0, "currency": "USD"}]}
                """
            let answer = try await server.importFile(path, activity)
            #expect(answer.status == 422 && answer.json["field"]?.string == "unitPrice", "\(answer.text)")
            #expect(try await server.count("portfolios.transactions") == 0)
        }
    }

    /// mike840609/assets_tracker#735: figures ended at 10^10, and two holdings of 8.1 billion dong (90,000 ×
    /// 90,000) made a valuation impossible. Together they are worth 16.2 billion.
    @Test func holdingsOfBillionsAddUp() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let answer = try await importCSV(
                server, path,
                [
                    "2024-01-02,buy,VCB,90000,90000,VND", "2024-01-02,buy,FPT,90000,90000,VND",
                    "2024-01-02,sell,FPT,45000,180000,VND",
                ])
            #expect(answer.status == 200, "\(answer.text)")
            let valuation = try await server.send("GET", "\(path)/valuation?day=2024-01-05&currency=VND")
            #expect(valuation.status == 200, "\(valuation.text)")
            // 90,000 × 90,000 and, at the price of the sale, 45,000 × 180,000; gained 45,000 × 90,000.
            #expect(valuation.json["total"]?["value"]?.string == "16200000000")
            #expect(valuation.json["total"]?["figures"]?["realized_gain"]?.string == "4050000000")
        }
    }

    /// Siblings of the report above: cash by the billion, a total at the very edge, and one beyond it, which
    /// names the field that the figure follows from.
    @Test func theEdgeOfTheRangeIsReachedAndNamed() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio("Cash", tracksCash: true)
            for day in ["2024-01-02", "2024-01-03"] {
                let deposit = try await server.post(
                    path, "deposit", day, #""amount": "49999999999999999999", "currency": "VND""#)
                #expect(deposit.status == 201, "\(deposit.text)")
            }
            let balances = try await server.list("\(path)/cash-balances")
            #expect(balances.first?["balance"]?.string == "99999999999999999998")
            let beyond = try await server.post(
                path, "deposit", "2024-01-04", #""amount": "2", "currency": "VND""#)
            #expect(beyond.status == 422, "\(beyond.text)")
            #expect(beyond.json["field"]?.string != nil, "\(beyond.text)")

            let other = try await server.portfolio("Two")
            let answer = try await importCSV(
                server, other,
                [
                    "2024-01-02,buy,A,60000000000,1000000000,USD",
                    "2024-01-02,buy,B,60000000000,1000000000,USD",
                ])
            #expect(answer.status == 200, "\(answer.text)")
            let valuation = try await server.send("GET", "\(other)/valuation?day=2024-01-05&currency=USD")
            #expect(valuation.status == 422, "\(valuation.text)")
            #expect(valuation.json["type"]?.string == "urn:grove:problem:out-of-range")
            #expect(valuation.json["field"]?.string == "currency")
        }
    }

    /// A price of 1 after splits of 2, 3 and 2 for 1 is 1/12, rounded once. Rounded at each split it would be
    /// 0.5, 0.166666666666666667 and then 0.083333333333333334, of an even neighbour.
    @Test func aPriceIsRestatedForAllSplitsAtOnce() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let header = "date,type,symbol,source,quantity,unit_price,currency,split_to,split_from"
            try await server.test.owner.script(
                """
                INSERT INTO market.instruments
                    (id, source, symbol, name, class, currency, revision, created_at, updated_at)
                VALUES (gen_random_uuid(), 'YAHOO', 'SPLT', 'SPLT', 'equity', 'USD', 1, now(), now());
                INSERT INTO market.price_bars
                    (instrument_id, day, open, high, low, close, volume, source, adjusted, as_of, created_at,
                     updated_at)
                SELECT id, '2024-01-02', 1, 1, 1, 1, 1, 'TEST', 'raw', '2024-01-02', now(), now() FROM market.instruments
                """)
            let rows = [
                "2024-01-01,buy,SPLT,YAHOO,1,1,USD,,", "2024-01-03,split,SPLT,YAHOO,,,USD,2,1",
                "2024-01-04,split,SPLT,YAHOO,,,USD,3,1", "2024-01-05,split,SPLT,YAHOO,,,USD,2,1",
            ]
            let answer = try await server.importFile(
                path, ([header] + rows).joined(separator: "\n") + "\n", type: "text/csv")
            #expect(answer.status == 200, "\(answer.text)")
            let valuation = try await server.send("GET", "\(path)/valuation?day=2024-01-06&currency=USD")
            let line = valuation.json["holdings"]?[0]
            #expect(line?["quantity"]?.string == "12", "\(valuation.text)")
            #expect(line?["price"]?["amount"]?.string == "0.083333333333333333", "\(valuation.text)")
            #expect(valuation.json["total"]?["value"]?.string == "0.999999999999999996")
        }
    }

    /// ghostfolio/ghostfolio#2008: 1,000 shares at 65 pence cost 650 pounds, whichever way they are entered.
    /// Siblings: cents of Johannesburg, agorot, and a listing that is quoted in pence while its amounts are
    /// said to be pounds.
    @Test func aPartOfACurrencyIsTheCurrencyAtEveryEntry() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let file = try await importCSV(server, path, ["2024-06-06,buy,FILE,1000,65,GBp"])
            #expect(file.status == 200, "\(file.text)")
            let json = """
                {"activities": [{"type": "BUY", "date": "2024-06-06", "symbol": "JSON", "dataSource": "MANUAL",
                 "quantity": 1000, "unitPrice": 65, "fee": 0, "currency": "GBp"}]}
                """
            #expect(try await server.importFile(path, json).status == 200)
            for (symbol, currency, listing, price) in [
                ("POST", "GBp", "GBp", "65"), ("LISTED", nil, "GBX", "65"), ("POUNDS", "GBP", "GBp", "0.65"),
                ("JSE", "ZAc", "ZAR", "65"), ("TASE", "ILA", "ILS", "65"),
            ] as [(String, String?, String, String)] {
                let beside = currency.map { "\"currency\": \"\($0)\"," } ?? ""
                let posted = try await server.post(
                    path, "buy", "2024-06-06",
                    """
                    "instrument": {"symbol": "\(symbol)", "currency": "\(listing)"}, \(beside)
                    "quantity": "1000", "unit_price": "\(price)"
                    """)
                #expect(posted.status == 201, "\(posted.text)")
                #expect(posted.json["currency"]?.string?.count == 3 && posted.json["amount"]?.string == "650")
            }
            let holdings = try await server.holdings(path)
            for symbol in ["FILE", "JSON", "POST", "LISTED", "POUNDS", "JSE", "TASE"] {
                #expect(holdings[symbol] == ["1000", "650", "0"], "\(symbol)")
            }
            let fee = try await server.post(
                path, "fee", "2024-06-07", #""currency": "GBX", "amount": "1250""#)
            #expect(fee.json["amount"]?.string == "12.5" && fee.json["currency"]?.string == "GBP")
        }
    }
}
