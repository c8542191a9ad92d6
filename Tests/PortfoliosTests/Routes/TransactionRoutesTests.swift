import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios

@Suite struct TransactionRoutesTests {
    @Test func aPurchaseAndASaleAreBooked() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            let cash = try await server.post(
                path, "deposit", "2024-01-01", #""amount": "1000", "currency": "USD""#)
            #expect(cash.status == 201, "\(cash.text)")
            let bought = try await server.trade(
                path, "buy", "2024-01-02", "10", at: "20",
                more: #", "fees": [{"kind": "commission", "amount": "1"}]"#)
            #expect(bought.status == 201, "\(bought.text)")
            #expect(bought.headers["location"] == "\(path)/transactions/\(try bought.text("id"))")
            #expect(try bought.text("amount") == "200")
            let sold = try await server.trade(
                path, "sell", "2024-01-03", "4", at: "30",
                more: #", "fees": [{"kind": "commission", "amount": "2"}]"#)
            #expect(sold.status == 201, "\(sold.text)")

            let holding = try #require(try await server.list("\(path)/holdings").first)
            #expect(holding["quantity"] == .string("6"))
            // 6/10 of 200 and of the fee of 1.
            #expect(holding["cost_basis"] == .string("120.6"))
            #expect(holding["basis_fees"] == .string("0.6"))
            #expect(holding["average_cost"] == .string("20.1"))
            // 4 × 30 − 2 − 80.4
            #expect(holding["realized_gain"] == .string("37.6"))
            #expect(holding["fees"] == .string("3"))
            let balances = try await server.list("\(path)/cash-balances")
            #expect(balances == [.object(["currency": .string("USD"), "balance": .string("917")])])
            let lot = try #require(try await server.list("\(path)/lots").first)
            #expect(lot["remaining"] == .string("6"))
            #expect(lot["remaining_cost"] == .string("120.6"))
            let gain = try #require(try await server.list("\(path)/gains").first)
            #expect(gain["kind"] == .string("sale"))
            #expect(gain["proceeds"] == .string("118"))
            #expect(gain["realized_gain"] == .string("37.6"))

            let detail = try await server.send("GET", "\(path)/transactions/\(try sold.text("id"))")
            guard case .array(let postings)? = detail.json["postings"] else { throw Missing() }
            #expect(postings.count == 3)
        }
    }

    @Test func oneKeyCreatesOneTransactionHoweverManyAskAtOnce() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let key = ["Idempotency-Key": "once"]
            let answers = try await withThrowingTaskGroup(of: TestClient.Answer.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        try await server.trade(path, "buy", "2024-01-02", "1", at: "10", headers: key)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let created = answers.filter { $0.status == 201 }
            #expect(!created.isEmpty)
            #expect(Set(try created.map { try $0.text("id") }).count == 1)
            #expect(answers.allSatisfy { [201, 409].contains($0.status) })
            #expect(try await server.count("portfolios.transactions") == 1)
            #expect(try await server.list("\(path)/holdings").first?["quantity"] == .string("1"))
            let other = try await server.trade(path, "buy", "2024-01-02", "2", at: "10", headers: key)
            #expect(other.status == 422)
        }
    }

