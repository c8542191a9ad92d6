import DatabaseClient
import Foundation
import GroveTesting
import SharedTypes
import Testing

/// What the other contexts are told, in the transaction that records it.
@Suite struct LedgerEventsTests {
    /// Type, kind and gross amount of each event of Ada's, in the log's order.
    private func told(_ server: PortfoliosServer) async throws -> [String] {
        try await server.test.owner.query(
            """
            SELECT concat_ws(' ', type, payload ->> 'kind', payload ->> 'gross_amount') FROM platform.events
            WHERE owner_id = '\(server.ada.id)' ORDER BY epoch, transaction_number, position
            """
        ).many { try $0.text(0) }
    }

    @Test func eachPostingAndReversalIsToldOnce() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let key = ["Idempotency-Key": "one"]
            let bought = try await server.trade(path, "buy", "2024-01-02", "5", at: "10", headers: key)
            _ = try await server.trade(path, "buy", "2024-01-02", "5", at: "10", headers: key)
            let refused = try await server.trade(path, "sell", "2024-01-03", "6", at: "11")
            #expect(refused.status == 422)
            #expect(try await told(server) == ["transaction.posted buy 50"])

            let correction = try await server.send(
                "POST", "\(path)/transactions/\(try bought.text("id"))/corrections",
                json: """
                    {"type": "buy", "executed_at": "2024-01-02T12:00:00Z", "quantity": "6", "unit_price": "9",
                     "instrument": {"symbol": "ACME"}}
                    """)
            #expect(correction.status == 201, "\(correction.text)")
            #expect(
                try await told(server)
                    == [
                        "transaction.posted buy 50", "transaction.reversed buy", "transaction.posted buy 54",
                    ])
        }
    }

    @Test func anImportTellsItsNewRowsInTheirOrder() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let rows = """
                date,type,symbol,quantity,price,fee,currency
                2021-01-04,buy,ACME,1,10,0,USD
                2021-01-05,buy,ACME,2,11,0,USD

                """
            for query in ["?dry_run=true", "", ""] {
                let answer = try await server.importFile(path, rows, type: "text/csv", query: query)
                #expect(answer.status < 300, "\(answer.text)")
            }
            #expect(try await told(server) == ["transaction.posted buy 10", "transaction.posted buy 22"])
        }
    }

    /// An instrument that its user made up is theirs alone; one of the catalogue is everybody's. An import says the
    /// same of what it registers and of what it finds.
    @Test func eachPostingSaysWhetherEverybodySeesItsInstrument() async throws {
        try await withPortfolios { server in
            try await server.test.owner.query(
                """
                INSERT INTO market.instruments (
                    id, source, exchange, symbol, name, class, currency, revision, created_at, updated_at)
                VALUES (gen_random_uuid(), 'YAHOO', '', 'KNOWN', 'Known', 'equity', 'USD', 1, now(), now())
                """)
            let path = try await server.portfolio()
            for (symbol, source) in [("ACME", "MANUAL"), ("KNOWN", "YAHOO")] {
                let answer = try await server.send(
                    "POST", "\(path)/transactions",
                    json: """
                        {"type": "buy", "executed_at": "2024-01-02T12:00:00Z", "quantity": "6", "unit_price": "9",
                         "instrument": {"symbol": "\(symbol)", "source": "\(source)", "currency": "USD"}}
                        """)
                #expect(answer.status == 201, "\(answer.text)")
            }
            let rows = """
                date,type,source,symbol,quantity,price,fee,currency
                2021-01-04,buy,YAHOO,KNOWN,1,10,0,USD
                2021-01-05,buy,,NEWCO,2,11,0,USD

                """
            let answer = try await server.importFile(path, rows, type: "text/csv", query: "")
            #expect(answer.status < 300, "\(answer.text)")
            let shared = try await server.test.owner.query(
                """
                SELECT coalesce(payload ->> 'is_instrument_shared', 'none') FROM platform.events
                WHERE owner_id = '\(server.ada.id)' ORDER BY epoch, transaction_number, position
                """
            ).many { try $0.text(0) }
            #expect(shared == ["false", "true", "true", "false"])
        }
    }
}
