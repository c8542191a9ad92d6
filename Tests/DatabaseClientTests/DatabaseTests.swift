import Foundation
import Logging
import Testing

@testable import DatabaseClient

/// Single statements on the shared, pipelined connections.
@Suite struct DatabaseTests {
    @Test func aStatementIsPreparedOnceOnEachConnection() async throws {
        try await withDatabase { database, _ in
            let prepared = Statement(
                name: "prepared",
                sql: "SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'marker one'",
                access: .read)
            let marked = Statement(name: "marked", sql: "SELECT 1 /* marker one */", access: .read)
            // Until the second connection is open, the first serves alone.
            for _ in 0..<40 {
                _ = try await database.execute(marked, .init())
                try await Task.sleep(for: .milliseconds(5))
            }
            for _ in 0..<2 {
                // The counting statement mentions the marker itself.
                let count = try await database.execute(prepared, .init()).one { try $0.int(0) }
                #expect(count == 2)
            }
        }
    }

    /// Some come while the first connection opens, some just as it is there: nobody waits for what has happened.
    @Test(.timeLimit(.minutes(1))) func theFirstOfManyCallersAllFindAConnection() async throws {
        try await withDatabase { database, _ in
            let one = Statement(name: "one", sql: "SELECT 1", access: .read)
            for _ in 0..<200 {
                let fresh = Database(database.configuration, logger: Logger(label: "test"))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<64 {
                        group.addTask {
                            // As long as it takes to connect, and a little more.
                            try await Task.sleep(for: .microseconds(caller * 150))
                            _ = try await fresh.execute(one, .init())
                        }
                    }
                    try await group.waitForAll()
                }
                await fresh.close()
            }
        }
    }

    /// Where a failing statement is not closed by a Sync ahead of COMMIT, the next caller gets 25P02.
    @Test(arguments: [StatementBlock.implicit, .explicit])
    func oneFailureDoesNotTouchItsNeighboursInThePipeline(_ block: StatementBlock) async throws {
        try await withDatabase(statementBlock: block) { database, connection in
            try await connection.script("CREATE TABLE quotients (value int)")
            let store = Statement(
                name: "store", sql: "INSERT INTO quotients VALUES (100 / $1::int4)", access: .write)
            let divide = Statement(name: "divide", sql: "SELECT 100 / $1::int4", access: .read)
            let outcomes = try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
                for index in 0..<400 {
                    group.addTask {
                        var parameters = Parameters()
                        try parameters.append(int4: index % 5)
                        do {
                            let executor: any QueryExecutor =
                                index.isMultiple(of: 4) ? database : database.acting(as: UUID())
                            if index.isMultiple(of: 3) { _ = try await executor.execute(store, parameters) }
                            return (
                                index, try await executor.execute(divide, parameters).one { try $0.int(0) }
                            )
                        } catch let error as DatabaseError where error.sqlState == "22012" {
                            return (index, nil)
                        }
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = .some($1.1) }
            }
            for index in 0..<400 {
                #expect(outcomes[index] == .some(index % 5 == 0 ? nil : 100 / (index % 5)))
            }
            let stored = try await connection.query("SELECT count(*) FROM quotients").one { try $0.int(0) }
            #expect(stored == (0..<400).count { $0 % 3 == 0 && $0 % 5 != 0 })
        }
    }

    @Test func theActingUserHoldsForExactlyOneStatement() async throws {
        try await withDatabase { database, _ in
            let who = Statement(
                name: "who",
                sql: "SELECT coalesce(nullif(current_setting('app.user_id', true), ''), 'nobody')",
                access: .read)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<300 {
                    group.addTask {
                        if index.isMultiple(of: 3) {
                            #expect(
                                try await database.execute(who, .init()).one { try $0.text(0) } == "nobody")
                        } else {
                            let user = UUID()
                            let seen = try await database.acting(as: user).execute(who, .init()).one {
                                try $0.text(0)
                            }
                            #expect(UUID(uuidString: seen) == user)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func theConstraintComesBackByName() async throws {
        try await withDatabase { database, connection in
            try await connection.script(
                "CREATE TABLE coins (id int CONSTRAINT coins_pkey PRIMARY KEY, worth int CONSTRAINT coins_worth_check CHECK (worth > 0))"
            )
            let insert = Statement(name: "insert", sql: "INSERT INTO coins VALUES ($1, $2)", access: .write)
            func add(_ id: Int, _ worth: Int) async throws {
                var parameters = Parameters()
                try parameters.append(int4: id)
                try parameters.append(int4: worth)
                #expect(try await database.execute(insert, parameters).affectedRows == 1)
            }
            try await add(1, 1)
            await #expect { try await add(1, 1) } throws: {
                ($0 as? DatabaseError)?.uniqueViolation == "coins_pkey"
            }
            await #expect { try await add(2, 0) } throws: {
                ($0 as? DatabaseError)?.checkViolation == "coins_worth_check"
            }
        }
    }

    @Test func aReadSurvivesTheLossOfItsConnection() async throws {
        try await withDatabase { database, connection in
            let read = Statement(name: "read", sql: "SELECT 7", access: .read)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<300 {
                            let seven = try await database.execute(read, .init()).one { try $0.int(0) }
                            #expect(seven == 7)
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<4 {
                        try await Task.sleep(for: .milliseconds(15))
                        try await terminateOthers(connection)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aWriteWhoseAnswerIsLostIsNeverSentAgain() async throws {
        try await withDatabase { database, connection in
            try await connection.script("CREATE TABLE marks (at timestamptz)")
            let write = Statement(
                name: "mark",
                sql: "WITH m AS (INSERT INTO marks VALUES (now()) RETURNING at) SELECT pg_sleep(5) FROM m",
                access: .write)
            let outcome = Task { try await database.execute(write, .init()) }
            try await waitUntil(connection, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            try await terminateOthers(connection)
            await #expect(throws: DatabaseError.outcomeUnknown(statement: "mark")) {
                _ = try await outcome.value
            }
            let count = try await connection.query("SELECT count(*) FROM marks")[0].int(0)
            #expect(count == 0)
        }
    }

    @Test func aCancelledCallerLeavesTheSharedConnectionInOrder() async throws {
        try await withDatabase { database, connection in
            let sleep = Statement(name: "sleep", sql: "SELECT pg_sleep(4)", access: .read)
            let read = Statement(name: "read", sql: "SELECT $1::int4", access: .read)
            let sleeping = Task { try await database.execute(sleep, .init()) }
            try await waitUntil(connection, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            sleeping.cancel()
            await #expect(throws: CancellationError.self) { _ = try await sleeping.value }
            // Those behind it in the pipeline still get their own answers.
            for index in 0..<20 {
                var parameters = Parameters()
                try parameters.append(int4: index)
                #expect(try await database.execute(read, parameters).one { try $0.int(0) } == index)
            }
        }
    }

    /// Preparations are not undone with their flight: what was prepared before the one that failed still is.
    @Test func aStatementThatCannotBePreparedLeavesTheOthersInOrder() async throws {
        try await withDatabase { database, _ in
            let broken = Statement(name: "broken", sql: "SELECT * FROM missing", access: .read)
            let sound = Statement(name: "sound", sql: "SELECT 7", access: .read)
            for _ in 0..<6 {
                await #expect {
                    try await database.acting(as: UUID()).execute(broken, .init())
                } throws: {
                    ($0 as? DatabaseError)?.sqlState == "42P01"
                }
                let seven = try await database.acting(as: UUID()).execute(sound, .init()).one {
                    try $0.int(0)
                }
                #expect(seven == 7)
            }
        }
    }

    @Test func aChangedTableGetsAFreshPlan() async throws {
        try await withDatabase { database, connection in
            try await connection.script("CREATE TABLE shapes (a int); INSERT INTO shapes VALUES (1)")
            let read = Statement(name: "shapes", sql: "SELECT * FROM shapes", access: .read)
            for _ in 0..<4 { #expect(try await database.execute(read, .init())[0].result.columnCount == 1) }
            try await connection.script("ALTER TABLE shapes ADD b int")
            for _ in 0..<4 { #expect(try await database.execute(read, .init())[0].result.columnCount == 2) }
        }
    }

    @Test func anUnreachableServerIsNamedAndNothingHangs() async throws {
        let database = Database(
            DatabaseConfiguration(
                connectionString: "host=/nonexistent user=nobody", acquireTimeout: .milliseconds(300)),
            logger: .init(label: "test"))
        await #expect { try await database.ping() } throws: { "\($0)".contains("/nonexistent") }
        await #expect { try await database.transaction { _ in } } throws: { "\($0)".contains("/nonexistent") }
        await database.close()
    }
}
