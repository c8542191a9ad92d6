import DatabaseClient
import Foundation
import Migrations
import Testing

struct DriftTests {
    private var files: [String: String] {
        [
            "20260101000000_shop.up.sql": """
            CREATE SCHEMA shop;
            CREATE TABLE shop.makers (id uuid CONSTRAINT makers_pkey PRIMARY KEY, name text NOT NULL DEFAULT 'x');
            CREATE TABLE shop.items (
                id uuid CONSTRAINT items_pkey PRIMARY KEY, maker_id uuid, title text, price numeric(38,18) DEFAULT 0,
                weight int CONSTRAINT items_weight_check CHECK (weight > 0),
                CONSTRAINT items_maker_fkey FOREIGN KEY (maker_id) REFERENCES shop.makers ON DELETE CASCADE);
            CREATE INDEX items_title_idx ON shop.items (title);
            COMMENT ON TABLE shop.items IS 'What is sold.';
            CREATE TYPE shop.mood AS ENUM ('good', 'bad');
            CREATE VIEW shop.titles AS SELECT title FROM shop.items;
            """,
            "20260101000000_shop.down.sql": "DROP SCHEMA shop CASCADE;",
        ]
    }

    private func drift(_ database: ScratchDatabase, _ path: String) async throws -> SchemaDrift {
        SchemaDrift(
            connectionString: database.connectionString, folder: try MigrationFolder(path: path),
            shadowServer: try await TestServer.shared.url())
    }

    private func asOwner(_ database: ScratchDatabase, _ sql: String) async throws {
        try await withConnection(database, as: "grove_owner") { try await $0.script(sql) }
    }

