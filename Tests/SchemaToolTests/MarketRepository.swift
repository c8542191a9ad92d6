import Foundation
import Migrations
import SchemaAnalysis
import SwiftGeneration

/// A small repository with one context, Market, made of a schema and statements.
enum MarketRepository {
    static let migration = "migrations/20260101000000_shop.up.sql"

    /// Generates; `body` may read what was written.
    static func generate<T>(
        _ schema: String, queries: [String: String] = [:],
        _ body: (RepositoryGeneration.Outcome, String) throws -> T
    ) async throws -> T {
        var files = [
            migration: "CREATE SCHEMA market;\n\(schema)",
            "migrations/20260101000000_shop.down.sql": "DROP SCHEMA market CASCADE;",
            "migrations/contexts": "market\n",
            "Packages/SharedTypes/README.md": "",
        ]
        for (name, text) in queries { files["Packages/Market/Queries/\(name).sql"] = text }
        return try await withFolder(files) { path in
            let server = try await TestServer.shared.url()
            return try body(try await RepositoryGeneration(repository: path).run(server: server), path)
        }
    }
}
