import DatabaseClient
import EmbeddedPostgres
import EventLog
import Foundation
import GroveTesting
import Logging
import Testing

/// 10,000 transactions, while the processes that live from them are killed each second and the database twice.
@Suite struct EventChaosTests {
    static let people = 20
    static let imports = 10
    static let rows = 50

    @Test func everyEffectHappensOnce() async throws {
        try await ServiceStack.with(durable: true) { stack in
            let writers = [try await stack.start(.users), try await stack.start(.portfolios)]
            let effects = Effects(stack: stack)
            try await effects.insertCatalogue()
            let people = try await withThrowingTaskGroup(of: ChaosPerson.self) { group in
                for number in 0..<Self.people {
                    group.addTask { try await ChaosPerson(number, at: stack) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            let kills = try await withThrowingTaskGroup(of: Int.self) { group in
                let listeners = Listeners(stack: stack)
                group.addTask { try await listeners.killEachSecond() }
                group.addTask { try await killTheDatabaseTwice(stack, effects) }
                try await post(for: people)
                group.cancelAll()
                return try await group.reduce(0, +)
            }
            #expect(kills > 8, "hardly anybody was killed: the drill drilled nothing")
            #expect(
                try await effects.count("portfolios.transactions") == Self.people * Self.imports * Self.rows)

            // All that is there now is what many passes, each cut off somewhere, made of the log.
            let listeners = Listeners(stack: stack)
            try await listeners.run { try await effects.waitUntilAllIsRead() }
            let chaotic = try await effects.everything()
            try await effects.checkFigures()

            try await effects.forget()
            try await listeners.run { try await effects.waitUntilAllIsRead() }
            let calm = try await effects.everything()
            for (table, rows) in calm {
                #expect(!rows.isEmpty, "\(table) has nothing: nothing was compared")
                #expect(chaotic[table] == rows, "\(table) differs from one pass over the log")
            }
            for writer in writers {
                writer.signal(SIGTERM)
                #expect(await writer.exitCode() == 0, "\(writer.output)")
            }
        }
    }

    private func post(for people: [ChaosPerson]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for person in people {
                group.addTask {
                    for number in 0..<Self.imports { try await person.importRows(Self.rows, number: number) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// - Returns: 0, for it counts services.
    private func killTheDatabaseTwice(_ stack: ServiceStack, _ effects: Effects) async throws -> Int {
        let all = Self.people * Self.imports * Self.rows
        for share in [3, 2] {
            while (try? await effects.count("portfolios.transactions")) ?? 0 < all / share {
                guard !Task.isCancelled else {
                    Issue.record("all was posted before the database could be killed")
                    return 0
                }
                try? await Task.sleep(for: .milliseconds(20))
            }
            kill(stack.postgres.processID, SIGKILL)
        }
        return 0
    }
}

/// Two processes of each service that lives from events.
private struct Listeners {
    static let services: [ServiceStack.Service] = [
        .gamification, .gamification, .notifications, .notifications,
    ]
    let stack: ServiceStack

    /// Each second another one of each service, until the task is cancelled.
    /// - Returns: how many were killed.
    func killEachSecond() async throws -> Int {
        var processes = try Self.services.map { try stack.launch($0) }
        var kills = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            for place in [kills / 2 % 2, 2 + kills / 2 % 2] {
                processes[place].signal(SIGKILL)
                _ = await processes[place].exitCode()
                processes[place] = try stack.launch(Self.services[place])
                kills += 1
            }
        }
        for process in processes {
            process.signal(SIGKILL)
            _ = await process.exitCode()
        }
        return kills
    }

    /// Undisturbed, for the length of the body.
    func run(_ body: () async throws -> Void) async throws {
        let processes = try Self.services.map { try stack.launch($0) }
        try await body()
        for process in processes {
            process.signal(SIGTERM)
            #expect(await process.exitCode() == 0, "\(process.output)")
        }
    }
}

/// Somebody with a portfolio, who tries again until there is an answer.
private struct ChaosPerson {
    private let stack: ServiceStack
    private let token: String
    private let portfolio: String

    init(_ number: Int, at stack: ServiceStack) async throws {
        self.stack = stack
        token = try await stack.signUp("chaos\(number)@example.com")
        let created = try await TestClient.shared.send(
            "POST", stack.url(.portfolios, "/v1/portfolios"),
            headers: ["Authorization": "Bearer \(token)", "Idempotency-Key": "portfolio"],
            body: #"{"name": "Chaos", "kind": "brokerage", "base_currency": "USD", "tracks_cash": true}"#)
        guard let id = created.json["id"]?.string else {
            throw ServiceProcess.Failure(description: created.text)
        }
        portfolio = id
    }

    /// A deposit, then purchases and deposits in turn, of a few instruments.
    func importRows(_ rows: Int, number: Int) async throws {
        var lines = ["id,date,type,symbol,quantity,unit_price,amount,fee,currency"]
        for row in 0..<rows {
            let id = "\(number)-\(row)"
            lines.append(
                row.isMultiple(of: 2)
                    ? "\(id),2024-03-0\(1 + row % 9),deposit,,,,\(100 + row).25,0,USD"
                    : "\(id),2024-03-1\(row % 9),buy,SYM\((number + row) % 13),1,\(10 + row % 7).50,,0,USD")
        }
        for _ in 0..<600 {
            let answer = try? await TestClient.shared.send(
                "POST", stack.url(.portfolios, "/v1/portfolios/\(portfolio)/imports"),
                headers: [
                    "Authorization": "Bearer \(token)", "Idempotency-Key": "import-\(number)",
                    "Content-Type": "text/csv",
                ], body: lines.joined(separator: "\n"))
            if let answer, answer.status < 300 { return }
            if let answer, ![409, 503].contains(answer.status) {
                throw ServiceProcess.Failure(description: answer.text)
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ServiceProcess.Failure(description: "import \(number) was never acknowledged")
    }
}

/// What came of the events, read past every policy.
private struct Effects {
    let stack: ServiceStack

    /// What must be equal, without ids and times that each pass makes anew.
    private static let tables = [
        "experience": "SELECT user_id, amount, reason, source_event FROM gamification.experience_entries",
        "levels": "SELECT user_id, level, experience FROM gamification.user_levels",
        "quests": "SELECT user_id, quest_id, period, progress, target, status FROM gamification.user_quests",
        "quest events":
            "SELECT user_id, quest_id, period, source_event, amount FROM gamification.quest_events",
        "achievements": "SELECT user_id, achievement_id, source_event FROM gamification.user_achievements",
        "notifications":
            "SELECT user_id, category, template, title, body, dedupe_key FROM notifications.notifications",
        "deliveries": """
        SELECT n.user_id, n.dedupe_key, d.channel FROM notifications.notifications AS n
        JOIN notifications.notification_deliveries AS d ON (d.user_id, d.notification_id) = (n.user_id, n.id)
        """,
        "events": "SELECT owner_id, type, key FROM platform.events",
    ]

    func query(_ sql: String) async throws -> QueryResult {
        let connection = try await DatabaseConnection.connect(stack.connectionString(user: "postgres"))
        let outcome: Result<QueryResult, any Error>
        do { outcome = .success(try await connection.query(sql)) } catch { outcome = .failure(error) }
        await connection.close()
        return try outcome.get()
    }

    func count(_ table: String) async throws -> Int {
        try await query("SELECT count(*) FROM \(table)")[0].int(0)
    }

    func everything() async throws -> [String: [String]] {
        var everything: [String: [String]] = [:]
        for (name, sql) in Self.tables {
            everything[name] = try await query("SELECT t::text FROM (\(sql)) AS t ORDER BY 1").many {
                try $0.text(0)
            }
        }
        return everything
    }

    func insertCatalogue() async throws {
        _ = try await query(
            """
            WITH quest (code, kind, criteria, target) AS (VALUES
                ('ten_instruments', 'one_time',
                    '{"event": "transaction.posted", "types": ["buy"], "counts": "distinct", "by": "instrument"}', 10),
                ('all_instruments', 'one_time',
                    '{"event": "transaction.posted", "types": ["buy"], "counts": "distinct", "by": "instrument"}', 100),
                ('thousands', 'one_time',
                    '{"event": "transaction.posted", "types": ["deposit"], "counts": "amount", "currency": "USD"}',
                    1000000),
                ('today', 'daily', '{"event": "transaction.posted", "types": ["deposit"], "counts": "each"}', 20),
                ('week', 'weekly', '{"event": "transaction.posted", "types": ["deposit"], "counts": "days"}', 1))
            INSERT INTO gamification.quests (id, code, title, description, kind, category, criteria, target,
                experience_reward, starts_at, status, revision, created_at, updated_at)
            SELECT gen_random_uuid(), code, code, '', kind::gamification.quest_kind, 'saving', criteria::jsonb,
                target, 10, '2020-01-01', 'active', 1, now(), now() FROM quest
            """)
        _ = try await query(
            """
            INSERT INTO gamification.achievements (id, code, title, description, tier, criteria, hidden,
                experience_reward, status, revision, created_at, updated_at)
            VALUES (gen_random_uuid(), 'collector', 'Ten instruments', '', 'gold', '{"quest": "ten_instruments"}',
                false, 500, 'active', 1, now(), now())
            """)
    }

    /// Until the lag of each consumer is zero and nothing is put aside.
    func waitUntilAllIsRead() async throws {
        let worker = Database(
            DatabaseConfiguration(
                connectionString: stack.connectionString(user: "notifications_worker"), maximumConnections: 2),
            logger: Logger(label: "chaos"))
        let log = EventLog(service: worker, worker: worker, logger: Logger(label: "chaos"))
        var states: [ConsumerState] = []
        for _ in 0..<1_200 where states.count < 2 || states.contains(where: { $0.behind + $0.putAside > 0 }) {
            try await Task.sleep(for: .milliseconds(100))
            states = try await log.consumerStates()
        }
        await worker.close()
        let behind = states.filter { $0.behind + $0.putAside > 0 }
        guard states.count >= 2, behind.isEmpty else {
            throw ServiceProcess.Failure(description: "the consumers do not reach the end: \(states)")
        }
    }

    /// What the log says, by another way than the consumers'.
    func checkFigures() async throws {
        let wrong = try await query(
            """
            WITH posted AS (
                SELECT user_id, count(DISTINCT instrument_id) FILTER (WHERE type = 'buy') AS instruments,
                    sum(gross_amount) FILTER (WHERE type = 'deposit') AS deposits
                FROM portfolios.transactions GROUP BY user_id)
            SELECT posted.user_id::text, quest.code FROM posted
            CROSS JOIN gamification.quests AS quest
            LEFT JOIN gamification.user_quests AS way
                ON way.user_id = posted.user_id AND way.quest_id = quest.id AND way.period = 'once'
            WHERE CASE quest.code WHEN 'all_instruments' THEN way.progress IS DISTINCT FROM posted.instruments
                    WHEN 'ten_instruments' THEN way.status IS DISTINCT FROM 'completed'
                    WHEN 'thousands' THEN way.progress IS DISTINCT FROM posted.deposits ELSE false END
            """
        ).many { "\(try $0.text(0)) \(try $0.text(1))" }
        #expect(wrong.isEmpty)
        let levels = try await query(
            """
            SELECT count(*) FROM gamification.user_levels AS level
            WHERE level.experience <> (
                SELECT sum(amount) FROM gamification.experience_entries AS entry WHERE entry.user_id = level.user_id)
            """)[0].int(0)
        #expect(levels == 0, "a level is not the sum of its entries")
    }

    /// The log as the writers made it, and nothing of what came of it.
    func forget() async throws {
        for statement in [
            "TRUNCATE gamification.experience_entries, gamification.user_levels, gamification.user_quests, "
                + "gamification.quest_events, gamification.user_achievements, gamification.user_battle_passes, "
                + "gamification.battle_pass_claims",
            "TRUNCATE notifications.notifications, notifications.notification_deliveries, notifications.recipients, "
                + "notifications.digests",
            "TRUNCATE platform.consumers, platform.consumer_cursors, platform.parked_events",
            "DELETE FROM platform.events WHERE type !~ '^(user|transaction)'",
        ] {
            _ = try await query(statement)
        }
    }
}
