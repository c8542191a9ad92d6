import Foundation
import GroveTesting
import Testing

/// The built `schema generate` and the shadow that it keeps in `.grove`.
@Suite(.timeLimit(.minutes(5))) struct SchemaShadowTests {
    private func withRepository(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "schema-shadow-\(UUID())")
        for name in [".grove", "Packages", "migrations"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        // A server that was killed may write for a moment yet.
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(
            "CREATE SCHEMA shop; CREATE TABLE shop.items (id uuid CONSTRAINT items_pkey PRIMARY KEY);", folder
        )
        try "DROP SCHEMA shop CASCADE;".write(
            to: folder.appending(path: "migrations/20260101000000_shop.down.sql"), atomically: true,
            encoding: .utf8)
        try await body(folder)
    }

    private func write(_ text: String, _ folder: URL) throws {
        try text.write(
            to: folder.appending(path: "migrations/20260101000000_shop.up.sql"), atomically: true,
            encoding: .utf8)
    }

    private func generate(_ folder: URL) throws -> ServiceProcess {
        let program = Repository.root.appending(path: ".build/debug/schema").path
        // `exec`, so that a signal reaches the program itself.
        return try ServiceProcess(tool: "sh", ["-c", "exec \"$0\" generate", program], in: folder)
    }

    private func schemaFile(_ folder: URL) -> String {
        (try? String(contentsOf: folder.appending(path: "migrations/schema.sql"), encoding: .utf8)) ?? ""
    }

    @Test func isMadeOnceAndAnewForAnotherText() async throws {
        try await withRepository { folder in
            for isNew in [true, false] {
                let run = try generate(folder)
                #expect(await run.exitCode() == 0, "\(run.output)")
                #expect(run.output.contains("Migrating a new shadow") == isNew, "\(run.output)")
            }
            try write("CREATE SCHEMA shop; CREATE TABLE shop.orders ();", folder)
            let run = try generate(folder)
            #expect(await run.exitCode() == 0, "\(run.output)")
            #expect(schemaFile(folder).contains("shop.orders") && !schemaFile(folder).contains("shop.items"))
        }
    }

    @Test func twoRunsAtOnceDoNotDisturbOneAnother() async throws {
        try await withRepository { folder in
            for _ in 0..<3 {
                let runs = try (0..<3).map { _ in try generate(folder) }
                for run in runs { #expect(await run.exitCode() == 0, "\(run.output)") }
                #expect(schemaFile(folder).contains("shop.items"))
            }
        }
    }

    @Test func aKilledRunLeavesNothingThatTheNextWouldBelieve() async throws {
        try await withRepository { folder in
            for round in 0..<10 {
                try write(
                    "CREATE SCHEMA shop; CREATE TABLE shop.t\(round) (id int); SELECT pg_sleep(0.2);", folder)
                let killed = try generate(folder)
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...1200)))
                killed.signal(SIGKILL)
                _ = await killed.exitCode()
                let run = try generate(folder)
                #expect(await run.exitCode() == 0, "\(run.output)")
                #expect(schemaFile(folder).contains("CREATE TABLE shop.t\(round) "), "\(run.output)")
            }
        }
    }
}
