import Foundation
import Testing

/// The house as it stands keeps every rule.
@Suite struct ArchitectureTests {
    @Test(arguments: Rule.all)
    func holds(rule: Rule) throws {
        let violations = rule.violations(try SourceTree.house.get())
        #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
    }

    /// Printed, so that a reviewer sees the number grow.
    @Test func countsThePlacesThatSayWhyTheyCannotTrap() throws {
        let places = Rule.explainedPlaces(in: try SourceTree.house.get())
        print("\(places.count) places say why they cannot trap:")
        for place in places.sorted(by: { ($0.path, $0.line ?? 0) < ($1.path, $1.line ?? 0) }) {
            print("  \(place)")
        }
        #expect(places.count <= 20)
    }

    @Test func readsTheWholeHouse() throws {
        let tree = try SourceTree.house.get()
        #expect(tree.folders.contains("Tests/ArchitectureTests"))
        #expect(tree.folders.contains("Packages/SharedTypes"))
        #expect(tree.files.contains { $0.path == "Packages/SharedTypes/Sources/SharedTypes/Money.swift" })
        #expect(!tree.files.contains { $0.path.contains(".build/") })
    }
}