    @Test func isNothingAfterMigratingAndPendingFilesAreNone() async throws {
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up()
            let finding = try await drift(database, path).find()
            #expect(finding.difference.isEmpty, "\(finding.difference.lines)")
            try write("CREATE TABLE shop.later ();", to: "20260102000000_later.up.sql", in: path)
            try write("DROP TABLE shop.later;", to: "20260102000000_later.down.sql", in: path)
            let later = try await drift(database, path).find()
            #expect(later.difference.isEmpty)
            #expect(later.pending == ["20260102000000_later"])
        }
    }

    @Test func namesWhatIsAddedMissingAndChanged() async throws {
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up()
            try await asOwner(
                database,
                """
                ALTER TABLE shop.items ADD COLUMN colour text NOT NULL DEFAULT 'red, or (blue)', DROP COLUMN weight,
                    ALTER COLUMN price SET NOT NULL;
                DROP INDEX shop.items_title_idx;
                CREATE INDEX items_price_idx ON shop.items (price);
                GRANT SELECT ON shop.items TO market_service;
                """)
            let lines = try await drift(database, path).find().difference.lines
            #expect(
                lines == [
                    "+ INDEX shop.items_price_idx",
                    "      CREATE INDEX items_price_idx ON shop.items USING btree (price);",
                    "- INDEX shop.items_title_idx",
                    "~ TABLE shop.items",
                    "    - price numeric(38,18) DEFAULT 0",
                    "    - weight integer",
                    "    - CONSTRAINT items_weight_check CHECK ((weight > 0))",
                    "    + price numeric(38,18) DEFAULT 0 NOT NULL",
                    "    + colour text DEFAULT 'red, or (blue)'::text NOT NULL",
                ], "\(lines.joined(separator: "\n"))")
        }
    }

    /// The written pair is proven: a second database, migrated with it, has no drift against the first.
    @Test(arguments: [
        "ALTER TABLE shop.items ADD COLUMN colour text NOT NULL DEFAULT 'red, or (blue)'",
        "ALTER TABLE shop.items DROP COLUMN weight",
        "ALTER TABLE shop.items ALTER COLUMN weight TYPE bigint, ALTER COLUMN price DROP DEFAULT",
        "ALTER TABLE shop.items ALTER COLUMN price TYPE text, ALTER COLUMN price SET DEFAULT 'none'",
        "ALTER TABLE shop.makers ALTER COLUMN name DROP NOT NULL, ALTER COLUMN name SET DEFAULT 'y'",
        "ALTER TABLE shop.items DROP CONSTRAINT items_weight_check, ADD CONSTRAINT items_weight_check "
            + "CHECK (weight > 1)",
        "ALTER TABLE shop.items DROP CONSTRAINT items_maker_fkey; DROP TABLE shop.makers",
        """
        ALTER TABLE shop.items DROP CONSTRAINT items_maker_fkey, ADD CONSTRAINT items_maker_fkey
            FOREIGN KEY (maker_id) REFERENCES shop.makers ON DELETE RESTRICT
        """,
        "DROP INDEX shop.items_title_idx; CREATE UNIQUE INDEX items_title_idx ON shop.items "
            + "(lower(title)) WHERE price > 0",
        "COMMENT ON TABLE shop.items IS 'It''s sold; or not.'; COMMENT ON COLUMN shop.items.title IS "
            + "'Its name.'",
        "COMMENT ON TABLE shop.items IS NULL",
        """
        CREATE SCHEMA depot; CREATE TABLE depot."Odd Shelf" ("Key" int GENERATED ALWAYS AS IDENTITY
            CONSTRAINT shelf_pkey PRIMARY KEY, made timestamptz DEFAULT now() NOT NULL, item_id uuid
            CONSTRAINT shelf_item_fkey REFERENCES shop.items ON DELETE CASCADE);
        CREATE INDEX shelf_item_idx ON depot."Odd Shelf" (item_id);
        COMMENT ON COLUMN depot."Odd Shelf"."Key" IS 'A key.'
        """,
        """
        ALTER TABLE shop.items ENABLE ROW LEVEL SECURITY;
        CREATE POLICY items_all ON shop.items USING (price > 0);
        CREATE FUNCTION shop.f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a; $$;
        CREATE OR REPLACE VIEW shop.titles AS SELECT title, price FROM shop.items
        """,
        "CREATE TYPE shop.size AS ENUM ('s', 'l'); ALTER TABLE shop.items ADD COLUMN size shop.size "
            + "DEFAULT 's'",
    ])
    func isWrittenAsAMigrationThatBringsItElsewhere(_ change: String) async throws {
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up()
            try await asOwner(database, change)
            let (_, written) = try await drift(database, path).write(at: Date())
            let migration = try #require(written)
            #expect(migration.notExpressed == [])
            try await withScratch { other in
                try await makeMigrator(other, path).up()
                func dump(_ database: ScratchDatabase) async throws -> [CatalogObject] {
                    CatalogObject.all(
                        in: try await CatalogDump.read(
                            connectionString: database.connectionString, includingRights: false))
                }
                let (live, migrated) = (try await dump(database), try await dump(other))
                #expect(
                    CatalogDifference(expected: live, actual: migrated).isEmpty,
                    "\(CatalogDifference(expected: live, actual: migrated).lines)")
            }
            try await MigrationVerification(
                server: try await TestServer.shared.url(), folder: try MigrationFolder(path: path)
            ).run()
            // The database that had the change first is told so, and then agrees.
            let recorded = try await makeMigrator(database, path).baseline(
                migration.version, shadowServer: try await TestServer.shared.url())
            #expect(recorded.map(\.name) == ["drift"])
            #expect(try await drift(database, path).find().difference.isEmpty)
        }
    }

    @Test func saysWhatItCannotExpress() async throws {
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up()
            try await asOwner(
                database, "ALTER TYPE shop.mood ADD VALUE 'odd'; ALTER TABLE shop.items ADD COLUMN n int")
            let (_, written) = try await drift(database, path).write(at: Date())
            let migration = try #require(written)
            #expect(migration.notExpressed.contains { $0.hasPrefix("TYPE shop.mood has changed") })
            let up = try String(contentsOfFile: migration.paths[0], encoding: .utf8)
            #expect(up.contains("-- not expressed: TYPE shop.mood has changed"), "\(up)")
            #expect(up.contains("ALTER TABLE shop.items ADD COLUMN n integer;"))
        }
    }

    /// A column between the others cannot be had by ALTER TABLE, and that is said.
    @Test func saysThatAnOrderIsLeft() async throws {
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up()
            try await asOwner(
                database,
                """
                DROP VIEW shop.titles; ALTER TABLE shop.items RENAME TO old;
                ALTER TABLE shop.old DROP CONSTRAINT items_pkey, DROP CONSTRAINT items_weight_check,
                    DROP CONSTRAINT items_maker_fkey; DROP INDEX shop.items_title_idx;
                CREATE TABLE shop.items (n int, id uuid CONSTRAINT items_pkey PRIMARY KEY);
                DROP TABLE shop.old;
                """)
            let (_, written) = try await drift(database, path).write(at: Date())
            #expect(
                written?.notExpressed.contains {
                    $0 == "TABLE shop.items is still not the same, as the order of its columns"
                }
                    ?? false, "\(written?.notExpressed ?? [])")
        }
    }

    @Test func neverChangesTheDatabaseItReads() async throws {
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up()
            try await asOwner(database, "ALTER TABLE shop.items DROP COLUMN weight")
            let before = try await CatalogDump.read(
                connectionString: database.connectionString, includingRights: true)
            let (finding, _) = try await drift(database, path).write(at: Date())
            #expect(!finding.difference.isEmpty)
            let after = try await CatalogDump.read(
                connectionString: database.connectionString, includingRights: true)
            #expect(before == after)
        }
    }
}
