/// A file that is planted in a copy of the repository, to see whether a rule finds it.
struct PlantedFile: Sendable, CustomStringConvertible {
    let rule: Rule
    let path: String
    /// What is added to the file.
    let text: String
    /// Where the rule reports it; nil where it must find nothing.
    let reportedAt: String?

    var description: String { "\(path): \(text)" }

    /// A violation, reported in the planted file if no other place is named.
    static func violation(_ rule: Rule, _ path: String, _ text: String, at place: String? = nil)
        -> PlantedFile
    {
        PlantedFile(rule: rule, path: path, text: text, reportedAt: place ?? path)
    }

    /// What looks like a violation and is none.
    static func innocent(_ rule: Rule, _ path: String, _ text: String) -> PlantedFile {
        PlantedFile(rule: rule, path: path, text: text, reportedAt: nil)
    }

    static let all =
        walls + reserved + rooms + statements + words + names + traps + contexts + documents + oldWords
}

private let portfolios = "Packages/Portfolios/Sources/Portfolios/Planted.swift"
private let market = "Packages/Market/Sources/Market/Planted.swift"
private let pureRoom = "Packages/Portfolios/Sources/Portfolios/Rules/Planted.swift"
private let devServer = "Services/DevServer/Planted.swift"
private let marketTests = "Tests/MarketTests/Planted.swift"

extension PlantedFile {
    private static let imports =
        [
            "import Market", "@testable import Market", "public import Market", "import struct Market.Bar",
            "@_exported import Market", "@preconcurrency\n    import Market",
            "import Foundation; import Market",
            "#if canImport(Market)\nimport Market\n#endif", "/* // */ import Market", "import UsersService",
            "import Migrations", "let text = \"\\(1)\"\nimport Market",
        ].map { violation(.packagesImportByTheTable, portfolios, $0) }

