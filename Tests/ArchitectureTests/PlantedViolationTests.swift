import Foundation
import Testing

/// Each rule bites: in a copy of the house, the planted file is found, and nothing else is.
@Suite struct PlantedViolationTests {
    struct Plant: Sendable, CustomTestStringConvertible {
        let rule: Rule
        let path: String
        let text: String
        /// Where the violation is reported, if not at the planted file.
        var reportedAt: String?

        var testDescription: String { "\(rule.name): \(path)" }
    }

    /// Read once: taking the sources apart is the slow part.
    private static let house = Result { try SourceTree(root: SourceTree.repository) }
    private static let rules = "Packages/Portfolios/Sources/Portfolios/Rules"

    static let plants =
        importPlants + reservedPlants + rulePlants + statementPlants + namePlants + wordPlants + folderPlants

    private static let importPlants: [Plant] =
        [
            "import Market", "@testable import Market", "public import Market", "import struct Market.Bar",
            "@_exported import Market", "@preconcurrency\n    import Market",
            "import Foundation; import Market",
            "#if canImport(Market)\nimport Market\n#endif", "/* // */ import Market", "import UsersService",
            "import Migrations",
        ].map { text in
            Plant(
                rule: .packagesImportByTheTable, path: "Packages/Portfolios/Sources/Portfolios/Planted.swift",
                text: text)
        } + [
            Plant(
                rule: .packagesImportByTheTable, path: "Packages/ServiceKit/Sources/ServiceKit/Planted.swift",
                text: "import Users"),
            Plant(
                rule: .packagesImportByTheTable,
                path: "Packages/DatabaseClient/Sources/DatabaseClient/Planted.swift",
                text: "import SharedTypes"),
            Plant(
                rule: .packagesImportByTheTable, path: "Packages/Weather/Sources/Weather/Planted.swift",
                text: "import Foundation"),
            Plant(
                rule: .manifestsDependByTheTable, path: "Packages/Market/Package.swift",
                text: #"let dependencies = [.package(path: "../Users")]"#),
            Plant(
                rule: .sharedTypesImportFoundationOnly,
                path: "Packages/SharedTypes/Sources/SharedTypes/Planted.swift",
                text: "import Foundation\nimport Logging"),
            Plant(
                rule: .readmesNameEveryDependency, path: "Packages/SharedTypes/Package.swift",
                text: #".package(url: "https://github.com/apple/swift-nonesuch", from: "1.0.0")"#,
                reportedAt: "Packages/SharedTypes/README.md"),
        ]

    private static let reservedPlants: [Plant] = [
        ("Services/MarketService/Planted.swift", "import EmbeddedPostgres"),
        ("Services/DevServer/Planted.swift", "import DatabaseTesting"),
        ("Packages/DatabaseClient/Sources/ConnectionPool/Planted.swift", "import CLibPQ"),
        ("Tests/MarketTests/Planted.swift", "import CLibPQ"),
    ].map { Plant(rule: .reservedModulesStayWhereTheyBelong, path: $0.0, text: $0.1) }

    private static let rulePlants: [Plant] = [
        "import DatabaseClient", "let now = Date()", "let now = Date.now", "let now: Date = .now",
        "let id = UUID()", "let id = Portfolio.ID.version7(at: moment)", "let roll = Int.random(in: 1...6)",
        "func wait() async {}", "func wait() { Task { } }", "let home = ProcessInfo.processInfo.environment",
        "func note() { print(1) }",
    ].map { Plant(rule: .rulesArePure, path: "\(rules)/Planted.swift", text: $0) }

    private static let statementPlants: [Plant] = [
        ("Services/DevServer/Planted.swift", #"let sql = "SELECT id FROM users.users""#),
        (
            "Packages/Users/Sources/Users/Planted.swift",
            "let sql = \"\"\"\n    INSERT INTO users.users\n    \"\"\""
        ),
        (
            "Packages/ServiceKit/Sources/ServiceKit/Planted.swift",
            ##"let sql = #"DELETE FROM t WHERE "a" = 1"#"##
        ),
        ("Services/SchemaCommand/Planted.swift", #"let sql = "UPDATE market.quotes SET at = now()""#),
        ("Services/UsersService/Planted.swift", #"let sql = "DROP TABLE \(name)""#),
    ].map { Plant(rule: .statementsStandInQueries, path: $0.0, text: $0.1) }

    private static let namePlants: [Plant] = [
        ("Packages/Market/Sources/Market/PriceHelper.swift", ""),
        ("Packages/Market/Sources/Market/Common/Planted.swift", ""),
        ("Services/DevServer/Planted.swift", "struct SessionManager {}"),
        ("Packages/Market/Sources/Market/Planted.swift", "final class BaseImporter {}"),
        ("Tests/MarketTests/Planted.swift", "enum DateUtils {}"),
    ].map { Plant(rule: .namesSayWhatTheyHold, path: $0.0, text: $0.1) }

    private static let wordPlants: [Plant] =
        [
            Plant(
                rule: .uncheckedSendableIsProved, path: "Packages/Market/Sources/Market/Planted.swift",
                text: "import Foundation\n\nfinal class Box: @unchecked Sendable {}"),
            Plant(
                rule: .uncheckedSendableIsProved, path: "Tests/MarketTests/Planted.swift",
                text: "/// A box.\nlet gap = 1\n@frozen\nstruct Box: @unchecked Sendable {}"),
            Plant(
                rule: .nothingIsLeftForLater, path: "Services/DevServer/Planted.swift",
                text: "// TODO: the rest"),
            Plant(
                rule: .testsAreSwiftTestings, path: "Tests/MarketTests/Planted.swift", text: "import XCTest"),
        ]
        + [
            "let value = try! read()", "let value = any as! Int",
            "func stop() -> Never { fatalError(\"no\") }",
            "nonisolated(unsafe) var count = 0", "func wait() { Thread.sleep(forTimeInterval: 1) }",
        ].map { Plant(rule: .unsafeWordsStayOut, path: "Services/DevServer/Planted.swift", text: $0) }

    private static let folderPlants: [Plant] = ["Tests/ForgottenTests", "Services/ForgottenService"].map {
        (folder: String) in
        Plant(rule: .everyFolderIsBuilt, path: "\(folder)/Planted.swift", text: "", reportedAt: folder)
    }

    @Test(arguments: plants)
    func isFound(plant: Plant) throws {
        let found = try violations(with: plant.path, plant.text, of: plant.rule)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.path == plant.reportedAt ?? plant.path)
    }

    @Test func everyRuleHasAPlant() {
        #expect(Set(Rule.all.map(\.name)) == Set(Self.plants.map(\.rule.name)))
    }

    /// What looks like a violation and is none.
    @Test(arguments: [
        Plant(
            rule: .packagesImportByTheTable, path: "Packages/Portfolios/Sources/Portfolios/Planted.swift",
            text: "// import Market\n/* import Market */\nlet text = \"import Market\"\nimport SharedTypes"),
        Plant(
            rule: .rulesArePure, path: "\(rules)/Planted.swift",
            text:
                "/// Not Date().\nfunc age(at moment: Date) -> Int { Int.random(in: 0...1, using: &generator) }"
        ),
        Plant(
            rule: .statementsStandInQueries, path: "Services/DevServer/Planted.swift",
            text: "// SELECT id FROM users.users\nlet text = \"Select a basket from the list\""),
        Plant(
            rule: .namesSayWhatTheyHold, path: "Packages/Market/Sources/Market/Database.swift",
            text: "struct DatabaseLink { let fileManager = FileManager.default }"),
        Plant(
            rule: .uncheckedSendableIsProved, path: "Packages/Market/Sources/Market/Planted.swift",
            text: "// Only the epoll thread touches it.\n@frozen\nstruct Box: @unchecked Sendable {}"),
        Plant(
            rule: .unsafeWordsStayOut, path: "Services/DevServer/Planted.swift",
            text: "let text = \"try! this\" // fatalError(1)"),
    ])
    func isNoViolation(plant: Plant) throws {
        #expect(try violations(with: plant.path, plant.text, of: plant.rule) == [])
    }

    /// What a rule finds in a copy of the house with one more file, and not in the copy without it.
    private func violations(with path: String, _ text: String, of rule: Rule) throws -> [Violation] {
        let copy = FileManager.default.temporaryDirectory.appending(path: "grove-planted-\(UUID())")
        defer { try? FileManager.default.removeItem(at: copy) }
        try SourceTree.copy(SourceTree.repository, to: copy)
        let original = try SourceTree(root: copy, reusing: Self.house.get())
        let before = Set(rule.violations(original))
        let planted = copy.appending(path: path)
        try FileManager.default.createDirectory(
            at: planted.deletingLastPathComponent(), withIntermediateDirectories: true)
        let old = (try? String(contentsOf: planted, encoding: .utf8)) ?? ""
        try Data((old + "\n" + text + "\n").utf8).write(to: planted)
        return rule.violations(try SourceTree(root: copy, reusing: original)).filter { !before.contains($0) }
    }
}
