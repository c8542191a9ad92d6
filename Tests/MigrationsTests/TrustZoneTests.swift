import DatabaseClient
import DatabaseTesting
import Foundation
import GroveTesting
import Migrations
import Testing

/// What one context's role may do with the tables that all of them share, tried as each role.
@Suite struct TrustZoneTests {
    private static let contexts = Repository.contexts
    private static let senders = Repository.types("sent by")
    private static let readers = Repository.types("heard by")

    /// What is there before: each context's consumer with a cursor, an event of each type, something put aside and a job.
    private static let scene = """
        INSERT INTO platform.consumers
        SELECT c || '.work', 1, NULL, now(), now() FROM unnest('{\(contexts.joined(separator: ","))}'::text[]) c;
        INSERT INTO platform.consumer_cursors SELECT name, 0, 0, 0, -1, 0, now(), now() FROM platform.consumers;
        INSERT INTO platform.events
        SELECT gen_random_uuid(), u.id, 1, 1, row_number() OVER (), t, 1, 'k', '{"secret": 1}', NULL, now(), now()
        FROM users.users u, unnest('{\(senders.keys.joined(separator: ","))}'::text[]) t;
        INSERT INTO platform.parked_events
        SELECT c.name, e.id, e.owner_id, 1, 1, 1, 'parked', 1, 'error', NULL, NULL, NULL, NULL, now(), now()
        FROM platform.consumers c, (SELECT * FROM platform.events LIMIT 1) e;
        INSERT INTO platform.jobs
        SELECT gen_random_uuid(), NULL, c.name, '1', '{}', 'succeeded', now(), 1, 1, NULL, NULL, now(), NULL, now(), now()
        FROM platform.consumers c;
        """

    private struct Scene {
        let test: TestDatabase
        let user: String
    }

    private func with(
        _ role: String, _ body: (Scene, DatabaseConnection) async throws -> Void
    ) async throws {
        try await withTestDatabase { test in
            let user = try await test.makeUser()
            try await test.owner.script(Self.scene)
            let connection = try await DatabaseConnection.connect(test.connectionString(role: role))
            try await body(Scene(test: test, user: "\(user)"), connection)
            await connection.close()
        }
    }

    /// Runs in a transaction that is undone, as whichever user.
    /// - Returns: how many rows it touched, or the error's code.
    private func attempt(
        _ sql: String, as user: String, on connection: DatabaseConnection
    ) async throws -> String {
        try await connection.script("BEGIN; SELECT app.act_as('\(user)')")
        let outcome: String
        do { outcome = "\(try await connection.query(sql).affectedRows)" } catch let error as DatabaseError {
            outcome = error.sqlState ?? "\(error)"
        }
        try await connection.script("ROLLBACK")
        return outcome
    }

    private static func append(_ type: String, _ user: String, epoch: String = "1", number: String? = nil)
        -> String
    {
        """
        INSERT INTO platform.events (
            id, owner_id, epoch, transaction_number, position, type, version, key, payload, occurred_at, created_at)
        VALUES (gen_random_uuid(), '\(user)', \(epoch), \(number ?? "pg_current_xact_id()::text::bigint"), 0, '\(type)', 1,
            'forged', '{}', now(), now())
        """
    }

    @Test(arguments: contexts) func aServiceAppendsItsOwnEventsAlone(_ context: String) async throws {
        try await with("\(context)_service") { scene, connection in
            for (type, senders) in Self.senders {
                let outcome = try await attempt(
                    Self.append(type, scene.user), as: scene.user, on: connection)
                #expect(outcome == (senders.contains(context) ? "1" : "42501"), "\(type)")
            }
            let unknown = try await attempt(
                Self.append("user.crowned", scene.user), as: scene.user, on: connection)
            #expect(unknown == "42501")
            guard let own = Self.senders.first(where: { $0.value.contains(context) })?.key else { return }
            // At another's place, or in an epoch to come, which would carry every cursor past what follows.
            let place = try await attempt(
                Self.append(own, scene.user, number: "1"), as: scene.user, on: connection)
            #expect(place == "42501")
            let epoch = try await attempt(
                Self.append(own, scene.user, epoch: "2"), as: scene.user, on: connection)
            #expect(epoch == "23503")
        }
    }

