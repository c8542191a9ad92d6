import DatabaseClient
import Foundation
import GroveTesting
import Logging
import SharedTypes
import StrictJSON
import Synchronization
import Testing

@testable import Portfolios

/// What a posting asks of the database, and that its answer is what a read gives.
@Suite struct PostingPathTests {
    @Test(arguments: [CostBasisMethod.fifo, .lifo, .hifo, .average, .specificLot])
    func aPurchaseTakesElevenStatementsHoweverMuchIsHeld(method: CostBasisMethod) async throws {
        let log = StatementNames()
        // The statements of the read that the client adds to each posting are not the posting's.
        try await TestClient.$readsLocations.withValue(false) {
            try await withPortfolios(statementLog: log.logger) { server in
                let path = try await server.portfolio(method: method)
                func statements(_ day: String) async throws -> [String] {
                    log.clear()
                    #expect(try await server.trade(path, "buy", day, "2", at: "10").status == 201)
                    return log.names
                }
                _ = try await statements("2024-01-02")
                let second = try await statements("2024-01-03")
                #expect(second.count == 11, "\(second)")
                #expect(!second.contains { $0.hasSuffix("Lots") && !$0.hasSuffix("storeLots") }, "\(second)")
                for day in 10..<20 { _ = try await statements("2024-02-\(day)") }
                #expect(try await statements("2024-03-01") == second)
                // A sale reads the lots that it takes, and a return of capital those that it repays, in one statement.
                for (type, day, members) in [
                    ("sell", "2024-04-01", #""quantity": "3", "unit_price": "9""#),
                    ("return_of_capital", "2024-04-02", #""amount": "1""#),
                ] {
                    log.clear()
                    let posted = try await server.post(
                        path, type, day,
                        #""instrument": {"symbol": "ACME", "currency": "USD"}, "# + members)
                    #expect(posted.status == 201, "\(posted.text)")
                    #expect(log.names.count <= 13, "\(log.names)")
                }
            }
        }
    }

    @Test func whatAPostAnswersIsWhatAReadGives() async throws {
        var random = SeededGenerator(seed: 13)
        var bodies: [(type: String, members: String)] = []
        for _ in 0..<12 {
            func figure() -> String {
                "\(Int.random(in: 1...900, using: &random)).\(Int.random(in: 1...999_999_999, using: &random))"
            }
            let instrument = #""instrument": {"symbol": "ACME", "currency": "USD"}"#
            let fees =
                #""fees": [{"kind": "tax", "amount": "\#(figure())"}, {"kind": "commission", "amount": "0.10"}]"#
            bodies += [
                (
                    "buy",
                    #"\#(instrument), "quantity": "\#(figure())", "unit_price": "\#(figure())", \#(fees)"#
                ),
                (
                    "transfer_in",
                    #"\#(instrument), "quantity": "3", "amount": "\#(figure())", "note": "x\ny""#
                ),
                (
                    "sell",
                    #"\#(instrument), "quantity": "1.25", "unit_price": "\#(figure())", "fx_rate": "0.91""#
                ),
                ("dividend", #"\#(instrument), "amount": "\#(figure())""#),
                (
                    "return_of_capital",
                    #"\#(instrument), "amount": "0.\#(Int.random(in: 1...99, using: &random))""#
                ),
                ("split", #"\#(instrument), "split_from": 3, "split_to": 4"#),
                ("deposit", #""amount": "\#(figure())", "currency": "EUR""#),
                ("fee", #""amount": "0.\#(Int.random(in: 1...99, using: &random))", "currency": "EUR""#),
            ]
        }
        let all = bodies
        try await withPortfolios { server in
            let path = try await server.portfolio(method: .specificLot, tracksCash: true)
            let rich = try await server.post(
                path, "deposit", "2000-01-01", #""amount": "1000000000", "currency": "USD""#)
            #expect(rich.status == 201, "\(rich.text)")
            func expectRead(_ posted: JSONValue?, _ comment: String) async throws {
                let id = try #require(posted?["id"]?.string)
                let read = try await server.send("GET", "\(path)/transactions/\(id)")
                #expect(read.json == posted, "\(comment)")
            }
            var last: String?
            for (number, body) in all.enumerated() {
                // Every fifth is dated back, before a split.
                let day =
                    number % 5 == 4
                    ? "2001-02-\(10 + number % 18)" : "20\(10 + number / 12)-0\(1 + number % 9)-01"
                let posted = try await server.post(path, body.type, day, body.members)
                guard posted.status == 201 else { continue }
                try await expectRead(posted.json, posted.text)
                if number % 7 == 3 {
                    let id = try posted.text("id")
                    let taken = try await server.send(
                        "POST", "\(path)/transactions/\(id)/reversals", json: #"{"note": "back"}"#)
                    if taken.status == 201 { try await expectRead(taken.json, taken.text) }
                } else {
                    last = try posted.text("id")
                }
            }
            let corrected = try await server.send(
                "POST", "\(path)/transactions/\(try #require(last))/corrections",
                json:
                    #"{"type": "deposit", "executed_at": "2020-01-01T12:00:00.1234567Z", "amount": "7", "currency": "EUR"}"#
            )
            #expect(corrected.status == 201, "\(corrected.text)")
            try await expectRead(corrected.json["reversal"], corrected.text)
            try await expectRead(corrected.json["transaction"], corrected.text)
            let lot = try #require(try await server.list("\(path)/lots").last)
            let sale = try await server.trade(
                path, "sell", "2026-01-01", "0.5", at: "1",
                more: #", "lots": [{"opened_by": "\#(lot["opened_by"]?.string ?? "")", "quantity": "0.5"}]"#)
            #expect(sale.status == 201, "\(sale.text)")
            try await expectRead(sale.json, sale.text)
        }
    }
}

/// The names of the statements that a database has run.
private final class StatementNames: Sendable {
    private let kept = Mutex<[String]>([])

    var names: [String] { kept.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(statements: self) } }

    func clear() { kept.withLock { $0 = [] } }

    private struct Handler: LogHandler {
        let statements: StatementNames
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard let name = event.metadata?["statement"] else { return }
            statements.kept.withLock { $0.append("\(name)") }
        }
    }
}
