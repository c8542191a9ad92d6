import Foundation
import Testing

@testable import EmbeddedPostgres

/// Each of these kills a process of its own. One after the other, because the testing library waits for such
/// a process on a thread of the cooperative pool, of which a small machine has two.
@Suite(.serialized) struct ParentDeathTests {
    @Test func aKilledParentTakesItsServerAlongAndTheNextStartWorks() async throws {
        try await withScratchFolder { path in
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let server = try await EmbeddedPostgres.start(.init(dataDirectory: path))
                _ = try await psql(
                    server.connectionString(),
                    "CREATE TABLE kept AS SELECT n FROM generate_series(1, 100000) n")
                try "\(server.processID)".write(toFile: "\(path).pid", atomically: true, encoding: .utf8)
                kill(getpid(), SIGKILL)
            }
            defer { try? FileManager.default.removeItem(atPath: "\(path).pid") }
            let old = try #require(pid_t(String(contentsOfFile: "\(path).pid", encoding: .utf8)))
            // At once: the old server may still be writing its last checkpoint.
            try await withServer(path) { server in
                #expect(server.processID != old && server.isOwner)
                #expect(!processes(of: path).contains(old))
                try await expect(server, "SELECT count(*) FROM kept", gives: "100000")
            }
            #expect(processes(of: path).isEmpty)
        }
    }

    @Test func aKilledParentLeavesNoProcess() async throws {
        try await withScratchFolder { path in
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                _ = try await EmbeddedPostgres.start(.init(dataDirectory: path, durable: false))
                kill(getpid(), SIGKILL)
            }
            #expect(exists("\(path)/cluster/PG_VERSION"))
            #expect(await eventually { processes(of: path).isEmpty })
        }
    }

    @Test func anInterruptedInitdbDoesNotWedgeTheNextStart() async throws {
        try await withScratchFolder(initialised: false) { path in
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let start = Task { try await EmbeddedPostgres.start(.init(dataDirectory: path)) }
                if await eventually({ isInitialising(path) }) { kill(getpid(), SIGKILL) }
                _ = try await start.value
            }
            #expect(!exists("\(path)/cluster"))
            // What a machine without power leaves: no process that cleans up after itself.
            let rest = "\(path)/initdb-rest/base"
            try FileManager.default.createDirectory(atPath: rest, withIntermediateDirectories: true)
            try await withServer(path) { server in
                try await expect(server, "SELECT 1", gives: "1")
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            #expect(names == ["cluster", "lock", "server.log"])
        }
    }
}
