import DatabaseClient
import DatabaseTesting
import Migrations
import Testing

struct RolesTests {
    @Test func makesEveryRoleWithoutPowersAndMayRunAgain() async throws {
        try await withScratch { database in
            try await Fixture.roles.create(connectionString: database.connectionString)
            let roles = try await withConnection(database) { connection in
                try await connection.query(
                    """
                    SELECT rolname::text FROM pg_roles
                    WHERE rolcanlogin AND NOT rolsuper AND NOT rolbypassrls AND NOT rolcreaterole AND NOT rolcreatedb
                    ORDER BY rolname
                    """
                ).many { try $0.text(0) }
            }
            #expect(
                Set(["grove_owner", "users_service", "users_worker", "market_service"]).isSubset(of: roles))
            #expect(Set(Fixture.roles.services).isSubset(of: roles))
        }
    }

    @Test func servicesMayConnectAndMakeNothing() async throws {
        try await withScratch { database in
            try await withConnection(database, as: "market_service") { connection in
                for statement in [
                    "CREATE SCHEMA mine", "CREATE TABLE public.mine ()", "CREATE TEMP TABLE mine ()",
                    "SET ROLE grove_owner",
                ] {
                    let error = await #expect(throws: DatabaseError.self) {
                        try await connection.script(statement)
                    }
                    #expect(error?.sqlState == "42501", "\(statement)")
                }
            }
            try await withConnection(database, as: "grove_owner") { owner in
                try await owner.script(
                    "CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO PUBLIC; "
                        + "CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
            }
            // A new function is nobody's but its owner's.
            try await withConnection(database, as: "market_service") { connection in
                let error = await #expect(throws: DatabaseError.self) {
                    try await connection.script("SELECT s.f()")
                }
                #expect(error?.sqlState == "42501")
            }
        }
    }

    /// What a session starts with that sets nothing itself, as a pooler's.
    @Test func aServicesStatementsEndWithoutASettingOfTheSession() async throws {
        try await withScratch { database in
            for role in ["market_service", "market_worker"] {
                try await withConnection(database, as: role) { connection in
                    let settings = try await connection.query(
                        """
                        SELECT current_setting('statement_timeout') || ' '
                            || current_setting('idle_in_transaction_session_timeout')
                        """
                    ).one { try $0.text(0) }
                    #expect(settings == "30s 1min")
                }
            }
        }
    }

    /// In a cluster that is Grove's alone, as the dev server's.
    @Test func anOwnClusterIsClosedToTheRoles() async throws {
        let cluster = try await TestCluster.dedicated()
        try await cluster.withDatabase(fromTemplate: cluster.template(named: "owned") { _ in }) { name in
            func refused(_ database: String, _ sql: String) async throws -> Bool {
                do {
                    let connection = try await DatabaseConnection.connect(
                        cluster.connectionString(user: "market_service", database: database))
                    defer { Task { await connection.close() } }
                    try await connection.script(sql)
                    return false
                } catch let error as DatabaseError {
                    return error.sqlState == "42501" || "\(error)".contains("permission denied")
                }
            }
            let url = cluster.connectionString(database: name)
            try await Fixture.roles.create(connectionString: url)
            #expect(try await refused(name, "SELECT lo_create(0)"))
            #expect(try await refused(name, "SELECT lo_from_bytea(0, 'x')"))
            #expect(try await !refused("postgres", "SELECT 1"))
            try await Fixture.roles.create(connectionString: url, ownsCluster: true)
            #expect(try await refused("postgres", "SELECT 1"))
            #expect(try await refused("template1", "SELECT 1"))
            #expect(try await !refused(name, "SELECT 1"))
        }
    }

    @Test func manyRunsAtOnceAllSucceed() async throws {
        try await withScratch { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await Fixture.roles.create(connectionString: database.connectionString)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func setsPasswordsFromTheEnvironment() async throws {
        try await withScratch { database in
            let lines = Lines()
            try await Fixture.roles.create(
                connectionString: database.connectionString,
                environment: ["MARKET_WORKER_PASSWORD": #"it's a \ secret"#],
                progress: { line in lines.add(line) })
            let isSet = try await withConnection(database) { connection in
                try await connection.query(
                    "SELECT rolpassword IS NOT NULL FROM pg_authid WHERE rolname = 'market_worker'"
                ).one { try $0.bool(0) }
            }
            #expect(isSet)
            #expect(!lines.all.contains { $0.contains("secret") })
        }
    }
}
