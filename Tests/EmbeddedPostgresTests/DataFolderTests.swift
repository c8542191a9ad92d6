import Foundation
import Testing

@testable import EmbeddedPostgres

@Suite struct DataFolderTests {
    @Test func aFolderWithForeignFilesIsRefusedAndLeftAsItWas() async throws {
        try await withScratchFolder(initialised: false) { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            chmod(path, 0o755)
            try "mine".write(toFile: "\(path)/thesis.txt", atomically: true, encoding: .utf8)
            let error = await #expect(throws: EmbeddedPostgresError.self) {
                try await withServer(path) { _ in }
            }
            #expect(error?.reason == .dataFolderUnusable)
            #expect(error?.description.contains("thesis.txt") == true)
            var information = stat()
            #expect(stat(path, &information) == 0)
            #expect(information.st_mode & 0o777 == 0o755 && information.st_uid == geteuid())
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func aFolderThatTheServerCannotReachIsExplained() async throws {
        try await withScratchFolder(initialised: false) { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            chmod(path, 0o700)
            let inside = "\(path)/data"
            let error = await #expect(throws: EmbeddedPostgresError.self) {
                try await withServer(inside) { _ in }
            }
            #expect(error?.reason == .dataFolderUnusable)
            #expect(error?.description.contains("may not enter \(path)") == true)
            #expect(!exists(inside))
            chmod(path, 0o711)
            try await withServer(inside) { server in
                try await expect(server, "SELECT 1", gives: "1")
            }
        }
    }

    @Test func aPathThatIsTooLongIsRefused() async throws {
        let path = "/tmp/grove-long" + String(repeating: "/0123456789", count: 90)
        let error = await #expect(throws: EmbeddedPostgresError.self) { try await withServer(path) { _ in } }
        #expect(error?.description.contains("choose a shorter one") == true)
        #expect(!exists("/tmp/grove-long"))
    }

    @Test func aSocketFolderOfSomeoneElseIsRefused() async throws {
        try await withScratchFolder { path in
            let sockets = try await withServer(path) { $0.socketDirectory }
            try FileManager.default.createSymbolicLink(atPath: sockets, withDestinationPath: path)
            defer { unlink(sockets) }
            let error = await #expect(throws: EmbeddedPostgresError.self) {
                try await withServer(path) { _ in }
            }
            #expect(error?.description.contains(sockets) == true)
        }
    }
}
