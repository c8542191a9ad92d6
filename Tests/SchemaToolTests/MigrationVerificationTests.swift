import Migrations
import Testing

struct MigrationVerificationTests {
    private func verify(_ files: [String: String]) async throws {
        let server = try await TestServer.shared.url()
        try await withFolder(files) { path in
            try await MigrationVerification(server: server, folder: try MigrationFolder(path: path)).run()
        }
    }

    @Test func passesWhereEveryWayBackRestores() async throws { try await verify(twoMigrations) }

    @Test func goesBackOnlyToWhatIsIrreversible() async throws {
        var files = twoMigrations
        files["20260101000000_shop.down.sql"] = "-- irreversible: it is the ground"
        try await verify(files)
    }

    @Test(
        arguments: [
            ("20260102000000_prices.down.sql", "-- Forgot it.", "left over:     price numeric(38,18)"),
            (
                "20260102000000_prices.down.sql",
                "ALTER TABLE shop.items DROP COLUMN price, DROP CONSTRAINT items_pkey;",
                "missing:     ADD CONSTRAINT items_pkey PRIMARY KEY (id);"
            ),
            // Owners and rights belong to the catalog too.
            (
                "20260102000000_prices.down.sql",
                "ALTER TABLE shop.items DROP COLUMN price; GRANT SELECT ON shop.items TO market_service;",
                "left over: GRANT SELECT ON TABLE shop.items TO market_service;"
            ),
        ])
    func namesWhatAWayBackLeaves(_ file: String, _ text: String, _ line: String) async throws {
        var files = twoMigrations
        files[file] = text
        let error = await #expect(throws: MigrationError.self) { try await verify(files) }
        let words = "\(error?.description ?? "")"
        #expect(words.contains("after \(file)"), "\(words)")
        #expect(words.contains(line), "\(words)")
    }

    @Test func theDumpHasNothingThatChangesFromRunToRun() async throws {
        try await withScratch { database in
            try await withFolder(twoMigrations) { path in
                try await Migrator(
                    connectionString: database.connectionString, folder: try MigrationFolder(path: path)
                ).up()
                let first = try await CatalogDump.schemaFile(connectionString: database.connectionString)
                let second = try await CatalogDump.schemaFile(connectionString: database.connectionString)
                #expect(first == second)
                #expect(first.contains("CREATE TABLE shop.items"))
                for word in ["restrict", "Dumped", "set_config", "GRANT", "OWNER"] {
                    #expect(!first.contains(word))
                }
            }
        }
    }
}
