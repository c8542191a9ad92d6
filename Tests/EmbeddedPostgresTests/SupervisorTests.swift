import Foundation
import Testing

@testable import EmbeddedPostgres

@Suite struct SupervisorTests {
    @Test func aKilledPostmasterIsStartedAgain() async throws {
        try await withScratchFolder { path in
            try await withServer(path, durable: true) { server in
                _ = try await psql(server.connectionString(), "CREATE TABLE kept (n int)")
                let first = server.processID
                kill(first, SIGKILL)
                #expect(await eventually { server.processID != first && server.processID != 0 })
                _ = try await psql(server.connectionString(), "INSERT INTO kept VALUES (1)")
                #expect(server.isOwner)

                kill(server.processID, SIGKILL)
                let answer = "SELECT n FROM kept"
                #expect(await eventually { (try? await psql(server.connectionString(), answer)) == "1" })
            }
            #expect(processes(of: path).isEmpty)
        }
    }

    /// A backend that computes does not notice that its postmaster died, and PostgreSQL refuses to start
    /// beside it.
    @Test func aBusyBackendOfAKilledPostmasterIsNotInTheWay() async throws {
        try await withScratchFolder { path in
            try await withServer(path) { server in
                let endless = "DO $$ BEGIN LOOP END LOOP; END $$"
                async let busy = try? psql(server.connectionString(), endless)
                let active =
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'"
                #expect(await eventually { (try? await psql(server.connectionString(), active)) == "1" })
                let first = server.processID
                kill(first, SIGKILL)
                #expect(await eventually { server.processID != first && server.processID != 0 })
                try await expect(server, "SELECT 1", gives: "1")
                #expect(await busy == nil)
            }
        }
    }

    @Test func aSecondStartJoinsAndLeavesTheServerAlone() async throws {
        try await withScratchFolder { path in
            try await withServer(path) { owner in
                let guest = try await EmbeddedPostgres.start(.init(dataDirectory: path))
                #expect(guest.processID == owner.processID)
                #expect(guest.connectionString() == owner.connectionString())
                #expect(owner.isOwner && !guest.isOwner)
                await guest.stop()
                try await expect(owner, "SELECT 1", gives: "1")
            }
        }
    }

    @Test func aGuestTakesOverWhenTheOwnerStops() async throws {
        try await withScratchFolder { path in
            let owner = try await EmbeddedPostgres.start(.init(dataDirectory: path, durable: false))
            try await withServer(path) { guest in
                await owner.stop()
                #expect(await eventually { guest.isOwner && guest.processID != 0 })
                try await expect(guest, "SELECT 1", gives: "1")
            }
            #expect(processes(of: path).isEmpty)
        }
    }

    @Test func simultaneousFirstStartsShareOneServer() async throws {
        try await withScratchFolder(initialised: false) { path in
            let servers = try await withThrowingTaskGroup(of: EmbeddedPostgres.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await .start(.init(dataDirectory: path, durable: false)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(servers.map(\.processID)).count == 1)
            #expect(servers.filter(\.isOwner).count == 1)
            for server in servers where !server.isOwner { await server.stop() }
            for server in servers { await server.stop() }
            #expect(processes(of: path).isEmpty)
        }
    }

    /// After a restart of the machine or of a container, the number in a stale file is often somebody's again;
    /// PostgreSQL by itself then refuses to start, if that process is of its own user.
    @Test func aStalePidFileThatNamesAnotherProcessIsNotBelieved() async throws {
        try await withScratchFolder { path in
            let sockets = try await withServer(path) { $0.socketDirectory }
            let account = try DataFolder.prepare(at: path).account
            let log = try DataFolder(path: path).openLog()
            let bystander = try ChildProcess.spawn(
                account.command(["/bin/sleep", "600"], in: "/"), output: log.fileDescriptor)
            defer {
                kill(bystander, SIGKILL)
                ChildProcess.reap(bystander)
            }
            let text = "\(bystander)\n\(path)/cluster\n1700000000\n5432\n\n\n  1 1\nready   \n"
            try text.write(toFile: "\(path)/cluster/postmaster.pid", atomically: true, encoding: .utf8)
            try FileManager.default.createDirectory(atPath: sockets, withIntermediateDirectories: true)
            try text.write(toFile: "\(sockets)/.s.PGSQL.5432.lock", atomically: true, encoding: .utf8)
            try await withServer(path) { server in
                try await expect(server, "SELECT 1", gives: "1")
            }
            #expect(kill(bystander, 0) == 0)
        }
    }

    @Test func aCancelledStartLeavesNothingRunning() async throws {
        try await withScratchFolder(initialised: false) { path in
            let start = Task { try await EmbeddedPostgres.start(.init(dataDirectory: path, durable: false)) }
            #expect(await eventually { isInitialising(path) })
            start.cancel()
            let error = await #expect(throws: EmbeddedPostgresError.self) { try await start.value }
            #expect(error?.reason == .stopped)
            #expect(await eventually { processes(of: path).isEmpty })
            try await withServer(path) { server in
                try await expect(server, "SELECT 1", gives: "1")
            }
        }
    }
}
