import DatabaseClient
import EmbeddedPostgres
import Foundation

extension EmbeddedPostgres {
    /// Makes a database with Grove's whole schema, its roles and its grants.
    /// - Returns: a connection to it as the superuser.
    func makeGrove(_ name: String, migrations: String) async throws -> DatabaseConnection {
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        let postgres = try await DatabaseConnection.connect(connectionString())
        try await postgres.script("CREATE DATABASE \(name)")
        // Behind the name may stand that a context is planned.
        let contexts = try text("\(migrations)/contexts").split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.prefix { $0 != " " } }
        for role in contexts.flatMap({ ["\($0)_service", "\($0)_worker"] }) {
            let isThere = try await postgres.query("SELECT FROM pg_roles WHERE rolname = '\(role)'")
            if isThere.rowCount == 0 { try await postgres.script("CREATE ROLE \(role) LOGIN") }
        }
        await postgres.close()
        let owner = try await DatabaseConnection.connect(
            connectionString(database: name), answerLimit: .seconds(3_600))
        try await owner.script("SET check_function_bodies = false;\n" + text("\(migrations)/schema.sql"))
        try await owner.script(text("\(migrations)/grants.sql"))
        return owner
    }
}
