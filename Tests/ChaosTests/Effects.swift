import DatabaseClient
import EmbeddedPostgres
import EventLog
import Foundation
import GroveTesting
import Logging
import Testing

/// What came of the events, read past every policy.
struct Effects {
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
        UNION ALL
        SELECT n.user_id, n.dedupe_key, 'webhook' FROM notifications.notifications AS n
        JOIN notifications.webhook_deliveries AS d ON (d.user_id, d.notification_id) = (n.user_id, n.id)
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
        // What a person made up would count for nothing.
        _ = try await query(
            """
            INSERT INTO market.instruments (
                id, source, exchange, symbol, name, class, currency, revision, created_at, updated_at)
            SELECT gen_random_uuid(), 'MANUAL', '', 'SYM' || number, 'SYM' || number, 'equity', 'USD', 1, now(), now()
            FROM generate_series(0, 12) AS number
            """)
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

    /// Until nothing is on its way any more: what a killed sender had leased goes again after a minute and a half.
    func waitUntilAllIsSent() async throws {
        for _ in 0..<2_400 {
            let open =
                try await count(
                    "notifications.notification_deliveries WHERE status IN ('pending', 'deferred')")
                + count("notifications.webhook_deliveries WHERE status IN ('pending', 'deferred')")
            if open == 0 { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ServiceProcess.Failure(description: "messages are still on their way")
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
            "TRUNCATE gamification.experience_entries, gamification.experience_facts, gamification.user_levels, gamification.user_quests, "
                + "gamification.quest_events, gamification.user_achievements, gamification.user_battle_passes, "
                + "gamification.battle_pass_claims",
            "TRUNCATE notifications.notifications, notifications.notification_deliveries, "
                + "notifications.webhook_deliveries, notifications.recipients, "
                + "notifications.digests",
            "TRUNCATE platform.consumers, platform.consumer_cursors, platform.parked_events",
            "DELETE FROM platform.events WHERE type !~ '^(user|transaction)'",
        ] {
            _ = try await query(statement)
        }
    }
}
