import Foundation
import Testing

/// What an app resolves that depends on Contracts.
struct PackageGraphTests {
    private static let packages = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Packages")

    /// The package manager resolves what any product of a package needs, so no manifest may name one from elsewhere.
    @Test func contractsBringNoPackageFromElsewhere() throws {
        var open = ["Contracts"]
        var seen: Set<String> = []
        while let name = open.popLast() {
            guard seen.insert(name).inserted else { continue }
            let manifest = try String(
                contentsOf: Self.packages.appending(path: "\(name)/Package.swift"), encoding: .utf8)
            #expect(!manifest.contains(".package(url:"), "\(name)")
            open += manifest.matches(of: /\.package\(path: "\.\.\/([A-Za-z]+)"\)/).map { String($0.1) }
        }
        #expect(seen == ["Contracts", "ContractKit", "ExactTypes", "SharedTypes", "StrictJSON"])
    }
}
