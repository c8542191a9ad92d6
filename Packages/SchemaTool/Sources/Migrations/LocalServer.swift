import DatabaseClient

/// A server of one's own, as an embedded one, on which a program may make its database.
public enum LocalServer {
    /// Makes the database unless it is there.
    ///
    /// - Parameters:
    ///   - name: the database's name.
    ///   - server: of a superuser, to any database of the server.
    public static func createDatabaseIfMissing(_ name: String, server: String) async throws {
        let session = try await Session.open(server, applicationName: "create database")
        try await session.closing {
            // Of two that begin at once the second finds the database made. The lock goes with the session.
            try await session.connection.script("SELECT pg_advisory_lock(\(lockKey))")
            let known = "SELECT datname::text FROM pg_catalog.pg_database WHERE datname = \(literal(name))"
            guard try await session.texts(known).isEmpty else { return }
            try await session.connection.script("CREATE DATABASE \(quoted(name))")
        }
    }

    /// Any number that no other program uses; "local" in ASCII.
    private static let lockKey = 0x6C_6F63_616C
}
