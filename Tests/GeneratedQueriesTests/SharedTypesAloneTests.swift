import CompilerTesting
import Foundation
import Testing

/// ExactTypes and SharedTypes as an iOS app has them: their own sources and Foundation, and none of the server's
/// packages.
struct SharedTypesAloneTests {
    @Test func compileWithoutTheServer() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shared-types-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, dependencies) in [
            ("ExactTypes", []), ("SharedTypes", [#".package(path: "../ExactTypes")"#]),
        ] {
            let package = "\(SwiftCompiler.root)/Packages/\(name)"
            let path = "\(package)/Sources/\(name)"
            let sources = try FileManager.default.subpathsOfDirectory(atPath: path).filter {
                $0.hasSuffix(".swift")
            }
            .sorted().map { "\(path)/\($0)" }
            try #require(!sources.isEmpty)
            // Nothing is said of where this build keeps its modules, so an import of one of them cannot be found.
            let (isGood, words) = try await SwiftCompiler.emitModule(name, sources: sources, in: folder.path)
            #expect(isGood, "\(words)")
            let manifest = try String(contentsOfFile: "\(package)/Package.swift", encoding: .utf8)
            let found = manifest.matches(of: /\.package\([^)]*\)/).map { String($0.0) }
            #expect(found == dependencies, "what \(name) depends on, an app must build")
        }
    }
}
