import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import Logging
import PortfoliosContract
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios

/// Portfolios behind a real socket, on a database of its own, as its own role, with two people in front of it.
struct PortfoliosServer: Sendable {
    struct Person: Sendable {
        let id: User.ID
        let token: String
    }

    let test: TestDatabase
    let database: Database
    let server: TestServer
    let ada: Person
    let eve: Person

    /// Sends a request as Ada, unless another is named.
    func send(
        _ method: String, _ path: String, as person: Person? = nil, headers: [String: String] = [:],
        json: String? = nil
    ) async throws -> TestClient.Answer {
        try await server.send(method, path, token: (person ?? ada).token, headers: headers, json: json)
    }

    /// The client of the contracts as Ada, unless another is named.
    func client(_ person: Person? = nil) -> ContractClient { server.client(token: (person ?? ada).token) }

    /// Creates a portfolio of Ada's and gives its path.
    func portfolio(
        _ name: String = "Mine", method: CostBasisMethod = .fifo, tracksCash: Bool = false
    ) async throws -> String {
        try await client().send(
            PortfoliosAPI.CreatePortfolio.self,
            body: .init(
                name: name, kind: .brokerage, baseCurrency: .usd, costBasisMethod: method,
                tracksCash: tracksCash)
        ).location
    }

    /// Posts a transaction whose further members are given as JSON.
    func post(
        _ portfolio: String, _ type: String, _ day: String, _ members: String,
        headers: [String: String] = [:]
    ) async throws -> TestClient.Answer {
        try await send(
            "POST", "\(portfolio)/transactions", headers: headers,
            json: #"{"type": "\#(type)", "executed_at": "\#(day)T12:00:00Z", \#(members)}"#)
    }

    /// A purchase or sale of ACME in dollars.
    func trade(
        _ portfolio: String, _ type: String, _ day: String, _ quantity: String, at price: String,
        more: String = "", headers: [String: String] = [:]
    ) async throws -> TestClient.Answer {
        try await post(
            portfolio, type, day,
            """
            "instrument": {"symbol": "ACME", "currency": "USD"}, "quantity": "\(quantity)", "unit_price": "\(price)"
            """ + more,
            headers: headers)
    }

    /// The items of a list.
    func list(_ path: String, as person: Person? = nil) async throws -> [JSONValue] {
        let answer = try await send("GET", path, as: person)
        try #require(answer.status == 200, "\(answer.text)")
        guard case .array(let items)? = answer.json["items"] else { return [] }
        return items
    }

    /// One number, read past every policy.
    func count(_ sql: String) async throws -> Int {
        try await test.owner.query("SELECT count(*) FROM \(sql)")[0].int(0)
    }
}

extension TestClient.Answer {
    /// The text of a member; fails the test where there is none.
    func text(_ member: String) throws -> String {
        try #require(json[member]?.string, "\(text)")
    }
}

/// Runs the body with the module served on a fresh database.
func withPortfolios(
    connections: Int = 8, heavyWork: HeavyWork = HeavyWork(threads: 1), statementLog: Logger? = nil,
    _ body: @escaping @Sendable (PortfoliosServer) async throws -> Void
) async throws {
    try await withTestDatabase { test in
        let database = test.database(
            role: "portfolios_service", maximumConnections: connections, statementLog: statementLog)
        let ada = try await test.makeUser(email: "ada@example.com")
        let eve = try await test.makeUser(email: "eve@example.com")
        try await withServer(
            modules: [
                PortfoliosModule(
                    database: database, events: test.events(of: "portfolios"), heavyWork: heavyWork)
            ],
            databases: [database]
        ) {
            server in
            try await body(
                PortfoliosServer(
                    test: test, database: database, server: server,
                    ada: .init(id: ada, token: try await server.token(for: ada)),
                    eve: .init(id: eve, token: try await server.token(for: eve))))
        }
    }
}
