import CompilerTesting
import DatabaseTesting
import Foundation
import Migrations
import SchemaAnalysis
import SwiftGeneration
import Testing

/// What a migration breaks is named before anything runs: by the tool where SQL breaks, by the compiler where
/// Swift does.
struct GeneratorDiagnosticsTests {
    private static let generated = "Packages/Market/Sources/Market/Generated"

    @Test func aRenamedColumnNamesEveryStatementThatBreaks() async throws {
        try await withShop(adding: "ALTER TABLE market.items RENAME COLUMN price TO cost;") { path in
            let before = try Self.text("\(Self.generated)/ItemsQueries.swift", in: path)
            let outcome = try await generate(path)
            let places = outcome.diagnostics.map { "\($0.file):\($0.position.line):\($0.position.column)" }
            let file = "Packages/Market/Queries/items.sql"
            // COPY cannot be pointed into; the others are shown to the letter.
            #expect(places == ["\(file):1:1", "\(file):8:37", "\(file):16:18", "\(file):60:68"])
            for diagnostic in outcome.diagnostics {
                #expect(diagnostic.message.contains(#/column (i\.price|"price")/#))
                #expect(diagnostic.message.contains("does not exist"))
            }
            let after = try Self.text("\(Self.generated)/ItemsQueries.swift", in: path)
            #expect(before == after, "half of a module was generated")
        }
    }

    @Test func swiftThatTookANullableColumnForAValueDoesNotCompile() async throws {
        let use = """
            import DatabaseClient
            func names(_ database: Database) async throws -> [String] {
                try await database.listStock().map { $0.name }
            }
            """
        try await withShop(adding: "ALTER TABLE market.items ALTER COLUMN name DROP NOT NULL;") { path in
            try use.write(toFile: "\(path)/Use.swift", atomically: true, encoding: .utf8)
            let (good, noise) = try await typecheck(path)
            #expect(good, "\(noise)")
            let outcome = try await generate(path)
            #expect(outcome.isClean)
            let (stillGood, words) = try await typecheck(path)
            #expect(!stillGood)
            #expect(words.contains("Use.swift:3:") && words.contains("'String?'"), "\(words)")
        }
    }

    /// A joined row is called as its entity, which is what one writes first.
    @Test func aNestMayHaveTheNameOfItsEntity() async throws {
        let migration = """
            CREATE TABLE market.users (id uuid CONSTRAINT users_pkey PRIMARY KEY);
            ALTER TABLE market.items ADD seller_id uuid CONSTRAINT items_seller_id_fkey REFERENCES market.users;
            """
        let statement = """
            -- name: listSellers :many
            -- nest: user
            SELECT i.seller_id, u.id AS user_id FROM market.items i LEFT JOIN market.users u ON u.id = i.seller_id;
            """
        try await withShop(adding: migration) { path in
            try statement.write(
                toFile: "\(path)/Packages/Market/Queries/sellers.sql", atomically: true, encoding: .utf8)
            let use = """
                import DatabaseClient
                import ExactTypes
                import SharedTypes
                func sellers(_ database: Database) async throws -> [User.ID?] {
                    try await database.listSellers().map { $0.user?.id ?? $0.sellerID }
                }
                """
            try use.write(toFile: "\(path)/Use.swift", atomically: true, encoding: .utf8)
            let outcome = try await generate(path)
            #expect(outcome.isClean, "\(outcome)")
            let (isGood, words) = try await typecheck(path)
            #expect(isGood, "\(words)")
        }
    }

    private func generate(_ path: String) async throws -> RepositoryGeneration.Outcome {
        try await RepositoryGeneration(repository: path)
            .run(server: TestCluster.shared.connectionString(database: "postgres"))
    }

    private static func text(_ file: String, in path: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
    }

    /// A copy of the shop with one migration more.
    private func withShop(adding migration: String, _ body: (String) async throws -> Void) async throws {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("shop-\(UUID().uuidString)")
        let shop = URL(fileURLWithPath: "\(SwiftCompiler.root)/Tests/GeneratedQueriesTests/Shop")
        try FileManager.default.copyItem(at: shop, to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        for (direction, text) in [("up", migration), ("down", "SELECT 1;")] {
            let file = copy.appendingPathComponent("migrations/20260102000000_change.\(direction).sql")
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try await body(copy.path)
    }

    /// The generated code and `Use.swift`.
    private func typecheck(_ path: String) async throws -> (isGood: Bool, words: String) {
        let folder = "\(path)/\(Self.generated)"
        let sources = try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
        let enums = "\(path)/Packages/SharedTypes/Sources/SharedTypes/Generated/Enums.swift"
        return try await SwiftCompiler.typecheck(sources + [enums, "\(path)/Use.swift"])
    }
}
