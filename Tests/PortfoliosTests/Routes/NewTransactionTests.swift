import Foundation
import GroveTesting
import ServiceKit
import Testing

@testable import Portfolios

/// What a client may not say in a new transaction, and the field that the answer names.
@Suite struct NewTransactionTests {
    private static let acme = #""instrument": {"symbol": "ACME", "currency": "USD"}"#

    private static let faults = [
        (#""type": "buy", \#(acme), "quantity": "0", "unit_price": "1""#, "quantity"),
        (#""type": "buy", \#(acme), "quantity": "-1", "unit_price": "1""#, "quantity"),
        (#""type": "buy", \#(acme), "quantity": "1e400", "unit_price": "1""#, "quantity"),
        (#""type": "buy", \#(acme), "quantity": 1e400, "unit_price": "1""#, "quantity"),
        (#""type": "buy", \#(acme), "quantity": "0.0000000000000000001", "unit_price": "1""#, "quantity"),
        (#""type": "buy", \#(acme), "quantity": "99999999999999999999", "unit_price": "2""#, "unit_price"),
        (#""type": "buy", \#(acme), "quantity": "0.000000000000000001", "amount": "9999999999""#, "quantity"),
        // A unit price that would be kept as 0.
        (#""type": "buy", \#(acme), "quantity": "9000000000", "amount": "0.000000001""#, "quantity"),
        (#""type": "buy", \#(acme), "quantity": "1", "unit_price": "-1""#, "unit_price"),
        (#""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "amount": "1""#, "amount"),
        (#""type": "buy", \#(acme), "quantity": "1""#, "unit_price"),
        (#""type": "buy", \#(acme), "unit_price": "1""#, "quantity"),
        (#""type": "buy", "quantity": "1", "unit_price": "1", "currency": "USD""#, "instrument_id"),
        (#""type": "buy", "quantity": "1", "unit_price": "1""#, "currency"),
        (#""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "currency": "EUR""#, "currency"),
        (
            #""type": "buy", "instrument": {"symbol": "ACME"}, "quantity": "1", "unit_price": "1""#,
            "instrument.currency"
        ),
        (
            #""type": "buy", "instrument": {"symbol": " ", "currency": "USD"}, "quantity": "1", "unit_price": "1""#,
            "instrument.symbol"
        ),
        (
            """
            "type": "buy", "instrument": {"symbol": "A", "source": "A-B", "currency": "USD"}, "quantity": "1", \
            "unit_price": "1"
            """, "instrument.source"
        ),
        // In capitals each of these is two letters.
        (
            """
            "type": "buy", "instrument": {"symbol": "A", "exchange": "ßßßßßßßßßßß", "currency": "USD"}, \
            "quantity": "1", "unit_price": "1"
            """, "instrument.exchange"
        ),
        (
            """
            "type": "buy", "instrument_id": "018f0000-0000-7000-8000-000000000000", "quantity": "1", "unit_price": "1"
            """, "instrument_id"
        ),
        (
            #""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "fees": [{"kind": "tip", "amount": "1"}]"#,
            "fees[0].kind"
        ),
        (
            #""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "fees": [{"kind": "tax", "amount": "-1"}]"#,
            "fees[0].amount"
        ),
        (#""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "fx_rate": "0""#, "fx_rate"),
        (#""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "note": "\u0000""#, "note"),
        (#""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "split_to": 2"#, "split_from"),
        (#""type": "buy", \#(acme), "quantity": "1", "unit_price": "1", "splat": 2"#, "splat"),
        (#""type": "split", \#(acme)"#, "split_to"),
        (#""type": "split", \#(acme), "split_from": 2, "split_to": 2"#, "split_to"),
        (#""type": "split", \#(acme), "split_from": 1, "split_to": 2, "amount": "5""#, "amount"),
        (#""type": "deposit", "currency": "USD""#, "amount"),
        (#""type": "deposit", "amount": "0", "currency": "USD""#, "amount"),
        (#""type": "deposit", "amount": "1", "currency": "XXQ""#, "currency"),
        (#""type": "deposit", "amount": "1", "quantity": "1", "currency": "USD""#, "quantity"),
        (#""type": "deposit", "amount": "1", \#(acme)"#, "instrument_id"),
        (#""type": "transfer_in", \#(acme), "quantity": "1""#, "amount"),
        (#""type": "dividend", "amount": "1", "currency": "USD""#, "instrument_id"),
        (#""type": "return_of_capital", \#(acme), "amount": "1""#, "instrument_id"),
        (#""type": "gift", "amount": "1""#, "type"),
    ]

    @Test func aFieldAtFaultIsNamed() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            for (members, field) in Self.faults {
                let answer = try await server.send(
                    "POST", "\(path)/transactions",
                    json: #"{"executed_at": "2024-01-02T12:00:00Z", \#(members)}"#)
                #expect(answer.status == 422, "\(members): \(answer.text)")
                #expect(try answer.text("field") == field, "\(members)")
            }
            #expect(try await server.count("portfolios.transactions") == 0)
        }
    }

    @Test func aMomentOutsideTheCalendarIsRefused() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            func deposit(_ moment: String) async throws -> Int {
                try await server.send(
                    "POST", "\(path)/transactions",
                    json:
                        #"{"type": "deposit", "amount": "1", "currency": "USD", "executed_at": "\#(moment)"}"#
                ).status
            }
            let hour = Date().addingTimeInterval(3_600).ISO8601Format()
            let week = Date().addingTimeInterval(7 * 86_400).ISO8601Format()
            #expect(try await deposit(hour) == 201)
            #expect(try await deposit(week) == 422)
            #expect(try await deposit("1900-01-01T00:00:00Z") == 201)
            #expect(try await deposit("1899-12-31T23:59:59Z") == 422)
            #expect(try await deposit("2024-02-30T00:00:00Z") == 422)
            #expect(try await deposit("yesterday") == 422)
        }
    }

    @Test func cashIsNotDepositedWhereItIsNotTracked() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let answer = try await server.post(
                path, "deposit", "2024-01-02", #""amount": "1", "currency": "USD""#)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == "type")
        }
    }
}
