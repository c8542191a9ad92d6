import CompilerTesting
import DatabaseTesting
import Foundation
import SwiftGeneration
import Testing

/// Names and texts that PostgreSQL takes and Swift could stumble over, in one schema: what is generated compiles.
struct NastySchemaTests {
    private static let migration = #"""
        CREATE SCHEMA shop;
        CREATE TYPE shop.blood_group AS ENUM ('A+', 'A-');
        CREATE TYPE shop.size AS ENUM ('3"', '5\8', '\(x)', E'two\nlines', E'tab\t', '', '🚀', '+', '3', '_');
        CREATE TYPE shop.word AS ENUM ('init', 'self', 'Self', 'Type', 'default', 'allCases', 'none', 'some', 'await',
            'rawValue', 'hash', 'hashValue', 'a b', 'aB', 'Any', 'any', 'throws', 'async', 'each');
        COMMENT ON TYPE shop.word IS E'First\r\nsecond\rthird\u2028fourth */ \\(x)';
        CREATE TABLE shop."order items" (id uuid CONSTRAINT a_pkey PRIMARY KEY, "class" text NOT NULL);
        CREATE TABLE shop.statuses (id uuid CONSTRAINT b_pkey PRIMARY KEY);
        CREATE TABLE shop.series (id uuid CONSTRAINT c_pkey PRIMARY KEY);
        CREATE TABLE shop.indices (id uuid CONSTRAINT d_pkey PRIMARY KEY);
        CREATE TABLE shop.people (id uuid CONSTRAINT e_pkey PRIMARY KEY);
        CREATE TABLE shop.größen (id uuid CONSTRAINT f_pkey PRIMARY KEY);
        CREATE TABLE shop.data (id uuid CONSTRAINT g_pkey PRIMARY KEY);
        COMMENT ON TABLE shop.data IS E'Measured.\rTwice. swift:Measurement';
        CREATE TABLE shop."weird.`table`" (
            user_id uuid CONSTRAINT w_user_id_fkey REFERENCES shop.people ON DELETE CASCADE, userid text, "userId" text,
            "a b" text, "x.y" text, "back`tick" text, init text NOT NULL, self text NOT NULL, "default" text, await int,
            "in" text, hash_value int, type shop.word, size shop.size, blood shop.blood_group,
            abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456789 text,
            CONSTRAINT w_pkey PRIMARY KEY (user_id));
        COMMENT ON COLUMN shop."weird.`table`".init IS E'One.\r\nTwo.\rThree */.';
        """#

    private static let queries = ##"""
        -- name: init :many
        -- nest: class
        SELECT w.user_id, w.userid, w."userId" AS user_id_text, w."a b" AS a_b, w."x.y" AS x_y, w."back`tick" AS tick,
            w.init, w.self, w."default", w.await, w."in", w.hash_value, w.type, w.size, w.blood,
            w.abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456789,
            i.id AS class_id, i."class" AS class_self
        FROM shop."weird.`table`" w LEFT JOIN shop."order items" i ON i."class" = w.init;

        -- name: self :one
        SELECT '\(x) """# \#(y)' || E'\\' AS text, $q$"""$q$ AS quotes;

        -- name: replaceAll :exec
        UPDATE shop."weird.`table`" SET userid = :execute, "userId" = :parameters, "a b" = :bound_parameters, init = :in_place,
            self = :init, "default" = :default, await = :await, "in" = :in, type = :type, size = :size,
            "x.y" = :row, "back`tick" = :variant
        WHERE user_id = :user_id;

        -- name: search :many
        SELECT userid, init FROM shop."weird.`table`"
        WHERE init = :variant /*? AND self = :init */ /*? AND await = :await */
        ORDER BY /*order
            init: init
            default: userid
        */;

        -- name: streamAll :stream
        SELECT init FROM shop."weird.`table`" WHERE userid = :rows AND init = :copy;

        -- name: listWords :many
        SELECT type, size FROM shop."weird.`table`" WHERE type = :each AND size = :some;
        """##

    @Test func whatIsGeneratedCompiles() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "nasty-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let yaml = """
            openapi: 3.1.0
            info: {title: 'Say "" "" "" # and \\(x) and \\#(y)', version: "1"}
            """
        let files = [
            "migrations/20260101000000_nasty.up.sql": Self.migration,
            "migrations/20260101000000_nasty.down.sql": "DROP SCHEMA shop CASCADE;",
            "migrations/contexts": "shop\n",
            "Packages/Shop/Queries/weird_things.sql": Self.queries, "Packages/Shop/openapi.yaml": yaml,
        ]
        for (path, text) in files {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try SwiftCompiler.copySharedTypes(to: folder)
        let outcome = try await RepositoryGeneration(repository: folder.path)
            .run(server: TestCluster.shared.connectionString(database: "postgres"))
        #expect(outcome.isClean, "\(outcome)")
        try await SwiftCompiler.typecheck(package: "Shop", in: folder)
    }
}
