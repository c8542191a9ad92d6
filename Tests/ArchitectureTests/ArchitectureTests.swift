import Foundation
import Testing

/// The house as it stands keeps every rule.
@Suite struct ArchitectureTests {
    @Test(arguments: Rule.all)
    func holds(rule: Rule) throws {
        let violations = rule.violations(try SourceTree.house.get())
        #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
    }

    @Test func readsTheWholeHouse() throws {
        let tree = try SourceTree.house.get()
        #expect(tree.folders.contains("Tests/ArchitectureTests"))
        #expect(tree.folders.contains("Packages/SharedTypes"))
        #expect(tree.files.contains { $0.path == "Packages/SharedTypes/Sources/SharedTypes/Money.swift" })
        #expect(!tree.files.contains { $0.path.contains(".build/") })
    }
}
