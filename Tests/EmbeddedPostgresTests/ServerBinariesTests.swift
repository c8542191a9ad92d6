import Foundation
import Testing

@testable import EmbeddedPostgres

@Suite struct ServerBinariesTests {
    @Test func withoutAServerTheMessageSaysWhatToInstall() async throws {
        let error = #expect(throws: EmbeddedPostgresError.self) {
            try ServerBinaries.find(path: "/nowhere:/bin", packageFolders: ["/nowhere/*/bin"])
        }
        #expect(error?.reason == .binariesNotFound)
        let text = error?.description ?? ""
        #expect(text.contains("apt-get install --no-install-recommends postgresql-15"))
        #expect(text.contains("/nowhere/*/bin"))
    }

    @Test func aLinkInPathIsFollowedToTheRealFolder() async throws {
        try await withInstallations(["17": 17]) { root in
            let links = "\(root)/links"
            try FileManager.default.createDirectory(atPath: links, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: "\(links)/initdb", withDestinationPath: "\(root)/17/bin/initdb")
            let found = try ServerBinaries.find(path: links, packageFolders: [])
            #expect(found == ServerBinaries(directory: "\(root)/17/bin", majorVersion: 17))
        }
    }

    @Test func thePreferredVersionWinsThenTheNewestAndOldOnesAreRefused() async throws {
        try await withInstallations(["14": 14, "15": 15, "16": 16, "18": 18]) { root in
            func find(_ major: Int?) throws -> Int {
                try ServerBinaries.find(major: major, path: "", packageFolders: ["\(root)/*/bin"])
                    .majorVersion
            }
            #expect(try find(nil) == 15)
            #expect(try find(16) == 16)
            try FileManager.default.removeItem(atPath: "\(root)/15")
            #expect(try find(nil) == 18)
            for major in ["16", "18"] { try FileManager.default.removeItem(atPath: "\(root)/\(major)") }
            let error = #expect(throws: EmbeddedPostgresError.self) { try find(nil) }
            #expect(error?.description.contains("There is version 14") == true)
        }
    }

    @Test func programsThatWereChosenAreTakenOrNone() async throws {
        try await withInstallations(["16": 16]) { root in
            let cluster = try Cluster(.init(dataDirectory: "\(root)/data", binaries: "\(root)/16/bin"))
            #expect(cluster.binaries == ServerBinaries(directory: "\(root)/16/bin", majorVersion: 16))
            let error = #expect(throws: EmbeddedPostgresError.self) {
                try Cluster(.init(dataDirectory: "\(root)/data", binaries: "\(root)/17/bin"))
            }
            #expect(error?.description.contains("were found in \(root)/17/bin.") == true)
        }
    }

    @Test func aClusterOfAnotherMajorVersionAsksForItsPrograms() async throws {
        try await withScratchFolder(initialised: false) { path in
            try FileManager.default.createDirectory(
                atPath: "\(path)/cluster", withIntermediateDirectories: true)
            try "99\n".write(toFile: "\(path)/cluster/PG_VERSION", atomically: true, encoding: .utf8)
            let error = await #expect(throws: EmbeddedPostgresError.self) {
                try await withServer(path) { _ in }
            }
            #expect(error?.description.contains("postgresql-99") == true)
        }
    }

    /// Folders with programs that only know their version.
    private func withInstallations(_ versions: [String: Int], _ body: (String) throws -> Void) async throws {
        try await withScratchFolder(initialised: false) { root in
            for (name, major) in versions {
                let folder = "\(root)/\(name)/bin"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                for program in ["initdb", "postgres"] {
                    let text = "#!/bin/sh\necho '\(program) (PostgreSQL) \(major).3'\n"
                    try text.write(toFile: "\(folder)/\(program)", atomically: true, encoding: .utf8)
                    chmod("\(folder)/\(program)", 0o755)
                }
            }
            try body(root)
        }
    }
}