    @Test(arguments: contexts) func aServiceMovesItsOwnConsumersAlone(_ context: String) async throws {
        try await with("\(context)_service") { scene, connection in
            func tried(_ sql: String) async throws -> String {
                try await attempt(sql, as: scene.user, on: connection)
            }
            // Of ten contexts' rows each meets one.
            #expect(try await tried("UPDATE platform.consumers SET paused_at = now()") == "1")
            #expect(try await tried("UPDATE platform.consumer_cursors SET position = 7") == "1")
            #expect(try await tried("UPDATE platform.parked_events SET attempts = 9") == "1")
            #expect(try await tried("DELETE FROM platform.parked_events") == "1")
            #expect(try await tried("UPDATE platform.jobs SET updated_at = now()") == "1")
            #expect(try await tried("DELETE FROM platform.jobs") == "1")
            #expect(try await tried("DELETE FROM platform.consumers") == "42501")
            #expect(try await tried("DELETE FROM platform.consumer_cursors") == "42501")
            #expect(try await tried("DELETE FROM platform.events") == "42501")
            #expect(try await tried("UPDATE platform.events SET payload = '{}'") == "42501")
            #expect(
                try await tried("INSERT INTO platform.event_epochs VALUES (2, 'forged', now())") == "42501")
            for other in Self.contexts {
                let isOwn = other == context
                let made = try await tried(
                    """
                    INSERT INTO platform.consumers (name, partitions, created_at, updated_at)
                    VALUES ('\(other).new', 1, now(), now())
                    """)
                #expect(made == (isOwn ? "1" : "42501"))
                let placed = try await tried(
                    """
                    INSERT INTO platform.consumer_cursors (
                        consumer, partition, epoch, transaction_number, position, handled, created_at, updated_at)
                    VALUES ('\(other).work', 1, 0, 0, 0, 0, now(), now())
                    """)
                #expect(placed == (isOwn ? "1" : "42501"))
                let put = try await tried(
                    """
                    INSERT INTO platform.parked_events (
                        consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error,
                        created_at, updated_at)
                    SELECT '\(other).work', id, owner_id, 1, 1, 1, 'parked', 1, 'error', now(), now()
                    FROM platform.events WHERE id NOT IN (SELECT event_id FROM platform.parked_events) LIMIT 1
                    """)
                #expect(put == (isOwn ? "1" : "42501"))
                let scheduled = try await tried(
                    """
                    INSERT INTO platform.jobs (
                        id, type, key, payload, status, run_at, attempts, maximum_attempts, created_at, updated_at)
                    VALUES (gen_random_uuid(), '\(other).new', '1', '{}', 'scheduled', now(), 0, 1, now(), now())
                    """)
                #expect(scheduled == (isOwn ? "1" : "42501"))
            }
            // How far the others are, every service sees.
            let seen = try await connection.query("SELECT consumer FROM platform.consumer_cursors").rowCount
            #expect(seen == Self.contexts.count)
        }
    }

    @Test(arguments: contexts) func payloadsAreReadByWhoHandlesThem(_ context: String) async throws {
        try await with("\(context)_worker") { scene, connection in
            let places = try await connection.query("SELECT type FROM platform.events WHERE position >= 0")
                .rowCount
            #expect(places == Self.senders.count)
            for role in ["\(context)_worker", "\(context)_service"] {
                let direct = try await DatabaseConnection.connect(scene.test.connectionString(role: role))
                let outcome = try await attempt(
                    "SELECT payload FROM platform.events", as: scene.user, on: direct)
                #expect(outcome == "42501")
                await direct.close()
            }
            let read = try await connection.query(
                """
                SELECT e.type FROM platform.events e
                JOIN platform.read_payloads(ARRAY(SELECT id FROM platform.events)) p ON p.event_id = e.id
                WHERE p.payload IS NOT NULL
                """
            ).many { try $0.text(0) }
            #expect(Set(read) == Set(Self.readers.filter { $0.value.contains(context) }.keys))
        }
    }

    @Test(arguments: contexts) func nothingIsRemovedThatSomebodyNeeds(_ context: String) async throws {
        try await with("\(context)_worker") { scene, connection in
            func removed() async throws -> Int {
                try await connection.query(
                    "SELECT platform.remove_old_events('infinity', 1000)::int8"
                ).one { try $0.int(0) }
            }
            try await scene.test.owner.script(
                "UPDATE platform.events SET created_at = now() - interval '2 days'")
            let unread = try await removed()
            #expect(unread == 0)
            try await scene.test.owner.script(
                """
                UPDATE platform.consumer_cursors SET epoch = 1, transaction_number = 2;
                UPDATE platform.events SET created_at = now() WHERE type = 'user.closed';
                """)
            // Neither the one that is put aside, nor the young one.
            let read = try await removed()
            #expect(read == Self.senders.count - 2)
        }
    }

    /// A later context needs nothing in the migrations: its roles' names say what they may move.
    @Test func aLaterContextIsBoundBySameRules() async throws {
        try await withTestDatabase(on: try await TestCluster.dedicated()) { test in
            let user = try await test.makeUser()
            try await test.owner.script(
                """
                CREATE ROLE dividends_service LOGIN;
                GRANT USAGE ON SCHEMA app, platform TO dividends_service;
                GRANT EXECUTE ON FUNCTION app.act_as, app.current_user_id TO dividends_service;
                GRANT SELECT, INSERT, UPDATE ON platform.consumers TO dividends_service;
                GRANT SELECT, INSERT ON platform.event_epochs, platform.events TO dividends_service;
                SELECT platform.let_append('dividends_service', '{dividend.paid}');
                """)
            let connection = try await DatabaseConnection.connect(
                test.connectionString(role: "dividends_service"))
            for (context, outcome) in [("dividends", "1"), ("loans", "42501")] {
                let made = try await attempt(
                    """
                    INSERT INTO platform.consumers (name, partitions, created_at, updated_at)
                    VALUES ('\(context).new', 1, now(), now())
                    """, as: "\(user)", on: connection)
                #expect(made == outcome)
            }
            for (type, outcome) in [("dividend.paid", "1"), ("user.closed", "42501")] {
                let appended = try await attempt(
                    Self.append(type, "\(user)"), as: "\(user)", on: connection)
                #expect(appended == outcome)
            }
            await connection.close()
        }
    }

    /// During a rollout the old program still appends what it did.
    @Test func whileRightsAreKeptNoneIsTakenAway() async throws {
        try await withTestDatabase { test in
            func types() async throws -> String {
                try await test.owner.query(
                    """
                    SELECT with_check || (SELECT string_agg(type, ',' ORDER BY type) FROM platform.payload_readers
                        WHERE role = 'users_worker')
                    FROM pg_policies WHERE policyname = 'granted_append_users_service'
                    """
                ).one { try $0.text(0) }
            }
            try await test.owner.script(
                """
                SELECT platform.let_append('users_service', '{user.a}');
                SELECT platform.let_read('users_worker', '{user.a}');
                SET grove.grants = 'add';
                SELECT platform.let_append('users_service', '{user.b}');
                SELECT platform.let_read('users_worker', '{user.b}');
                RESET grove.grants;
                """)
            let kept = try await types()
            #expect(kept == "(type = ANY ('{user.a,user.b}'::text[]))user.a,user.b")
            try await test.owner.script(
                """
                SELECT platform.let_append('users_service', '{user.b}');
                SELECT platform.let_read('users_worker', '{user.b}');
                """)
            let narrowed = try await types()
            #expect(narrowed == "(type = ANY ('{user.b}'::text[]))user.b")
        }
    }
}

extension Repository {
    fileprivate static let contexts = (try? migrations.roles.served) ?? []

    /// A column of the catalogue of events: contexts by type.
    fileprivate static func types(_ column: String) -> [String: Set<String>] {
        let file = root.appending(path: "Packages/EventLog/EVENTS.md").path
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        var types: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| [`") {
            let cells = line.split(separator: "|").map(String.init)
            guard cells.count == 4, let type = cells[0].firstMatch(of: /`([a-z_.]+)`/) else { continue }
            let words = cells[column == "sent by" ? 2 : 3].matches(of: /\w+/).map { $0.0.lowercased() }
            types[String(type.1)] = Set(words)
        }
        return types
    }
}
