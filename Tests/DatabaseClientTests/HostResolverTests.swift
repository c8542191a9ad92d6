import Foundation
import Logging
import Synchronization
import Testing

@testable import DatabaseClient

@Suite(.timeLimit(.minutes(1))) struct HostResolverTests {
    private final class Lookups: Sendable { let count = Mutex(0) }

    private func database(
        _ hosts: String, like proxied: ProxiedDatabase, by resolver: HostResolver = .system,
        connectTimeout: Duration = .seconds(5), acquireTimeout: Duration = .seconds(5)
    ) async throws -> Database {
        let name = try await proxied.direct.query("SELECT current_database()::text")[0].text(0)
        var configuration = DatabaseConfiguration(
            connectionString: "\(hosts) dbname=\(name) user=postgres sslmode=disable gssencmode=disable",
            maximumConnections: 3, acquireTimeout: acquireTimeout, connectTimeout: connectTimeout)
        configuration.resolver = resolver
        return Database(configuration, logger: Logger(label: "resolving"))
    }

    @Test func aHostNameIsResolvedAndConnectedTo() async throws {
        try await ProxiedDatabase.with { proxied in
            let before = proxied.proxy.acceptedLinks
            let database = try await database("host=localhost port=\(proxied.proxy.port)", like: proxied)
            try await database.ping()
            #expect(proxied.proxy.acceptedLinks > before)
            await database.close()
        }
    }

    @Test func aNameWithSeveralAddressesIsTriedAtEach() async throws {
        try await ProxiedDatabase.with { proxied in
            // Nobody listens at the first.
            let resolver = HostResolver { _ in ["127.0.0.77", "127.0.0.1"] }
            let database = try await database(
                "host=database.test port=\(proxied.proxy.port)", like: proxied, by: resolver)
            try await database.ping()
            await database.close()
        }
    }

    @Test func aHostThatDoesNotExistIsNamedAndNothingHangs() async throws {
        try await ProxiedDatabase.with { proxied in
            let database = try await database(
                "host=nowhere.invalid", like: proxied, connectTimeout: .milliseconds(800),
                acquireTimeout: .milliseconds(900))
            let outcome = await within { try await database.ping() }
            #expect(outcome.failure?.isUnavailable == true)
            #expect(outcome.failure.map { "\($0)".contains("nowhere.invalid") } == true)
            await database.close()
        }
    }

    @Test func aResolverThatSleepsHoldsUpNobodyElseAndEndsAtTheDeadline() async throws {
        try await ProxiedDatabase.with { proxied in
            let lookups = Lookups()
            let sleeper = HostResolver { _ in
                lookups.count.withLock { $0 += 1 }
                // So long that no busy machine takes the end of the wait for it.
                Thread.sleep(forTimeInterval: 30)
                return ["127.0.0.1"]
            }
            try await proxied.database.ping()
            let slow = try await database(
                "host=slow.test port=\(proxied.proxy.port)", like: proxied, by: sleeper,
                connectTimeout: .milliseconds(500), acquireTimeout: .milliseconds(700))
            let attempts = (0..<4).map { _ in
                Task { await within { try await slow.ping() } }
            }
            // On the database thread, the lookup would hold these up for as long as it takes.
            let others = await within {
                for _ in 0..<5 { try await proxied.database.ping() }
            }
            #expect(others.isSuccess)
            for attempt in attempts {
                let outcome = await attempt.value
                #expect(outcome.failure.map { "\($0)".contains("slow.test") } == true)
            }
            #expect(lookups.count.withLock { $0 } == 1, "each who asks waits for the same lookup")
            await slow.close()
        }
    }

    @Test func aCancelledCallerDoesNotWaitForTheResolver() async throws {
        let sleeper = HostResolver { _ in
            Thread.sleep(forTimeInterval: 30)
            return []
        }
        let asking = Task {
            try await sleeper.addresses(of: "a.test", before: .now.advanced(by: .seconds(60)))
        }
        try await Task.sleep(for: .milliseconds(50))
        asking.cancel()
        let outcome = await within { try await asking.value }
        #expect(throws: CancellationError.self) { try outcome.get() }
    }

    /// libpq itself would wait for the first until the whole deadline has passed.
    @Test func aHostThatSwallowsEverythingLeavesTimeForTheNext() async throws {
        try await ProxiedDatabase.with { hole in
            hole.proxy.judge { $0.direction == .toClient ? .silence : .pass }
            try await ProxiedDatabase.with { proxied in
                let database = try await database(
                    "host=127.0.0.1,127.0.0.1 port=\(hole.proxy.port),\(proxied.proxy.port)", like: proxied,
                    connectTimeout: .seconds(1), acquireTimeout: .seconds(20))
                let outcome = await within { try await database.ping() }
                #expect(outcome.isSuccess)
                await database.close()
            }
        }
    }

    @Test(arguments: [
        ("host=a.test,/run,::1 port=1,2,3", ["a.test:1 resolve", "/run:2", "::1:3"]),
        ("postgresql://u@a.test:7,10.0.0.1/d", ["a.test:7 resolve", "10.0.0.1:"]),
        ("postgresql:///d?host=%2Frun&port=9", ["/run:9"]),
        ("host=a.test hostaddr=10.0.0.9 port=5", ["a.test:5"]),
    ])
    func hostsAreReadAsLibpqReadsThem(text: String, expected: [String]) throws {
        let (hosts, _) = try #require(ConnectionTarget.hosts(of: text))
        #expect(hosts.map { "\($0.name):\($0.port)\($0.wantsResolving ? " resolve" : "")" } == expected)
    }

    @Test func aPreferredStandbyIsLookedForFirstEverywhere() async throws {
        let targets = try await ConnectionTarget.all(
            of: "host=/a,/b target_session_attrs=prefer-standby", by: .system,
            before: .now.advanced(by: .seconds(1)))
        #expect(
            targets.map { "\($0.keywords["host"] ?? "") \($0.keywords["target_session_attrs"] ?? "")" }
                == ["/a standby", "/b standby", "/a any", "/b any"])
    }
}
