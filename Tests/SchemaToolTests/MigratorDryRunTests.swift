import DatabaseClient
import Migrations
import Testing

struct MigratorDryRunTests {
    private var files: [String: String] {
        var files = twoMigrations
        files["20260103000000_index.up.sql"] =
            "-- no-transaction\nCREATE INDEX CONCURRENTLY items_price_idx ON shop.items (price);\n"
        files["20260103000000_index.down.sql"] = "DROP INDEX shop.items_price_idx;"
        files["grants.sql"] =
            "REVOKE ALL ON shop.items FROM market_service;\nGRANT SELECT ON shop.items TO market_service;\n"
        return files
    }

    @Test func printsWhatIsPendingAndChangesNothing() async throws {
        try await withMigrations(files) { database, path in
            let migrator = try makeMigrator(database, path)
            let nothing = try await CatalogDump.read(
                connectionString: database.connectionString, includingRights: true)
            #expect(
                try await migrator.dryRun() == """
                    -- 20260101000000_shop.up.sql: on a connection of its own, in one transaction, with its row in platform.migrations
                    BEGIN;
                    SET LOCAL lock_timeout = '2000ms';
                    CREATE SCHEMA shop;
                    CREATE TABLE shop.items (id uuid CONSTRAINT items_pkey PRIMARY KEY);
                    COMMIT;

                    -- 20260102000000_prices.up.sql: on a connection of its own, in one transaction, with its row in platform.migrations
                    BEGIN;
                    SET LOCAL lock_timeout = '2000ms';
                    ALTER TABLE shop.items ADD COLUMN price numeric(38,18);
                    COMMIT;

                    -- 20260103000000_index.up.sql: on a connection of its own, without a transaction, 1 statements, each by itself
                    -- no-transaction
                    CREATE INDEX CONCURRENTLY items_price_idx ON shop.items (price);

                    -- grants.sql: the grants of the service roles
                    REVOKE ALL ON shop.items FROM market_service;
                    GRANT SELECT ON shop.items TO market_service;

                    """)
            #expect(
                try await CatalogDump.read(
                    connectionString: database.connectionString, includingRights: true) == nothing)
            let partly = try await migrator.dryRun(to: "20260101000000")
            #expect(!partly.contains("prices"))
            #expect(partly.contains("-- The grants are left alone"))
            #expect(
                try await migrator.dryRun(grants: .add).hasSuffix(
                    "-- grants.sql: only what it adds\nGRANT SELECT ON shop.items TO market_service;\n"))
            try await migrator.up()
            #expect(try await migrator.dryRun(grants: .leave) == "-- Nothing to migrate.\n")
        }
    }

    @Test func takesNoLockAndRefusesWhatUpWouldRefuse() async throws {
        try await withMigrations(files) { database, path in
            try await withConnection(database) { holder in
                try await holder.query("SELECT pg_advisory_lock(\(0x67_726F_7665))")
                #expect(try await makeMigrator(database, path).dryRun().contains("CREATE SCHEMA shop"))
            }
            try await makeMigrator(database, path).up()
            try write("-- Changed.", to: "20260102000000_prices.up.sql", in: path)
            let told = await words { _ = try await makeMigrator(database, path).dryRun() }
            #expect(told.contains("20260102000000_prices.up.sql was edited after it ran here"))
        }
    }
}
