import DatabaseClient
import Foundation

/// A database of the tool's own on a server where it may make one: the shadow that is migrated, read and
/// dropped.
public struct ScratchDatabase: Sendable {
    public let name: String
    public let connectionString: String
    private let server: String

    static let prefix = "grove_scratch_"

    /// Makes an empty database next to the one that `server` names, which it leaves alone; where that is a
    /// `ShadowTemplate`, a copy of it.
    public static func create(server: String) async throws -> ScratchDatabase {
        let name = prefix + UUID().uuidString.lowercased().prefix(8)
        let session = try await Session.open(server, applicationName: "schema scratch")
        try await session.closing {
            let here = try await session.text("SELECT current_database()::text")
            let template = here.hasPrefix(ShadowTemplate.prefix) ? here : "template0 ENCODING 'UTF8'"
            try await session.whenUnused {
                try await session.connection.script("CREATE DATABASE \(name) TEMPLATE \(template)")
            }
        }
        let database = ScratchDatabase(
            name: name, connectionString: Migrations.connectionString(server, withDatabase: name),
            server: server)
        do {
            try await database.requireItself()
        } catch {
            try? await database.drop()
            throw error
        }
        return database
    }

    /// What is done to a scratch database would ruin another, so the server itself says where the
    /// address leads.
    private func requireItself() async throws {
        let session = try await Session.open(connectionString, applicationName: "schema scratch")
        let actual = try await session.closing { try await session.text("SELECT current_database()::text") }
        guard actual == name else {
            throw MigrationError.notPermitted(
                "The shadow's address leads to the database \(actual) whatever is put for its name.")
        }
    }

    /// Drops it, whoever is still connected.
    public func drop() async throws {
        let session = try await Session.open(server, applicationName: "schema scratch")
        try await session.closing {
            try await session.connection.script("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        }
    }

    /// Makes one, runs `body` on it and drops it on every way out.
    public static func with<T: Sendable>(
        server: String, _ body: (ScratchDatabase) async throws -> T
    ) async throws -> T {
        let database = try await create(server: server)
        do {
            let value = try await body(database)
            try await database.drop()
            return value
        } catch {
            // The body's error is the one that tells; a database left behind has a name that says what it is.
            try? await database.drop()
            throw error
        }
    }
}