    private static let walls =
        imports + [
            violation(
                .packagesImportByTheTable, "Packages/ServiceKit/Sources/ServiceKit/Planted.swift",
                "import Users"),
            violation(
                .packagesImportByTheTable, "Packages/DatabaseClient/Sources/DatabaseClient/Planted.swift",
                "import SharedTypes"),
            violation(
                .packagesImportByTheTable, "Packages/Weather/Sources/Weather/Planted.swift",
                "import Foundation"),
            innocent(
                .packagesImportByTheTable, portfolios,
                "// import Market\n/* import Market */\nlet text = \"\"\"\nimport Market\n\"\"\"\nimport SharedTypes"
            ),
            violation(
                .manifestsDependByTheTable, "Packages/Market/Package.swift", #".package(path: "../Users")"#),
            innocent(
                .manifestsDependByTheTable, "Packages/Market/Package.swift",
                #".package(path: "../ServiceKit")"#),
            violation(
                .packagesImportByTheTable, "Packages/ExactTypes/Sources/ExactTypes/Planted.swift",
                "import SharedTypes"),
            innocent(
                .packagesImportByTheTable, "Packages/TabularText/Sources/TabularText/Planted.swift",
                "import ExactTypes"),
            violation(
                .valuesImportFoundationOnly, "Packages/SharedTypes/Sources/SharedTypes/Planted.swift",
                "import Foundation\nimport Logging"),
            violation(
                .valuesImportFoundationOnly, "Packages/ExactTypes/Sources/ExactTypes/Planted.swift",
                "import Foundation\nimport Logging"),
            innocent(
                .valuesImportFoundationOnly, "Packages/SharedTypes/Sources/SharedTypes/Planted.swift",
                "import ExactTypes\nimport Foundation"),
            violation(
                .readmesNameEveryDependency, "Packages/SharedTypes/Package.swift",
                #".package(url: "https://github.com/apple/swift-nonesuch", from: "1.0.0")"#,
                at: "Packages/SharedTypes/README.md"),
            violation(
                .librariesHaveOneVersion, "Packages/SharedTypes/Package.swift",
                #".package(url: "https://github.com/apple/swift-log", from: "1.4.0"),"#),
            violation(
                .librariesHaveOneVersion, "Packages/SharedTypes/Package.swift",
                #".package(url: "https://github.com/apple/swift-log", exact: "1.16.0"),"#),
            violation(
                .everyFolderIsBuilt, "Tests/ForgottenTests/Planted.swift", "", at: "Tests/ForgottenTests"),
            violation(
                .everyFolderIsBuilt, "Services/ForgottenService/Planted.swift", "",
                at: "Services/ForgottenService"),
        ]

    private static let reserved =
        [
            ("Services/MarketService/Planted.swift", "import EmbeddedPostgres"),
            (devServer, "import DatabaseTesting"),
            ("Packages/DatabaseClient/Sources/ConnectionPool/Planted.swift", "import CLibPQ"),
            (marketTests, "import CLibPQ"),
        ].map { violation(.reservedModulesStayWhereTheyBelong, $0.0, $0.1) }
        + [innocent(.reservedModulesStayWhereTheyBelong, marketTests, "import DatabaseTesting")]

    private static let rooms =
        [
            "import DatabaseClient", "let now = Date()", "let now = Date.now", "let now: Date = .now",
            "let id = UUID()", "let id = Portfolio.ID.version7(at: moment)",
            "let roll = Int.random(in: 1...6)",
            "func wait() async {}", "func wait() { Task { } }",
            "let home = ProcessInfo.processInfo.environment",
            "func note() { print(1) }", "let clock = ContinuousClock()",
        ].map { violation(.rulesArePure, pureRoom, $0) }
        + [
            innocent(.rulesArePure, pureRoom, "/// Not Date().\nfunc age(at moment: Date) -> Int { 1 }"),
            innocent(.rulesArePure, pureRoom, "let roll = Int.random(in: 1...6, using: &generator)"),
        ] + moments

    private static let moments =
        [
            ("UseCases", "func post() { let now = Date() }"), ("Routes", "func list(at now: Date = .now) {}"),
            ("Consumers", "let at = Date.now"),
        ].map { room, text in
            violation(
                .momentsAreGiven, "Packages/Portfolios/Sources/Portfolios/\(room)/Planted.swift", text)
        }
        + [
            innocent(
                .momentsAreGiven, "Packages/Portfolios/Sources/Portfolios/UseCases/Planted.swift",
                "// Date() is the module's.\nfunc post(at now: Date) -> Date { now }"),
            // A module has the clock that its deployment gives it.
            innocent(.momentsAreGiven, portfolios, "let now: @Sendable () -> Date = { Date() }"),
        ]

    private static let statements =
        [
            (devServer, #"let sql = "SELECT id FROM users.users""#),
            (
                "Packages/Users/Sources/Users/Planted.swift",
                "let sql = \"\"\"\n    INSERT INTO users.users\n    \"\"\""
            ),
            (market, "let sql = \"\"\"\n    SELECT id\n    FROM market.quotes\n    \"\"\""),
            (
                "Packages/ServiceKit/Sources/ServiceKit/Planted.swift",
                ##"let sql = #"DELETE FROM t WHERE "a""#"##
            ),
            ("Services/SchemaCommand/Planted.swift", #"let sql = "UPDATE market.quotes SET at = now()""#),
            ("Services/UsersService/Planted.swift", #"let sql = "DROP TABLE \(name)""#),
        ].map { violation(.statementsStandInQueries, $0.0, $0.1) }
        + [
            innocent(
                .statementsStandInQueries, devServer,
                "// SELECT id FROM users.users\nlet text = \"Select a basket from the list\"")
        ]

    private static let words =
        [
            "let value = try! read()", "let value = any as! Int", "func stop() { fatalError(\"no\") }",
            "nonisolated(unsafe) var count = 0", "func wait() { Thread.sleep(forTimeInterval: 1) }",
        ].map { violation(.trapsStayOut, devServer, $0) }
        + [
            innocent(.trapsStayOut, devServer, "let text = \"try! this\" // fatalError(1)"),
            violation(
                .uncheckedSendableIsProved, market,
                "import Foundation\n\nfinal class Box: @unchecked Sendable {}"),
            violation(
                .uncheckedSendableIsProved, marketTests,
                "/// A box.\nlet gap = 1\n@frozen\nstruct Box: @unchecked Sendable {}"),
            innocent(
                .uncheckedSendableIsProved, market,
                "// Only the epoll thread touches it.\n@frozen\nstruct Box: @unchecked Sendable {}"),
            violation(.nothingIsLeftForLater, devServer, "// TODO: the rest"),
            innocent(.nothingIsLeftForLater, devServer, "let text = \"TODO\""),
            violation(.testsAreSwiftTestings, marketTests, "import XCTest"),
            violation(.jsonIsCodedInOnePlace, market, "let encoder = JSONEncoder()"),
            violation(.jsonIsCodedInOnePlace, devServer, "let text = moment.formatted(.iso8601)"),
            innocent(.jsonIsCodedInOnePlace, marketTests, "let decoder = JSONDecoder()"),
        ]
        + [
            "let week = 7 * 86_400", "let start = Double(day.daysSince1970) * length",
            "let weekday = day.daysSince1970 % 7",
            "let nobody = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))",
        ].map { violation(.daysAreExactTypes, market, $0) }
        + [
            innocent(.daysAreExactTypes, market, "let week: TimeInterval = .days(7), start = day.start"),
            innocent(
                .daysAreExactTypes, "Packages/ExactTypes/Sources/ExactTypes/Planted.swift", "let day = 86_400"
            ),
        ]

    private static let names =
        [
            ("Packages/Market/Sources/Market/PriceHelper.swift", ""),
            ("Packages/Market/Sources/Market/Common/Planted.swift", ""),
            (devServer, "struct SessionManager {}"), (market, "final class ImporterBase {}"),
            (marketTests, "enum DateUtils {}"),
        ].map { violation(.namesSayWhatTheyHold, $0.0, $0.1) }
        + [
            innocent(
                .namesSayWhatTheyHold, "Packages/Market/Sources/Market/Database.swift",
                "struct CommonPasswords { let fileManager = FileManager.default }")
        ]
}

private let file = "Packages/Portfolios/Sources/Portfolios/Files/Planted.swift"

extension PlantedFile {
    private static let traps =
        [
            "let day = Int(text)!", "precondition(text.count == 8)", "let year = text[0]",
            "let year = String(digits[0..<4])", "let rest = text[start...]", "let next = line[place + 1]",
            "let byte = bytes[position]", "let end = text.index(text.startIndex, offsetBy: 8)",
            "digits.removeFirst()", "let seconds = Int(wait.rounded(.up))",
            "let seconds = Int(moment.timeIntervalSince1970)",
        ].map { violation(.inputDoesNotTrap, file, $0) }
        + [
            violation(
                .inputDoesNotTrap, "Packages/ServiceKit/Sources/ServiceKit/Planted.swift",
                "// In range: of another line.\n\nlet year = text[0]"),
            innocent(
                .inputDoesNotTrap, file,
                """
                let isOther = text != "a[0]" && !names.isEmpty && left !== right
                let empty = [UInt8](), one: [Int] = [1], members = table["a"], kind = kinds[row.kind]
                // In range: eight bytes were counted above.
                let year = text[0]
                """),
            innocent(
                .inputDoesNotTrap, "Packages/Market/Sources/Market/UseCases/Planted.swift", "let a = text[0]"),
        ]
}
