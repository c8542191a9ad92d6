import Foundation
import Testing

@testable import EmbeddedPostgres

@Suite struct EmbeddedPostgresTests {
    @Test func aFreshStartServesAsAnUnprivilegedUserOnAPrivateSocket() async throws {
        try await withScratchFolder(initialised: false) { path in
            try await withServer(path) { server in
                let status = try String(contentsOfFile: "/proc/\(server.processID)/status", encoding: .utf8)
                let user = try #require(status.firstMatch(of: /Uid:\t([0-9]+)\t([0-9]+)\t([0-9]+)/)?.output)
                #expect(user.1 != "0" && user.1 == user.2 && user.2 == user.3)
                #expect(status.firstMatch(of: /Groups:\t *\n/) != nil || geteuid() != 0)

                var folder = stat()
                #expect(stat(server.socketDirectory, &folder) == 0)
                #expect(folder.st_mode & 0o777 == 0o700)
                #expect("\(folder.st_uid)" == user.1)

                let facts = try await psql(
                    server.connectionString(),
                    """
                    SELECT current_user, current_setting('server_encoding'),
                           current_setting('listen_addresses'), current_setting('data_checksums'), current_setting('max_connections'),
                           current_setting('timezone')
                    """)
                #expect(facts == "postgres|UTF8||on|200|UTC")
            }
        }
    }

    @Test func dataPersistsBetweenRuns() async throws {
        try await withScratchFolder { path in
            let first = try await withServer(path) { server in
                _ = try await psql(
                    server.connectionString(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
                return server.processID
            }
            try await withServer(path) { server in
                #expect(server.processID != first)
                try await expect(server, "SELECT n FROM kept", gives: "42")
            }
        }
    }

    @Test func durabilityIsTheDefaultAndSettingsReachTheServer() async throws {
        let asked = "SELECT current_setting('fsync'), current_setting('work_mem')"
        try await withScratchFolder { path in
            let safe = try await EmbeddedPostgres.start(
                .init(dataDirectory: path, settings: ["work_mem": "9MB"]))
            let settings = try? await psql(safe.connectionString(), asked)
            await safe.stop()
            #expect(settings == "on|9MB")
            try await withServer(path) { server in
                try await expect(server, asked, gives: "off|4MB")
            }
        }
    }

    @Test func stopLeavesNoProcessAndNoSocketFolder() async throws {
        try await withScratchFolder { path in
            let (process, sockets) = try await withServer(path) { server in
                #expect(exists("\(server.socketDirectory)/.s.PGSQL.\(server.port)"))
                #expect(processes(of: path).contains(server.processID))
                return (server.processID, server.socketDirectory)
            }
            #expect(processes(of: path).isEmpty)
            #expect(kill(process, 0) == -1)
            #expect(!exists(sockets))
            #expect(!exists("\(path)/cluster/postmaster.pid"))
        }
    }

    @Test func aDeepFolderStillGetsAShortSocketPath() async throws {
        try await withScratchFolder(initialised: false) { path in
            let deep = path + String(repeating: "/a-folder-with-a-long-name", count: 12)
            try await withServer(deep) { server in
                #expect(server.socketDirectory.utf8.count < 60)
                try await expect(server, "SELECT 1", gives: "1")
            }
        }
    }

    @Test func namesInAConnectionStringAreEncoded() async throws {
        try await withScratchFolder { path in
            try await withServer(path) { server in
                let create = #"CREATE ROLE "a b/c" LOGIN; "#
                _ = try await psql(server.connectionString(), create)
                _ = try await psql(server.connectionString(), #"CREATE DATABASE "d?e&f" OWNER "a b/c""#)
                let text = server.connectionString(user: "a b/c", database: "d?e&f")
                let names = try await psql(text, "SELECT current_user, current_database()")
                #expect(names == "a b/c|d?e&f")
            }
        }
    }

    @Test func aServerThatRefusesToStartShowsTheEndOfItsLog() async throws {
        try await withScratchFolder { path in
            let error = await #expect(throws: EmbeddedPostgresError.self) {
                try await withServer(path, settings: ["shared_buffers": "plenty"]) { _ in }
            }
            #expect(error?.reason == .serverFailed)
            #expect(error?.description.contains("invalid value for parameter \"shared_buffers\"") == true)
            #expect(processes(of: path).isEmpty)
        }
    }

    @Test func programsBesideTheServerAreFound() async throws {
        let dump = try await EmbeddedPostgres.binary(named: "pg_dump")
        #expect(try await run([dump, "--version"]).output.hasPrefix("pg_dump (PostgreSQL)"))
        await #expect(throws: EmbeddedPostgresError.self) {
            try await EmbeddedPostgres.binary(named: "pg_nothing")
        }
    }
}
