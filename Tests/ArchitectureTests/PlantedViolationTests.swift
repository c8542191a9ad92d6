import Foundation
import Testing

/// Each rule bites: in a copy of the house, what is planted is found, and nothing else is.
@Suite struct PlantedViolationTests {
    @Test(arguments: Rule.all)
    func findsWhatIsPlanted(rule: Rule) throws {
        let plants = PlantedFile.all.filter { $0.rule.name == rule.name }
        #expect(plants.contains { $0.reportedAt != nil }, "nothing proves that this rule bites")
        let house = try SourceTree.house.get()
        let before = Set(rule.violations(house))
        try withCopy { copy in
            for plant in plants {
                let found = try planting(plant, in: copy) {
                    rule.violations(try SourceTree(root: copy, reusing: house)).filter {
                        !before.contains($0)
                    }
                }
                #expect(found.map(\.path) == [plant.reportedAt].compactMap(\.self), "\(plant) gave \(found)")
            }
        }
    }

    private func withCopy(_ body: (URL) throws -> Void) throws {
        let copy = FileManager.default.temporaryDirectory.appending(path: "grove-planted-\(UUID())")
        defer { try? FileManager.default.removeItem(at: copy) }
        try SourceTree.copy(SourceTree.repository, to: copy)
        try body(copy)
    }

    /// Adds the text to the file, or makes it, and afterwards leaves the copy as it was.
    private func planting<T>(_ plant: PlantedFile, in copy: URL, _ body: () throws -> T) throws -> T {
        let file = copy.appending(path: plant.path)
        let folders = FileManager.default.missingFolders(above: file)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let old = try? Data(contentsOf: file)
        try ((old ?? Data()) + Data("\n\(plant.text)\n".utf8)).write(to: file)
        defer {
            if let old { try? old.write(to: file) } else { try? FileManager.default.removeItem(at: file) }
            for folder in folders { try? FileManager.default.removeItem(at: folder) }
        }
        return try body()
    }
}

extension FileManager {
    /// The folders that must be made for a file, the innermost first.
    fileprivate func missingFolders(above file: URL) -> [URL] {
        let folder = file.deletingLastPathComponent()
        return fileExists(atPath: folder.path) ? [] : [folder] + missingFolders(above: folder)
    }
}
