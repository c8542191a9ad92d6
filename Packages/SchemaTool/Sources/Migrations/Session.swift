import DatabaseClient

/// One direct connection of the tool, with the few questions that its parts ask the same way.
struct Session: Sendable {
    let connection: DatabaseConnection

    static let isSuperuser = """
        SELECT CASE WHEN rolsuper THEN 'yes' ELSE 'no' END
        FROM pg_catalog.pg_roles WHERE rolname = current_user
        """

    /// Connects; throws `MigrationError.unreachable` with what to look at when it cannot.
    static func open(_ connectionString: String, applicationName: String) async throws -> Session {
        let connection: DatabaseConnection
        do {
            // An index on a large table takes as long as it takes.
            connection = try await DatabaseConnection.connect(
                connectionString, answerLimit: .seconds(7 * 24 * 3_600))
        } catch {
            throw MigrationError.unreachable(
                "No connection to the database: \(error)\n"
                    + "Check the address, the user and the password in --database-url or DATABASE_URL.")
        }
        let session = Session(connection: connection)
        // Notices of IF EXISTS and IF NOT EXISTS would only be noise.
        try await session.connection.script(
            "SET application_name = \(literal(applicationName)); SET client_min_messages = warning")
        return session
    }

    /// Connects and becomes the owner of the schema; throws `MigrationError.notPermitted` where that is
    /// refused.
    static func openAsOwner(_ connectionString: String, applicationName: String) async throws -> Session {
        let session = try await open(connectionString, applicationName: applicationName)
        do {
            let exists = try await session.texts(
                "SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname = '\(Roles.owner)'")
            guard !exists.isEmpty else {
                throw MigrationError.notPermitted(
                    "The role \(Roles.owner) does not exist yet. Run `schema roles` on this database first.")
            }
            let user = try await session.text("SELECT current_user::text")
            let mayBecome = try await session.text(
                """
                SELECT CASE WHEN pg_has_role(current_user, '\(Roles.owner)', 'MEMBER')
                    THEN 'yes' ELSE 'no' END
                """
            )
            guard mayBecome == "yes" else {
                throw MigrationError.notPermitted(
                    "\(user) may not migrate. Connect as \(Roles.owner), or as a superuser.")
            }
            try await session.connection.script("SET ROLE \(Roles.owner)")
            return session
        } catch {
            await session.connection.close()
            throw error
        }
    }

    /// SQL that makes the owner act until the transaction ends, whoever the statements of a file have become.
    static let becomeOwnerLocally =
        "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE \(Roles.owner); "

    /// Runs `body` and closes the connection on every way out.
    func closing<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        do {
            let value = try await body()
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Runs `body` in a transaction, which it leaves committed, or rolled back when it throws.
    func inTransaction(_ body: () async throws -> Void) async throws {
        try await connection.script("BEGIN")
        do {
            try await body()
            try await connection.script("COMMIT")
        } catch {
            // After a lost connection this fails as well; the first error is the one that tells.
            try? await connection.script("ROLLBACK")
            throw error
        }
    }

    /// The first column of every row, which must be text.
    func texts(_ sql: String) async throws -> [String] {
        try await connection.query(sql).many { try $0.text(0) }
    }

    /// The only value of a query, which must be text.
    func text(_ sql: String) async throws -> String {
        try await connection.query(sql).one { try $0.text(0) }
    }
}