    @Test func salesAtOnceDoNotSellMoreThanIsHeld() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.trade(path, "buy", "2024-01-02", "10", at: "10")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await server.trade(path, "sell", "2024-01-03", "1", at: "12").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 201 }.count == 10)
            #expect(statuses.filter { $0 == 422 }.count == 10)
            #expect(try await server.list("\(path)/holdings").isEmpty)
            let closed = try #require(try await server.list("\(path)/holdings?include_closed=true").first)
            #expect(closed["quantity"] == .string("0"))
            #expect(closed["cost_basis"] == .string("0"))
            #expect(closed["realized_gain"] == .string("20"))
        }
    }

    @Test func purchasesAtOnceDoNotSpendMoreCashThanThereIs() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            _ = try await server.post(path, "deposit", "2024-01-01", #""amount": "100", "currency": "USD""#)
            let answers = try await withThrowingTaskGroup(of: TestClient.Answer.self) { group in
                for _ in 0..<12 {
                    group.addTask { try await server.trade(path, "buy", "2024-01-02", "1", at: "20") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 5)
            let refused = answers.filter { $0.status == 422 }
            #expect(refused.count == 7)
            #expect(try refused.allSatisfy { try $0.text("type") == "urn:grove:problem:insufficient-cash" })
            #expect(try await server.list("\(path)/cash-balances").first?["balance"] == .string("0"))
        }
    }

    @Test func aSaleOverWhatIsHeldNamesTheQuantity() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.trade(path, "buy", "2024-01-02", "1", at: "10")
            let answer = try await server.trade(path, "sell", "2024-01-03", "1.00000001", at: "10")
            #expect(answer.status == 422)
            #expect(try answer.text("field") == "quantity")
            #expect(try await server.count("portfolios.transactions") == 1)
        }
    }

    @Test func whatComesTooLateIsRefusedNamingTheDay() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            _ = try await server.post(path, "deposit", "2024-01-01", #""amount": "100", "currency": "USD""#)
            let bought = try await server.trade(path, "buy", "2024-01-02", "5", at: "10")
            _ = try await server.trade(path, "sell", "2024-03-01", "5", at: "10")
            // Backdated: the sale of March would lack what this one sells.
            let early = try await server.trade(path, "sell", "2024-02-01", "1", at: "10")
            #expect(early.status == 422)
            #expect(try early.text("type") == "urn:grove:problem:later-transaction")
            #expect(try early.text("detail").contains("2024-03-01"))
            let reversal = try await server.send(
                "POST", "\(path)/transactions/\(try bought.text("id"))/reversals", json: "{}")
            #expect(reversal.status == 422)
            // 100 are there now, but only 50 were in February.
            let withdrawal = try await server.post(
                path, "withdrawal", "2024-02-01", #""amount": "60", "currency": "USD""#)
            #expect(withdrawal.status == 422)
            #expect(try withdrawal.text("type") == "urn:grove:problem:insufficient-cash")
            #expect(try withdrawal.text("detail").contains("2024-02-01"))
            let later = try await server.post(
                path, "withdrawal", "2024-03-02", #""amount": "60", "currency": "USD""#)
            #expect(later.status == 201)
            #expect(try await server.count("portfolios.transactions") == 4)
        }
    }

    @Test func aReversalTakesBackOnce() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            _ = try await server.post(path, "deposit", "2024-01-01", #""amount": "100", "currency": "USD""#)
            let bought = try await server.trade(path, "buy", "2024-01-02", "5", at: "10")
            let target = "\(path)/transactions/\(try bought.text("id"))"
            let reversal = try await server.send("POST", "\(target)/reversals", json: #"{"note": "Typo"}"#)
            #expect(reversal.status == 201, "\(reversal.text)")
            #expect(try reversal.text("reverses") == bought.text("id"))
            #expect(try reversal.text("note") == "Typo")
            #expect(try await server.send("GET", target).json["status"] == .string("reversed"))
            #expect(try await server.list("\(path)/holdings").isEmpty)
            #expect(try await server.list("\(path)/cash-balances").first?["balance"] == .string("100"))
            let again = try await server.send("POST", "\(target)/reversals", json: "{}")
            #expect(again.status == 409)
            #expect(try again.text("type") == "urn:grove:problem:already-reversed")
            let ofReversal = try await server.send(
                "POST", "\(path)/transactions/\(try reversal.text("id"))/reversals", json: "{}")
            #expect(ofReversal.status == 409)
            #expect(try ofReversal.text("type") == "urn:grove:problem:is-reversal")
        }
    }

    @Test func reversalsAtOnceTakeBackOnce() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let bought = try await server.trade(path, "buy", "2024-01-02", "5", at: "10")
            let target = "\(path)/transactions/\(try bought.text("id"))/reversals"
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await server.send("POST", target, json: "{}").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201] + Array(repeating: 409, count: 7))
        }
    }

    @Test func aCorrectionIsBothOrNeither() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let bought = try await server.trade(path, "buy", "2024-01-02", "5", at: "10")
            _ = try await server.trade(path, "sell", "2024-01-03", "5", at: "11")
            let target = "\(path)/transactions/\(try bought.text("id"))/corrections"
            // Reversed alone, the sale would lack its shares; corrected to fewer, it does.
            func correction(_ quantity: String) -> String {
                """
                {"type": "buy", "executed_at": "2024-01-02T12:00:00Z", "quantity": "\(quantity)", "unit_price": "9",
                 "instrument": {"symbol": "ACME"}}
                """
            }
            let fewer = try await server.send("POST", target, json: correction("4"))
            #expect(fewer.status == 422)
            #expect(try await server.count("portfolios.transactions") == 2)
            #expect(try await server.count("portfolios.transactions WHERE status = 'reversed'") == 0)
            let more = try await server.send("POST", target, json: correction("6"))
            #expect(more.status == 201, "\(more.text)")
            #expect(more.json["transaction"]?["quantity"] == .string("6"))
            #expect(more.json["reversal"]?["reverses"] == .string(try bought.text("id")))
            let holding = try #require(try await server.list("\(path)/holdings").first)
            #expect(holding["quantity"] == .string("1"))
            #expect(holding["realized_gain"] == .string("10"))
            #expect(try await server.send("POST", target, json: correction("7")).status == 409)
        }
    }

    @Test func chosenLotsLeave() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(method: .specificLot)
            _ = try await server.trade(path, "buy", "2024-01-02", "5", at: "10")
            let second = try await server.trade(path, "buy", "2024-01-03", "5", at: "20")
            let lots = #", "lots": [{"opened_by": "\#(try second.text("id"))", "quantity": "2"}]"#
            let sold = try await server.trade(path, "sell", "2024-01-04", "2", at: "21", more: lots)
            #expect(sold.status == 201, "\(sold.text)")
            // A replay of everything keeps the choice.
            _ = try await server.trade(path, "buy", "2024-01-01", "1", at: "5")
            let holding = try #require(try await server.list("\(path)/holdings").first)
            #expect(holding["realized_gain"] == .string("2"))
            #expect(holding["cost_basis"] == .string("115"))
            let wrong = try await server.trade(path, "sell", "2024-01-05", "3", at: "21", more: lots)
            #expect(wrong.status == 422)
            #expect(try wrong.text("field") == "lots")
        }
    }

    @Test func openLotsAreRestatedOnlySoOften() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            for day in ["2024-01-01", "2024-01-02"] {
                _ = try await server.trade(path, "buy", day, "1", at: "10")
            }
            func change(_ type: String, _ day: String, _ members: String) async throws -> TestClient.Answer {
                try await server.post(
                    path, type, day, #""instrument": {"symbol": "ACME", "currency": "USD"}, "# + members)
            }
            let split = #""split_to": 2, "split_from": 1"#
            #expect(try await change("split", "2024-02-01", split).status == 201)
            let returned = #""amount": "1", "currency": "USD""#
            #expect(try await change("return_of_capital", "2024-02-01", returned).status == 201)
            #expect(try await change("split", "2024-02-02", split).status == 201)
            let restatements = "portfolios.portfolio_holdings WHERE lot_restatements = 4"
            #expect(try await server.count(restatements) == 1)
            // A replay counts the same.
            #expect(try await server.trade(path, "buy", "2024-02-02", "1", at: "10").status == 201)
            #expect(try await server.count(restatements) == 1)
            _ = try await server.test.owner.query(
                "UPDATE portfolios.portfolio_holdings SET lot_restatements = \(LotBook.maximumRestatements - 2)"
            )
            let refused = try await change("split", "2024-02-03", split)
            #expect(refused.status == 422)
            #expect(refused.json["field"] == .string("type"))
            #expect(
                refused.text.contains("more than \(LotBook.maximumRestatements) times"), "\(refused.text)")
            // Sales go on; what then is one lot less may be restated.
            #expect(try await server.trade(path, "sell", "2024-02-04", "4", at: "12").status == 201)
            #expect(try await change("split", "2024-02-05", split).status == 201)
            // Another instrument has no allowance of its own.
            let other = #""instrument": {"symbol": "OTHER", "currency": "USD"}, "#
            _ = try await server.post(
                path, "buy", "2024-02-01", other + #""quantity": "1", "unit_price": "1""#)
            #expect(try await server.post(path, "split", "2024-02-05", other + split).status == 422)
        }
    }

    /// A return of capital is one row; lots show it when they are read.
    @Test(arguments: [CostBasisMethod.fifo, .average])
    func returnedCapitalLowersTheLots(method: CostBasisMethod) async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(method: method)
            _ = try await server.trade(path, "buy", "2024-01-01", "10", at: "1")
            _ = try await server.trade(path, "buy", "2024-01-02", "10", at: "9")
            let returned = try await server.post(
                path, "return_of_capital", "2024-02-01",
                #""instrument": {"symbol": "ACME", "currency": "USD"}, "amount": "40""#)
            #expect(returned.status == 201, "\(returned.text)")
            let lots = try await server.list("\(path)/lots")
            let left: [JSONValue?] =
                method == .average ? [.string("30"), .string("30")] : [.string("0"), .string("70")]
            #expect(lots.map { $0["remaining_cost"] } == left)
            let gain = try #require(try await server.list("\(path)/gains").first)
            #expect(gain["kind"] == .string("return_of_capital") && gain["lot_id"] == nil)
            #expect(gain["cost"] == .string(method == .average ? "40" : "30"))
            let sold = try await server.trade(path, "sell", "2024-03-01", "20", at: "10")
            #expect(sold.status == 201, "\(sold.text)")
            let holding = try await server.list("\(path)/holdings?include_closed=true").first
            #expect(holding?["realized_gain"] == .string("140"))
            #expect(holding?["cost_basis"] == .string("0"))
        }
    }

    @Test func listsAreFilteredAndPaged() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            for day in 1...9 { _ = try await server.trade(path, "buy", "2024-01-0\(day)", "1", at: "\(day)") }
            _ = try await server.trade(path, "sell", "2024-01-09", "2", at: "9")
            var prices: [String] = []
            var next: String?
            repeat {
                let cursor = next.map { "&after=\($0)" } ?? ""
                let page = try await server.send(
                    "GET", "\(path)/transactions?type=buy&from=2024-01-02&to=2024-01-08&limit=3\(cursor)")
                guard case .array(let items)? = page.json["items"] else { throw Missing() }
                prices += items.compactMap { $0["unit_price"]?.string }
                next = page.json["next"]?.string
            } while next != nil
            #expect(prices == ["8", "7", "6", "5", "4", "3", "2"])
            #expect(try await server.list("\(path)/lots").count == 7)
            #expect(try await server.list("\(path)/lots?include_closed=true&limit=200").count == 9)
            #expect(try await server.list("\(path)/gains").count == 2)
            #expect(try await server.list("\(path)/gains?to=2024-01-08").isEmpty)
            for query in [
                "type=gift", "from=2024-02-30", "from=2024-02-02&to=2024-02-01", "limit=0", "colour=red",
            ] {
                #expect(
                    try await server.send("GET", "\(path)/transactions?\(query)").status == 422, "\(query)")
            }
        }
    }

    private struct Missing: Error {}
}
