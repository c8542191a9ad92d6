import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import Testing

/// The three services as three processes against one database, as they are deployed.
@Suite struct SeparateServicesTests {
    private func headers(_ token: String) -> [String: String] {
        ["Authorization": "Bearer \(token)", "Idempotency-Key": UUID().uuidString]
    }

    @Test func aTokenOfTheFirstWorksAtTheThirdAndOutlivesTheFirst() async throws {
        try await ServiceStack.with { stack in
            let users = try await stack.start(.users)
            let market = try await stack.start(.market)
            let portfolios = try await stack.start(.portfolios)
            let token = try await stack.signUp("three@example.com")
            func create(_ name: String) async throws -> Int {
                try await TestClient.shared.send(
                    "POST", stack.url(.portfolios, "/v1/portfolios"), headers: headers(token),
                    body: ServiceStack.Sample.portfolio.replacing("Mine", with: name)
                ).status
            }
            #expect(try await create("First") == 201)
            #expect(
                try await TestClient.shared.send(
                    "GET", stack.url(.market, "/v1/instruments"), headers: headers(token)
                ).status == 200)

            users.signal(SIGTERM)
            #expect(await users.exitCode() == 0)
            #expect(try await create("Users is stopped") == 201)

            portfolios.signal(SIGTERM)
            #expect(await portfolios.exitCode() == 0)
            let restarted = try await stack.start(.portfolios)
            #expect(try await create("Portfolios has restarted") == 201)

            restarted.signal(SIGTERM)
            market.signal(SIGTERM)
            #expect(await restarted.exitCode() == 0)
            #expect(await market.exitCode() == 0)
        }
    }

    @Test func eachServiceRunsUnderItsOwnRoleAndMayNoMoreThanItNeeds() async throws {
        try await ServiceStack.with { stack in
            let forbidden = [
                ("portfolios_service", "SELECT password_hash FROM users.users"),
                ("portfolios_service", "DELETE FROM portfolios.postings"),
                ("portfolios_service", "UPDATE portfolios.postings SET amount = 1"),
                ("portfolios_service", "INSERT INTO market.instruments DEFAULT VALUES"),
                ("market_service", "SELECT * FROM portfolios.transactions"),
                ("users_service", "SELECT * FROM portfolios.portfolios"),
                ("market_service", "SELECT * FROM platform.migrations"),
                ("users_service", "CREATE TABLE users.mine (id int)"),
            ]
            for (role, sql) in forbidden {
                let connection = try await DatabaseConnection.connect(stack.connectionString(user: role))
                await #expect("\(role): \(sql)") { try await connection.query(sql) } throws: {
                    ($0 as? DatabaseError)?.sqlState == "42501"
                }
                await connection.close()
            }
        }
    }

    @Test func noAcceptedRequestFailsWhenTheServiceIsToldToGo() async throws {
        try await ServiceStack.with { stack in
            let users = try await stack.start(.users)
            let portfolios = try await stack.start(.portfolios)
            let token = try await stack.signUp("drain@example.com")
            let (answers, answer) = AsyncStream.makeStream(of: Void.self)
            let outcomes = await withTaskGroup(of: (answered: [Int], refused: Int).self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var answered: [Int] = []
                        var refused = 0
                        for number in 0..<10_000 where refused == 0 {
                            do {
                                let name = "\(worker) \(number)"
                                // What was made cannot be read any more when the service is gone.
                                let made = try await TestClient.$readsLocations.withValue(false) {
                                    try await TestClient.shared.send(
                                        "POST", stack.url(.portfolios, "/v1/portfolios"),
                                        headers: headers(token),
                                        body: ServiceStack.Sample.portfolio.replacing("Mine", with: name),
                                        timeoutSeconds: 10)
                                }
                                answered.append(made.status)
                                answer.yield()
                            } catch {
                                refused += 1
                            }
                        }
                        return (answered, refused)
                    }
                }
                var count = 0
                for await _ in answers {
                    count += 1
                    if count > 16 { break }
                }
                portfolios.signal(SIGTERM)
                return await group.reduce(into: ([Int](), 0)) { $0 = ($0.0 + $1.answered, $0.1 + $1.refused) }
            }
            #expect(await portfolios.exitCode() == 0)
            #expect(outcomes.0.count > 16)
            #expect(Set(outcomes.0) == [201], "\(Set(outcomes.0))")
            let owner = try await DatabaseConnection.connect(stack.connectionString(user: "postgres"))
            let stored = try await owner.query("SELECT count(*) FROM portfolios.portfolios")[0].int(0)
            await owner.close()
            // What was done was also answered: at most nothing lies between.
            #expect(stored == outcomes.0.count)
            users.signal(SIGTERM)
            #expect(await users.exitCode() == 0)
        }
    }
}
