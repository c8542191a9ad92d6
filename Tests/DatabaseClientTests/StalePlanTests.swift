import DatabaseClient
import Foundation
import Testing

/// A column changes its type under statements that a warm pool has prepared ("cached plan must not change result type").
struct StalePlanTests {
    private static let rename = Statement(
        name: "rename", sql: "UPDATE profiles SET name = $2 WHERE id = $1 RETURNING name", access: .write)

    private func parameters(_ id: Int, _ name: String) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int4: id)
        parameters.append(text: name)
        return parameters
    }

    /// A pool of twelve connections for transactions.
    private func withProfiles(_ body: (Database, DatabaseConnection) async throws -> Void) async throws {
        try await withDatabase(maximumConnections: 14) { database, connection in
            try await connection.script(
                """
                CREATE TABLE profiles (id int PRIMARY KEY, name varchar(80) NOT NULL);
                INSERT INTO profiles SELECT n, 'old' FROM generate_series(1, 12) AS n;
                CREATE TABLE visits (id int PRIMARY KEY);
                """)
            try await body(database, connection)
            #expect(database.usage == (0, 0), "a connection leaked")
        }
    }

    /// Each transaction holds its connection while the next one runs, so that there are as many.
    private func warm(_ database: Database, _ count: Int) async throws {
        guard count > 0 else { return }
        try await database.transaction { transaction in
            _ = try await transaction.execute(Self.rename, parameters(count, "warm"))
            try await warm(database, count - 1)
        }
    }

    private let change = "ALTER TABLE profiles ALTER COLUMN name TYPE varchar(300)"

    private func names(_ connection: DatabaseConnection) async throws -> [String] {
        try await connection.query("SELECT name::text FROM profiles ORDER BY id").many { try $0.text(0) }
    }

    /// SeaQL/sea-orm#1162: twelve at once after the change, and all of them succeed.
    @Test func transactionsThatHaveDoneNothingYetAreBegunAnew() async throws {
        try await withProfiles { database, connection in
            try await warm(database, 12)
            try await connection.script(change)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...12 {
                    group.addTask {
                        try await database.transaction(as: UUID()) {
                            _ = try await $0.execute(Self.rename, parameters(id, "new"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await names(connection)
            #expect(stored == Array(repeating: "new", count: 12))
        }
    }

    /// One statement by itself, as a user, and several in one flight.
    @Test(arguments: ["alone", "as a user", "batch"])
    func singleStatementsAreSentAgain(_ way: String) async throws {
        try await withProfiles { database, connection in
            let user = UUID()
            @Sendable func run(_ id: Int) async throws {
                switch way {
                case "alone": _ = try await database.execute(Self.rename, parameters(id, "new"))
                case "as a user":
                    _ = try await database.acting(as: user).execute(Self.rename, parameters(id, "new"))
                default:
                    _ = try await database.batch(
                        [(Self.rename, parameters(id, "between")), (Self.rename, parameters(id, "new"))],
                        as: user)
                }
            }
            for id in 1...12 { try await run(id) }
            try await connection.script("UPDATE profiles SET name = 'old'; \(change)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...12 { group.addTask { try await run(id) } }
                try await group.waitForAll()
            }
            let stored = try await names(connection)
            #expect(stored == Array(repeating: "new", count: 12))
        }
    }

    private static let state = Statement(
        name: "state",
        sql: "SELECT current_setting('app.user_id') || ' ' || current_setting('transaction_isolation')",
        access: .read)
    private static let add = Statement(
        name: "add", sql: "INSERT INTO profiles VALUES ($1, $2)", access: .write)
    private static let count = Statement(name: "count", sql: "SELECT count(*) FROM visits", access: .read)

    /// What came before, reads and writes, is there once; user, isolation and later users stay.
    @Test func whatCameBeforeIsRepeatedAsTheSameUser() async throws {
        try await withProfiles { database, connection in
            let (first, second) = (UUID(), UUID())
            try await warm(database, 12)
            try await connection.script(change)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...12 {
                    group.addTask {
                        try await database.transaction(as: first, isolation: .repeatableRead) { transaction in
                            func acting() async throws -> String {
                                try await transaction.execute(Self.state, Parameters()).one { try $0.text(0) }
                            }
                            #expect(try await acting() == "\(first.uuidString.lowercased()) repeatable read")
                            _ = try await transaction.execute(Self.add, parameters(100 + id, "added"))
                            try await transaction.act(as: second)
                            _ = try await transaction.execute(Self.rename, parameters(id, "new"))
                            #expect(try await acting() == "\(second.uuidString.lowercased()) repeatable read")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await names(connection)
            #expect(
                stored == Array(repeating: "new", count: 12) + Array(repeating: "added", count: 12))
        }
    }

    /// Nothing is kept, and the caller is told why; with `retries:` the whole is run again, on one warm connection
    /// after the other.
    @Test(arguments: [0, 12]) func whatCannotBeRepeatedIsAStalePlan(_ retries: Int) async throws {
        try await withProfiles { database, connection in
            try await warm(database, 12)
            try await connection.script(change)
            var failures = 0
            for id in 1...12 {
                do {
                    try await database.transaction(retries: retries) { transaction in
                        try await transaction.savepoint {
                            _ = try await transaction.execute(Self.add, parameters(100 + id, "added"))
                        }
                        _ = try await transaction.execute(Self.rename, parameters(id, "new"))
                    }
                } catch DatabaseError.stalePlan(let statement) {
                    #expect(statement == "rename")
                    failures += 1
                }
            }
            let stored = try await names(connection)
            #expect(stored.count { $0 == "added" } == 12 - failures)
            #expect(stored.count { $0 == "new" } == 12 - failures)
            #expect((failures > 0) == (retries == 0))
        }
    }

    /// An answer that would be another one now must not pass for the one that the caller has.
    @Test func anAnswerThatHasChangedIsAStalePlan() async throws {
        try await withProfiles { database, connection in
            try await warm(database, 12)
            await #expect(throws: DatabaseError.stalePlan(statement: "rename")) {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.count, Parameters())
                    try await connection.script("INSERT INTO visits VALUES (1); \(change)")
                    _ = try await transaction.execute(Self.rename, parameters(1, "new"))
                }
            }
        }
    }
}
