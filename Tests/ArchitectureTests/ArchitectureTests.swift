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
        #expect(places.count <= 8)
    }

    /// What the threat model says is tested somewhere is tested there.
    @Test func theTestsThatSecurityNamesExist() throws {
        let text = try String(
            contentsOf: SourceTree.repository.appending(path: "SECURITY.md"), encoding: .utf8)
        let names = text.matches(of: /`(?:\w+\/)?(\w+Tests)`/).map { String($0.1) }
        let tree = try SourceTree.house.get()
        let known = Set(
            tree.files.map(\.stem) + tree.folders.map { String($0.split(separator: "/").last ?? "") })
        #expect(names.count > 20)
        #expect(Set(names).subtracting(known).sorted() == [])
    }

    /// What was there before the rules is counted, and the numbers may only fall.
    @Test func whatTheRulesExceptOnlyFalls() throws {
        #expect(Rule.oldUseCases.count <= 14)
        #expect(Rule.oldRouteStatements.values.reduce(0, +) <= 16)
        // Statements that no code calls yet.
        let uncalled = try SourceTree.house.get().documents.filter {
            $0.path.hasPrefix("Packages/") && $0.path.hasSuffix("/uncalled")
        }
        #expect(uncalled.flatMap(\.lines).count { !$0.isEmpty } <= 115)
    }

    /// Printed, so that whoever has mended some lowers the number.
    @Test func countsTheWordsOfTheList() throws {
        let counts = Rule.wordCounts(in: try SourceTree.house.get())
        for (word, places) in counts where places < word.places {
            print("\(word.pattern): \(places) places are left; the list allows \(word.places)")
        }
        #expect(counts.contains { $0.places > 0 })
    }

    @Test func readsTheWholeHouse() throws {
        let tree = try SourceTree.house.get()
        #expect(tree.folders.contains("Tests/ArchitectureTests"))
        #expect(tree.folders.contains("Packages/ExactTypes"))
        #expect(tree.files.contains { $0.path == "Packages/ExactTypes/Sources/ExactTypes/Money.swift" })
        #expect(!tree.files.contains { $0.path.contains(".build/") })
    }
}
