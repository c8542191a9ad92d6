import DatabaseClient
import Foundation
import GroveTesting
import Testing

/// The built `schema migrate` with the files of this repository, as a person runs it.
@Suite(.timeLimit(.minutes(5))) struct SchemaMigrateTests {
    private func schema(_ arguments: String...) async throws -> (code: Int32, output: String) {
        let process = try ServiceProcess("schema", arguments)
        let code = await process.exitCode()
        return (code, process.output)
    }

    @Test func aDatabaseFromBeforeTheFilesWereReplacedIsRefused() async throws {
        try await withTestDatabase { test in
            try await test.owner.script(
                """
                UPDATE platform.migrations SET version = (version::bigint - 10000000000)::text
                """)
            let url = test.connectionString(role: "postgres")
            let migrations = Repository.root.appending(path: "migrations").path
            // A copy of a template does not have the rights of the database itself.
            let roles = try await schema("roles", "--database-url", url, "--migrations", migrations)
            #expect(roles.code == 0, "\(roles.output)")
            let run = try await schema("migrate", "up", "--database-url", url, "--migrations", migrations)
            #expect(run.code == 1, "\(run.output)")
            #expect(run.output.contains("the database must be made anew"), "\(run.output)")
            #expect(run.output.contains("1. Export"), "\(run.output)")
        }
    }
}
