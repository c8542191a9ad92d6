import Foundation
import Testing

/// SharedTypes as an iOS app has it: its own sources and Foundation, and none of the server's packages.
struct SharedTypesAloneTests {
    @Test func compilesWithoutTheServer() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shared-types-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = "\(SwiftCompiler.root)/Packages/SharedTypes/Sources/SharedTypes"
        let sources = try FileManager.default.subpathsOfDirectory(atPath: path).filter {
            $0.hasSuffix(".swift")
        }
        .sorted().map { "\(path)/\($0)" }
        try #require(!sources.isEmpty)
        // Nothing is said of where this build keeps its modules, so an import of one of them cannot be found.
        let (isGood, words) = try await SwiftCompiler.run(
            ["-emit-module", "-module-name", "SharedTypes", "-swift-version", "6", "-emit-module-path"]
                + [folder.appending(path: "SharedTypes.swiftmodule").path] + sources)
        #expect(isGood, "\(words)")
        let manifest = try String(
            contentsOfFile: "\(SwiftCompiler.root)/Packages/SharedTypes/Package.swift", encoding: .utf8)
        #expect(!manifest.contains(".package("), "SharedTypes depends on a package")
    }
}
