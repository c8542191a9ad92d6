/// Who may import whom among our own packages: the table of the design. A package that is not in it is refused,
/// so that a new one is thought about before it is used.
enum Layering {
    static let contexts: Set<String> = [
        "Users", "Portfolios", "Market", "Gamification", "Experts", "Automation", "Loans", "Notifications",
        "Trading", "Journal",
    ]

    private static let floors: [String: Set<String>] = [
        "SharedTypes": [],
        "TabularText": [],
        "DatabaseClient": [],
        "SchemaTool": ["DatabaseClient"],
        "EventLog": ["DatabaseClient", "SharedTypes"],
        "ServiceKit": ["SharedTypes", "DatabaseClient", "EventLog"],
    ]

    /// The packages that a package may import, or nil for one that the table does not know.
    static func allowed(for package: String) -> Set<String>? {
        if contexts.contains(package) {
            return ["SharedTypes", "TabularText", "DatabaseClient", "EventLog", "ServiceKit"]
        }
        return floors[package]
    }

    /// Modules that only some may import, whatever the table says of their package.
    static let reserved: [(module: String, importers: [String], reason: String)] = [
        ("CLibPQ", ["Packages/DatabaseClient/Sources/DatabaseClient/"], "libpq is known in one room only"),
        (
            "DatabaseTesting", ["Packages/DatabaseClient/Sources/DatabaseTesting/", "Tests/"],
            "it is for tests"
        ),
        (
            "EmbeddedPostgres",
            ["Packages/DatabaseClient/", "Services/DevServer/", "Services/SchemaCommand/", "Tests/"],
            "a service that is deployed brings no database along"
        ),
    ]
}
