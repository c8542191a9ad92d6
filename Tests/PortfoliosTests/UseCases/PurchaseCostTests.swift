import CoreMetrics
import DatabaseClient
import EventLog
import Foundation
import GroveTesting
import Logging
import MetricsTestKit
import ServiceKit
import Testing

@testable import Portfolios

/// What posting a plain purchase asks of the database, from the request to its answer.
@Suite struct PurchaseCostTests {
    private struct Cost {
        let statements: Int
        let flights: Int

        init(_ metrics: TestMetrics) {
            statements = metrics.timers(label: "db_query_duration").reduce(0) { $0 + $1.values.count }
            flights = Int(metrics.counterTotal(label: "db_flights", dimensions: [("pool", "counted")]))
        }
    }

    @Test func aPurchaseTakesFewStatementsAndFlights() async throws {
        try await withTestDatabase { test in
            let metrics = TestMetrics()
            let database = Database(
                DatabaseConfiguration(
                    connectionString: test.connectionString(role: "portfolios_service"),
                    maximumConnections: 4, pipelinedConnections: 1, applicationName: "counted"),
                logger: Logger(label: "test"), metrics: metrics)
            let ada = try await test.makeUser()
            let module = PortfoliosModule(
                database: database, events: test.events(of: "portfolios"), heavyWork: HeavyWork(threads: 1))
            try await withServer(modules: [module], databases: [database]) { server in
                let token = try await server.token(for: ada)
                let created = try await server.send(
                    "POST", "/v1/portfolios", token: token,
                    json: #"{"name": "Mine", "kind": "brokerage", "base_currency": "USD"}"#)
                let path = "/v1/portfolios/\(try created.text("id"))/transactions"
                // With the first the instrument is registered.
                for day in 1...3 {
                    let before = Cost(metrics)
                    let answer = try await server.send(
                        "POST", path, token: token,
                        json: """
                            {"type": "buy", "instrument": {"symbol": "ACME", "currency": "USD"}, "quantity": "1",
                             "unit_price": "10", "executed_at": "2026-01-0\(day)T12:00:00Z"}
                            """)
                    try #require(answer.status == 201, "\(answer.text)")
                    guard day > 1 else { continue }
                    let after = Cost(metrics)
                    // The aim is 12 statements: what is written is still read back.
                    #expect(after.statements - before.statements <= 17)
                    #expect(after.flights - before.flights <= 8)
                }
            }
            await database.close()
        }
    }
}
