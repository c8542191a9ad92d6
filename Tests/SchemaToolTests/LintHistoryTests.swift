import Foundation
import MigrationLint
import Testing

/// `--against`: a real git repository, the commit that runs in it, and the folder as it is now.
struct LintHistoryTests {
    private static let queries = "Packages/Portfolios/Queries/lots.sql"
    private static let base = [
        "migrations/20260101000000_fixture.up.sql": LintFixture.up,
        "migrations/20260101000000_fixture.down.sql": "-- irreversible: it is the ground",
        "migrations/20260201000000_label.up.sql": "ALTER TABLE portfolios.lots ADD COLUMN label text;",
        "migrations/20260201000000_label.down.sql": "ALTER TABLE portfolios.lots DROP COLUMN label;",
        queries: """
        -- name: listLots :many
        -- The lots of a person.
        SELECT id, label,
            note
        FROM portfolios.lots WHERE user_id = :user_id;

        -- name: renameLot :exec
        UPDATE portfolios.lots SET label = :label WHERE user_id = :user_id AND id = :lot_id;
        """,
    ]

    private func git(_ arguments: String..., in folder: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["git", "-C", folder, "-c", "user.name=Test", "-c", "user.email=test@example.com"] + arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// The findings after `change` in a repository whose commit is the base.
    private func findings(against: String? = "HEAD", _ change: [String: String?]) async throws -> [String] {
        let server = try await TestServer.shared.url()
        return try await withFolder(Self.base) { path in
            try git("init", "--quiet", in: path)
            try git("add", ".", in: path)
            try git("commit", "--quiet", "--message", "Base", in: path)
            for (file, text) in change {
                if let text {
                    try write(text, to: file, in: path)
                } else {
                    try FileManager.default.removeItem(atPath: "\(path)/\(file)")
                }
            }
            return try await RepositoryLint(repository: path, against: against).run(server: server)
                .map { "\($0.file):\($0.line): \($0.rule)" }
        }
    }

    @Test func nothingChangedNothingFound() async throws { #expect(try await findings([:]) == []) }

    @Test func aStatementThatRunsNowAndBreaksIsNamedWithItsLine() async throws {
        // The new code no longer names the columns; the code of HEAD still does.
        let drop = """
            -- contract: the new code names none of them
            ALTER TABLE portfolios.lots DROP COLUMN label, DROP COLUMN note;
            """
        let change: [String: String?] = [
            "migrations/20260301000000_drop.up.sql": drop,
            "migrations/20260301000000_drop.down.sql": "-- irreversible: data",
            Self.queries: "-- name: listLots :many\nSELECT id FROM portfolios.lots WHERE user_id = :user_id;",
        ]
        #expect(
            try await findings(change) == [
                "\(Self.queries):3: breaks-running-code", "\(Self.queries):8: breaks-running-code",
            ])
        #expect(try await findings(against: nil, change) == [])
    }

    @Test func theExamplesRun() async throws {
        let rule = try #require(Rule.all.first { $0.name == "breaks-running-code" })
        func change(_ text: String) -> [String: String?] {
            [
                "migrations/20260301000000_example.up.sql": text,
                "migrations/20260301000000_example.down.sql": "-- irreversible: an example",
            ]
        }
        // A rename is bad in itself as well.
        #expect(
            try await findings(change(rule.bad[0])) == [
                "\(Self.queries):4: breaks-running-code",
                "migrations/20260301000000_example.up.sql:1: rename",
            ])
        #expect(try await findings(change(rule.good[0])) == [])
    }

    @Test func anEditedAMissingAndAnOldMigrationAreFound() async throws {
        let edited = "ALTER TABLE portfolios.lots ADD COLUMN label text;\n-- More.\n"
        #expect(
            try await findings(["migrations/20260201000000_label.up.sql": edited])
                == ["migrations/20260201000000_label.up.sql:2: edited-migration"])
        #expect(
            try await findings([
                "migrations/20260115000000_old.up.sql": "CREATE SCHEMA journal;",
                "migrations/20260115000000_old.down.sql": "DROP SCHEMA journal;",
            ]) == ["migrations/20260115000000_old.up.sql:1: out-of-order"])
        // The way back may be mended: no checksum is kept of it.
        #expect(
            try await findings([
                "migrations/20260201000000_label.down.sql": "ALTER TABLE portfolios.lots DROP label;"
            ]) == [])
        let missing = try await findings([
            "migrations/20260201000000_label.up.sql": nil, "migrations/20260201000000_label.down.sql": nil,
        ])
        #expect(missing.contains("migrations/20260201000000_label.up.sql:1: edited-migration"), "\(missing)")
    }

    @Test func aCommitThatIsNoneIsSaid() async throws {
        let error = await #expect(throws: (any Error).self) { try await findings(against: "--all", [:]) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("--against"))
    }

    @Test func aStatementThatMovesARowToAnotherUserIsFound() async throws {
        let queries = """
            -- name: giveLot :exec
            UPDATE portfolios.lots AS l SET note = 'given', (user_id, quantity) = (:other_id, 1)
            WHERE l.user_id = :user_id AND l.id = :lot_id;

            -- name: keepLot :exec
            UPDATE portfolios.lots SET note = (SELECT email FROM users.users WHERE id = user_id), quantity = 2
            WHERE user_id = :user_id;

            -- name: storeLot :exec
            INSERT INTO portfolios.portfolios (user_id, id, name) VALUES (:user_id, :portfolio_id, :name)
            ON CONFLICT ON CONSTRAINT portfolios_pkey DO UPDATE SET name = excluded.name, user_id = excluded.user_id;
            """
        #expect(
            try await findings([Self.queries: queries]) == [
                "\(Self.queries):1: user-id-update", "\(Self.queries):9: user-id-update",
            ])
    }
}
