import Foundation
import Migrations
import Testing

struct MigrationFolderTests {
    @Test func readsPairsInOrder() async throws {
        var files = twoMigrations
        files["grants.sql"] = "-- rights"
        files["schema.sql"] = "-- not a migration"
        files["README.md"] = "words"
        try await withFolder(files) { path in
            let folder = try MigrationFolder(path: path)
            #expect(folder.migrations.map(\.title) == ["20260101000000_shop", "20260102000000_prices"])
            #expect(folder.grants == "-- rights")
            #expect(folder.roles.services.isEmpty)
            // sha256sum of the up file.
            #expect(
                folder.migrations[1].checksum
                    == "ae711ecd7f6fc5320ce1fe3465505dfd4b4ee1f5eef77f0eb55b462053f9b1cf")
        }
    }

    @Test(
        arguments: [
            (["20260101000000_a.up.sql": "SELECT 1;"], "has no 20260101000000_a.down.sql"),
            (["20260101000000_a.down.sql": "SELECT 1;"], "has no 20260101000000_a.up.sql"),
            (["2026_a.up.sql": ""], "is not named YYYYMMDDHHMMSS_description"),
            (["20260101000000_A.up.sql": ""], "is not named YYYYMMDDHHMMSS_description"),
            (
                [
                    "20260101000000_a.up.sql": "", "20260101000000_a.down.sql": "",
                    "20260101000000_b.up.sql": "",
                    "20260101000000_b.down.sql": "",
                ], "20260101000000_a and 20260101000000_b have the same version"
            ),
            (
                ["20260101000000_a.up.sql": "SELECT 1;\n  begin;", "20260101000000_a.down.sql": ""],
                "20260101000000_a.up.sql:2:3: BEGIN is not for the file to say"
            ),
            (
                [
                    "20260101000000_a.up.sql": "SELECT 1",
                    "20260101000000_a.down.sql": "DROP TABLE a;\nCOMMIT",
                ],
                "20260101000000_a.down.sql:2:1: COMMIT"
            ),
            (
                ["20260101000000_a.up.sql": "SELECT 'x", "20260101000000_a.down.sql": ""],
                "20260101000000_a.up.sql:1:8: there is a quote"
            ),
            (
                ["20260101000000_a.up.sql": "", "20260101000000_a.down.sql": "-- irreversible:"],
                "without a reason"
            ),
            (["contexts": "shop\nMy Shop # ours"], #"contexts has "My Shop", which is not one name"#),
            (["contexts": "shop\nshop"], "contexts has shop twice"),
        ])
    func refusesWhatCannotRun(_ files: [String: String], _ words: String) async throws {
        try await withFolder(files) { path in
            let error = #expect(throws: MigrationError.self) { try MigrationFolder(path: path) }
            #expect(error?.description.contains(words) ?? false, "\(String(describing: error))")
        }
    }

    @Test func readsTheContextsInTheirOrder() async throws {
        let text = "# Ours.\nshop   # the first\n\n  billing\n"
        try await withFolder(["contexts": text]) { path in
            let roles = try MigrationFolder(path: path).roles
            #expect(
                roles.services == ["shop_service", "shop_worker", "billing_service", "billing_worker"])
        }
    }

    @Test func transactionWordsInsideFunctionsAndStringsAreAllowed() async throws {
        let up = """
            -- BEGIN;
            CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN NULL; END; $$;
            INSERT INTO t VALUES ('x; COMMIT; y');
            """
        try await withFolder(["20260101000000_a.up.sql": up, "20260101000000_a.down.sql": ""]) { path in
            let folder = try MigrationFolder(path: path)
            #expect(folder.migrations.count == 1)
        }
    }

    @Test func readsDirectives() async throws {
        let files = [
            "20260101000000_a.up.sql": "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (x);",
            "20260101000000_a.down.sql": "-- irreversible: an enum value cannot be dropped",
        ]
        try await withFolder(files) { path in
            let migration = try #require(try MigrationFolder(path: path).migrations.first)
            #expect(migration.upRunsWithoutTransaction)
            #expect(!migration.downRunsWithoutTransaction)
            #expect(migration.irreversibleReason == "an enum value cannot be dropped")
        }
    }

    @Test func newWritesAPairThatCanBeRead() async throws {
        try await withFolder([:]) { path in
            let date = Date(timeIntervalSince1970: 1_767_323_045)
            let paths = try MigrationFolder.create(name: "Add watch-lists", at: date, in: path)
            #expect(
                paths.map { $0.dropFirst(path.count + 1) } == [
                    "20260102030405_add_watch_lists.up.sql", "20260102030405_add_watch_lists.down.sql",
                ])
            #expect(try MigrationFolder(path: path).migrations.map(\.name) == ["add_watch_lists"])
            #expect(throws: MigrationError.self) { try MigrationFolder.create(name: "—", at: date, in: path) }
        }
    }
}
