import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios

@Suite struct RowLevelSecurityTests {
    /// The tables that endpoints write today. MigrationsTests does the same with every table of the catalog.
    private static let tables = [
        "portfolios", "transactions", "transaction_fees", "lot_selections", "portfolio_holdings", "postings",
        "lots", "lot_closures", "cash_balances",
    ]

    /// Rows that a statement sees that names no user: only the policy decides.
    private func visible(_ server: PortfoliosServer, _ table: String, as user: User.ID?) async throws -> Int {
        let statement = Statement(
            name: "test.\(table)", sql: "SELECT count(user_id) FROM portfolios.\(table)", access: .read)
        let executor: any QueryExecutor = user.map { server.database.acting(as: $0.uuid) } ?? server.database
        return try await executor.execute(statement, Parameters())[0].int(0)
    }

    /// A row of Ada's in every table.
    private func fill(_ server: PortfoliosServer) async throws -> (path: String, transaction: String) {
        let path = try await server.portfolio(method: .specificLot, tracksCash: true)
        _ = try await server.post(path, "deposit", "2024-01-01", #""amount": "100", "currency": "USD""#)
        let bought = try await server.trade(
            path, "buy", "2024-01-02", "5", at: "10", more: #", "fees": [{"kind": "tax", "amount": "1"}]"#)
        let id = try bought.text("id")
        let sold = try await server.trade(
            path, "sell", "2024-01-03", "1", at: "10",
            more: #", "lots": [{"opened_by": "\#(id)", "quantity": "1"}]"#)
        try #require(sold.status == 201, "\(sold.text)")
        return (path, id)
    }

    @Test func aStatementThatNamesNoUserShowsNobodyElsesRows() async throws {
        try await withPortfolios { server in
            _ = try await fill(server)
            for table in Self.tables {
                #expect(try await visible(server, table, as: server.ada.id) > 0, "\(table)")
                #expect(try await visible(server, table, as: server.eve.id) == 0, "\(table)")
                #expect(try await visible(server, table, as: nil) == 0, "\(table)")
            }
        }
    }

    @Test func aStatementThatNamesAnotherChangesNothing() async throws {
        try await withPortfolios { server in
            let (path, _) = try await fill(server)
            let id = try #require(Portfolio.ID(String(path.dropFirst("/v1/portfolios/".count))))
            let acting = server.database.acting(as: server.eve.id.uuid)
            await #expect(throws: DatabaseError.self) {
                try await acting.renamePortfolio(
                    name: "Eve's", now: Date(), userID: server.ada.id, portfolioID: id)
            }
            await #expect(throws: DatabaseError.self) {
                try await acting.createPortfolio(
                    userID: server.ada.id, portfolioID: .version7(at: Date()), name: "Eve's", kind: .paper,
                    baseCurrency: .usd, costBasisMethod: .fifo, tracksCash: false, now: Date())
            }
            try await acting.deleteLots(userID: server.ada.id, portfolioID: id, instrumentIDs: [])
            #expect(try await server.send("GET", path).json["name"] == .string("Mine"))
        }
    }

    @Test func theServiceMayNotEvenTry() async throws {
        let forbidden = [
            "DELETE FROM portfolios.transactions", "DELETE FROM portfolios.postings",
            "TRUNCATE portfolios.lots", "UPDATE portfolios.postings SET amount = amount",
            "UPDATE portfolios.transactions SET quantity = quantity",
            "UPDATE portfolios.portfolios SET user_id = user_id",
            "UPDATE portfolios.portfolios SET tracks_cash = true", "DELETE FROM portfolios.portfolios",
            "INSERT INTO market.instruments (id) VALUES (NULL)",
            "ALTER TABLE portfolios.postings DISABLE ROW LEVEL SECURITY",
        ]
        try await withPortfolios { server in
            for (number, sql) in forbidden.enumerated() {
                let statement = Statement(name: "test.forbidden\(number)", sql: sql, access: .write)
                do {
                    _ = try await server.database.acting(as: server.ada.id.uuid)
                        .execute(statement, Parameters())
                    Issue.record("\(sql) was let through")
                } catch let error as DatabaseError {
                    #expect(error.sqlState == "42501", "\(sql): \(error)")
                }
            }
        }
    }

    @Test func anothersIdsAreNotFound() async throws {
        try await withPortfolios { server in
            let (path, transaction) = try await fill(server)
            let purchase = """
                {"type": "buy", "executed_at": "2024-01-02T12:00:00Z", "quantity": "1", "unit_price": "1",
                 "instrument": {"symbol": "ACME", "currency": "USD"}}
                """
            let routes: [(String, String, String?)] = [
                ("GET", path, nil), ("PATCH", path, #"{"name": "Eve's"}"#), ("POST", "\(path)/archive", nil),
                ("POST", "\(path)/unarchive", nil), ("GET", "\(path)/transactions", nil),
                ("POST", "\(path)/transactions", purchase),
                ("GET", "\(path)/transactions/\(transaction)", nil),
                ("POST", "\(path)/transactions/\(transaction)/reversals", "{}"),
                ("POST", "\(path)/transactions/\(transaction)/corrections", purchase),
                ("GET", "\(path)/holdings", nil), ("GET", "\(path)/cash-balances", nil),
                ("GET", "\(path)/lots", nil),
                ("GET", "\(path)/gains", nil),
            ]
            for (method, route, body) in routes {
                let answer = try await server.send(method, route, as: server.eve, json: body)
                #expect(answer.status == 404, "\(method) \(route): \(answer.text)")
                #expect(
                    try await server.server.send(method, route, json: body).status == 401,
                    "\(method) \(route)")
            }
            // Her own portfolio does not open Ada's transaction either.
            let own = try await server.send(
                "POST", "/v1/portfolios", as: server.eve,
                json: #"{"name": "E", "kind": "paper", "base_currency": "USD"}"#)
            let stolen = "/v1/portfolios/\(try own.text("id"))/transactions/\(transaction)"
            #expect(try await server.send("GET", stolen, as: server.eve).status == 404)
            #expect(
                try await server.send("POST", "\(stolen)/reversals", as: server.eve, json: "{}").status == 404
            )
            #expect(try await server.send("GET", "/v1/portfolios/not-a-uuid").status == 404)
            #expect(try await server.count("portfolios.transactions") == 3)
        }
    }

    @Test func anothersInstrumentIsNoInstrument() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let bought = try await server.trade(path, "buy", "2024-01-02", "1", at: "10")
            let own = try await server.send(
                "POST", "/v1/portfolios", as: server.eve,
                json: #"{"name": "E", "kind": "paper", "base_currency": "USD"}"#)
            let answer = try await server.send(
                "POST", "/v1/portfolios/\(try own.text("id"))/transactions", as: server.eve,
                json: """
                    {"type": "buy", "executed_at": "2024-01-02T12:00:00Z", "quantity": "1", "unit_price": "1",
                     "instrument_id": "\(try bought.text("instrument_id"))"}
                    """)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == "instrument_id")
        }
    }
}
