import DatabaseClient
import EmbeddedPostgres
import Foundation
import GroveTesting
import StrictJSON
import Testing

/// `kill -9` of the postmaster while 200 transactions are being posted.
@Suite struct PostmasterKillTests {
    struct Acknowledged: Sendable {
        let id: String
        /// Attempts that had no answer, or a 409 or 503.
        let failures: Int
    }

    @Test func everyAcknowledgedTransactionIsThereAndNoneTwice() async throws {
        try await ServiceStack.with(durable: true) { stack in
            let services = [try await stack.start(.users), try await stack.start(.portfolios)]
            let token = try await stack.signUp("kill@example.com")
            func post(_ path: String, _ body: String, key: String) async throws -> TestClient.Answer {
                // An acknowledgement counts, though nothing answers when it is read.
                try await TestClient.$readsLocations.withValue(false) {
                    try await TestClient.shared.send(
                        "POST", stack.url(.portfolios, path),
                        headers: ["Authorization": "Bearer \(token)", "Idempotency-Key": key], body: body)
                }
            }
            let created = try await post(
                "/v1/portfolios",
                #"{"name": "P", "kind": "brokerage", "base_currency": "USD", "tracks_cash": true}"#,
                key: "portfolio")
            guard let portfolio = created.json["id"]?.string else {
                throw ServiceProcess.Failure(description: created.text)
            }
            let path = "/v1/portfolios/\(portfolio)/transactions"
            let funding = try await post(path, ServiceStack.Sample.deposit("100000"), key: "funding")
            #expect(funding.status == 201, "\(funding.text)")

            let postgres = try #require(stack.postgres)
            let killed = postgres.processID
            // Each client retries with its key, as the answer 503 tells it to, until it has an answer.
            let acknowledged = try await withThrowingTaskGroup(of: Acknowledged?.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let isBuy = number.isMultiple(of: 2)
                        for attempt in 0..<600 {
                            let answer = try? await post(
                                path, isBuy ? ServiceStack.Sample.buy : ServiceStack.Sample.deposit("1.25"),
                                key: "posting-\(number)")
                            if answer?.status == 201, let id = answer?.json["id"]?.string {
                                return Acknowledged(id: id, failures: attempt)
                            }
                            if let answer, ![409, 503].contains(answer.status) {
                                throw ServiceProcess.Failure(description: answer.text)
                            }
                            try await Task.sleep(for: .milliseconds(50))
                        }
                        throw ServiceProcess.Failure(description: "posting \(number) was never acknowledged")
                    }
                }
                group.addTask {
                    // In the middle of it: when about a quarter has been committed.
                    let watcher = try await DatabaseConnection.connect(
                        stack.connectionString(user: "postgres"))
                    let count = "SELECT count(*) FROM portfolios.transactions"
                    while try await watcher.query(count)[0].int(0) < 50 {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    kill(killed, SIGKILL)
                    return nil
                }
                return try await group.reduce(into: [Acknowledged]()) { if let one = $1 { $0.append(one) } }
            }
            #expect(postgres.processID != killed, "the supervisor has started another")
            #expect(
                acknowledged.contains { $0.failures > 0 },
                "nobody noticed the kill: the drill drilled nothing")
            #expect(Set(acknowledged.map(\.id)).count == 200)

            let owner = try await DatabaseConnection.connect(stack.connectionString(user: "postgres"))
            let stored = try await owner.query("SELECT id::text FROM portfolios.transactions").many {
                try $0.text(0)
            }
            #expect(stored.count == 201)
            #expect(Set(acknowledged.map(\.id)).isSubset(of: stored))
            // 100,000 + 100 × 1.25 − 100 × (2 × 3.50 + 0.05)
            let cash = try await owner.query("SELECT balance::text FROM portfolios.cash_balances")[0].text(0)
            #expect(cash == "99420.000000000000000000")
            let held = try await owner.query("SELECT quantity::text FROM portfolios.portfolio_holdings")[0]
                .text(0)
            #expect(held == "200.000000000000000000")
            await owner.close()
            for service in services {
                service.signal(SIGTERM)
                #expect(await service.exitCode() == 0, "\(service.output)")
            }
        }
    }
}
