import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import Testing

@testable import Market

/// The module behind a real socket, on a database of the test's own and under the service's own role.
struct MarketTest: Sendable {
    let test: TestDatabase
    let database: Database
    let server: TestServer
    /// Of the module that serves; a test that needs it runs it.
    let watch: QuoteWatch
    let user: User.ID
    let userToken: String
    let operatorToken: String

    /// The client of the contracts as the user.
    var client: ContractClient { server.client(token: userToken) }
    /// The same as the operator.
    var operatorClient: ContractClient { server.client(token: operatorToken) }

    /// The answer to a request of the user.
    func get(_ path: String) async throws -> TestClient.Answer {
        try await server.send("GET", path, token: userToken)
    }

    /// Sends a CSV file as the operator.
    func upload(_ csv: String, to path: String, key: String = UUID().uuidString) async throws
        -> TestClient.Answer
    {
        try await server.send(
            "POST", path, token: operatorToken,
            headers: ["Content-Type": "text/csv", "Idempotency-Key": key],
            json: csv)
    }

    /// Registers an instrument as another context does, in a transaction of the user's.
    func register(
        _ symbol: String, source: String = "YAHOO", currency: String = "USD", as owner: User.ID
    ) async throws -> Instrument.ID {
        try await test.database(role: "portfolios_service", maximumConnections: 2).transaction(as: owner.uuid)
        {
            Instrument.ID(try await $0.registerForTest(symbol, source: source, currency: currency))
        }
    }

    /// The number in the first field of the first row of a statement, past every policy.
    func count(_ sql: String) async throws -> Int {
        try await test.owner.query(sql).one { try $0.int(0) }
    }
}

extension QueryExecutor {
    func registerForTest(_ symbol: String, source: String, currency: String) async throws -> UUID {
        var parameters = Parameters()
        parameters.append(uuid: Instrument.ID.version7(at: Date()).uuid)
        parameters.append(text: source)
        parameters.append(text: symbol)
        parameters.append(text: currency)
        let statement = Statement(
            name: "test.registerInstrument",
            sql: "SELECT market.register_instrument($1, $2, '', $3, $3, 'equity', $4, now())", access: .write)
        return try await execute(statement, parameters).one { try $0.uuid(0) }
    }
}

func withMarket(_ body: @escaping @Sendable (MarketTest) async throws -> Void) async throws {
    try await withTestDatabase { test in
        let database = test.database(role: "market_service", maximumConnections: 6)
        let user = try await test.makeUser()
        let clerk = try await test.makeUser()
        let module = MarketModule(database: database)
        try await withServer(modules: [module], databases: [database]) { server in
            try await body(
                MarketTest(
                    test: test, database: database, server: server, watch: module.watch,
                    user: user,
                    userToken: try await server.token(for: user),
                    operatorToken: try await server.token(for: clerk, isOperator: true)))
        }
    }
}

/// A file of daily bars of the shape that charting libraries ship: an unnamed first column, 2,148 days from
/// 2004-08-19 on, prices of up to two decimals. The prices come from a simulated walk.
func barsCSV(days: Int = 2_148, seed: UInt64 = 7) throws -> String {
    var walk = SimulatedWalk(
        start: FixedDecimal(100), driftPerMillion: 600, volatilityPerMillion: 18_000, seed: seed)
    var day = try CalendarDay(parsing: "2004-08-19")
    var csv = ",Open,High,Low,Close,Volume\n"
    for _ in 0..<days {
        while [0, 6].contains((day.daysSince1970 + 4) % 7) { day = try day.advanced(by: 1) }
        let bar = try walk.nextBar(on: day, usualVolume: 9_000_000)
        csv += "\(bar.day),\(bar.open),\(bar.high),\(bar.low),\(bar.close),\(bar.volume)\n"
        day = try day.advanced(by: 1)
    }
    return csv
}

/// Waits until something holds, for ten seconds at most.
func eventually(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ holds: () async throws -> Bool
) async throws {
    for _ in 0..<500 {
        if try await holds() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("\(what) did not come", sourceLocation: sourceLocation)
}
