import CoreMetrics
import Foundation
import Logging
import MetricsTestKit
import Synchronization
import Testing

@testable import DatabaseClient

/// What of a transaction travels together.
@Suite(.timeLimit(.minutes(1))) struct TransactionFlightTests {
    struct Refused: Error {}

    private static let insert = Statement(
        name: "insert", sql: "INSERT INTO entries VALUES ($1)", access: .write)
    private static let count = Statement(name: "count", sql: "SELECT count(*) FROM entries", access: .read)
    private static let user = Statement(
        name: "user", sql: "SELECT current_setting('app.user_id')", access: .read)

    private func entry(_ value: Int) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int4: value)
        return parameters
    }

    /// The body can ask how many flights there were since it asked last.
    private func withEntries(
        _ body: (Database, DatabaseConnection, () -> Int64) async throws -> Void
    ) async throws {
        let metrics = TestMetrics()
        try await withDatabase(metrics: metrics) { database, connection in
            try await connection.script("CREATE TABLE entries (value int PRIMARY KEY)")
            var seen: Int64 = 0
            try await body(database, connection) {
                let total = metrics.counterTotal(label: "db_flights", dimensions: [("pool", "under test")])
                defer { seen = total }
                return total - seen
            }
            #expect(database.usage == (0, 0), "a connection leaked")
        }
    }

    private func entries(_ connection: DatabaseConnection) async throws -> [Int] {
        try await connection.query("SELECT value FROM entries ORDER BY 1").many { try $0.int(0) }
    }

    @Test func beginAndTheUserTravelWithTheFirstStatement() async throws {
        try await withEntries { database, connection, flights in
            let ada = UUID()
            try await database.transaction(as: ada) { transaction in
                #expect(flights() == 0)
                let seen = try await transaction.execute(Self.user, .init()).one { try $0.text(0) }
                #expect(seen == ada.uuidString.lowercased())
                #expect(flights() == 1)
                _ = try await transaction.execute(Self.insert, entry(1))
            }
            #expect(flights() == 2)
            let stored = try await entries(connection)
            #expect(stored == [1])
        }
    }

    @Test func whatNobodyWaitsForTravelsWithWhatComesNext() async throws {
        try await withEntries { database, connection, flights in
            try await database.transaction(as: UUID()) { transaction in
                for value in 1...3 { _ = try await transaction.deferred.execute(Self.insert, entry(value)) }
                #expect(flights() == 0)
                #expect(try await transaction.execute(Self.count, .init()).one { try $0.int(0) } == 3)
                #expect(flights() == 1)
                _ = try await transaction.deferred.execute(Self.insert, entry(4))
            }
            #expect(flights() == 1)
            // Everything in one.
            try await database.transaction(as: UUID()) {
                _ = try await $0.deferred.execute(Self.insert, entry(5))
            }
            #expect(flights() == 1)
            let stored = try await entries(connection)
            #expect(stored == [1, 2, 3, 4, 5])
        }
    }

    @Test func whereNothingIsAskedNothingIsSent() async throws {
        try await withEntries { database, _, flights in
            try await database.transaction(as: UUID()) { _ in }
            await #expect(throws: Refused.self) {
                try await database.transaction(as: UUID()) {
                    _ = try await $0.deferred.execute(Self.insert, entry(1))
                    throw Refused()
                }
            }
            #expect(flights() == 0)
        }
    }

    /// With the next statement, and with COMMIT; what fails is named, and nothing stays.
    @Test(arguments: [true, false]) func whatFailsUnawaitedFailsLaterUnderItsName(_ isAwaited: Bool)
        async throws
    {
        try await withEntries { database, connection, _ in
            await #expect {
                try await database.transaction { transaction in
                    _ = try await transaction.deferred.execute(Self.insert, entry(1))
                    _ = try await transaction.deferred.execute(Self.insert, entry(1))
                    if isAwaited { _ = try await transaction.execute(Self.count, .init()) }
                }
            } throws: {
                guard case .server(let error)? = $0 as? DatabaseError else { return false }
                return error.statement == "insert" && error.constraint == "entries_pkey"
            }
            let stored = try await entries(connection)
            #expect(stored == [])
            try await database.transaction { _ = try await $0.execute(Self.insert, entry(2)) }
        }
    }

    @Test func thereIsNoAnswerToReadFromWhatIsNotWaitedFor() async throws {
        try await withEntries { database, _, _ in
            try await database.transaction { transaction in
                let result = try await transaction.deferred.execute(Self.count, .init())
                #expect(throws: DatabaseError.self) { try result.one { try $0.int(0) } }
                #expect(throws: DatabaseError.self) { try result.optional { try $0.int(0) } }
                #expect(throws: DatabaseError.self) { try result.many { try $0.int(0) } }
                #expect(throws: DatabaseError.self) { try result.affectedRows }
            }
        }
    }

    @Test func aSavepointHoldsWhatWasDeferredInIt() async throws {
        try await withEntries { database, connection, _ in
            try await database.transaction { transaction in
                _ = try await transaction.deferred.execute(Self.insert, entry(1))
                await #expect(throws: Refused.self) {
                    try await transaction.savepoint {
                        _ = try await transaction.deferred.execute(Self.insert, entry(2))
                        throw Refused()
                    }
                }
                await #expect(throws: DatabaseError.self) {
                    try await transaction.savepoint {
                        _ = try await transaction.deferred.execute(Self.insert, entry(1))
                    }
                }
                try await transaction.savepoint {
                    _ = try await transaction.deferred.execute(Self.insert, entry(3))
                }
            }
            let stored = try await entries(connection)
            #expect(stored == [1, 3])
        }
    }

    @Test func aBatchIsOneFlight() async throws {
        try await withEntries { database, _, flights in
            try await database.transaction(as: UUID()) { transaction in
                let results = try await transaction.batch([
                    (Self.insert, entry(1)), (Self.count, .init()), (Self.user, .init()),
                ])
                #expect(try results.map { try $0.many { _ in }.count } == [0, 1, 1])
                #expect(try results[1].one { try $0.int(0) } == 1)
                #expect(flights() == 1)
            }
        }
    }

    // MARK: - Losses

    /// Nothing was committed, so that the flight goes out again; what was held back goes with it.
    @Test func aFirstFlightThatIsLostBeginsOnAnotherConnection() async throws {
        try await ProxiedDatabase.with { proxied in
            // As many connections as there are for transactions.
            try await proxied.database.transaction { outer in
                _ = try await outer.execute(ProxiedDatabase.count, .init())
                try await proxied.database.transaction {
                    _ = try await $0.execute(ProxiedDatabase.count, .init())
                }
            }
            let cuts = Mutexed(2)
            proxied.proxy.judge { message in
                guard message.direction == .toClient, message.type == "D", cuts.decrement() else {
                    return .pass
                }
                return .cut(after: 0)
            }
            try await proxied.database.transaction { transaction in
                _ = try await transaction.deferred.execute(ProxiedDatabase.insert, ProxiedDatabase.number(1))
                #expect(
                    try await transaction.execute(ProxiedDatabase.count, .init()).one { try $0.int(0) } == 1)
            }
            #expect(try await proxied.entries() == [1])
        }
    }

    @Test func aFlightWithCommitIsNeverSentAgain() async throws {
        try await ProxiedDatabase.with { proxied in
            try await proxied.database.transaction {
                _ = try await $0.execute(ProxiedDatabase.count, .init())
            }
            proxied.proxy.judge { message in
                message.direction == .toClient && message.contains("COMMIT") ? .cut(after: 0) : .pass
            }
            await #expect(throws: DatabaseError.outcomeUnknown(statement: "COMMIT")) {
                try await proxied.database.transaction {
                    _ = try await $0.deferred.execute(ProxiedDatabase.insert, ProxiedDatabase.number(1))
                }
            }
            #expect(try await proxied.entries() == [1])
        }
    }

    // MARK: - Stale plans

    @Test func whatWasDeferredIsRepeatedOnFreshPlans() async throws {
        try await withEntries { database, connection, _ in
            try await connection.script(
                "CREATE TABLE names (name varchar(10)); INSERT INTO names VALUES ('a')")
            let read = Statement(name: "names", sql: "SELECT name FROM names", access: .read)
            let touch = Statement(
                name: "touch", sql: "UPDATE names SET name = name RETURNING name", access: .write)
            for (number, isLast) in [(1, false), (2, true)] {
                try await database.transaction {
                    _ = try await $0.execute(read, .init())
                    _ = try await $0.execute(touch, .init())
                }
                try await connection.script(
                    "ALTER TABLE names ALTER COLUMN name TYPE varchar(\(20 + number))")
                try await database.transaction(as: UUID()) { transaction in
                    _ = try await transaction.execute(Self.count, .init())
                    _ = try await transaction.deferred.execute(Self.insert, entry(number))
                    _ = try await transaction.deferred.execute(touch, .init())
                    if !isLast { _ = try await transaction.execute(read, .init()) }
                }
            }
            let stored = try await entries(connection)
            #expect(stored == [1, 2])
        }
    }
}

/// A count that tasks and threads share.
private final class Mutexed: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    /// Whether it was above zero.
    func decrement() -> Bool { count.subtract(1, ordering: .relaxed).oldValue > 0 }
}
