/// Who may import whom among our own packages: the table of the design. A package that is not in it is refused,
/// so that a new one is thought about before it is used.
enum Layering {
    static let contexts: Set<String> = [
        "Users", "Portfolios", "Market", "Gamification", "Experts", "Automation", "Loans", "Notifications",
        "Trading", "Journal",
    ]

    private static let floors: [String: Set<String>] = [
        "ExactTypes": [],
        "SharedTypes": ["ExactTypes"],
        "StrictJSON": ["ExactTypes"],
        "TabularText": ["ExactTypes"],
        "Mail": ["ExactTypes"],
        "VendorFakes": ["ExactTypes", "StrictJSON"],
        "DatabaseClient": ["ExactTypes"],
        "SchemaTool": ["ExactTypes", "DatabaseClient"],
        "ContractTool": ["ExactTypes", "StrictJSON"],
        "ContractKit": ["ExactTypes", "StrictJSON"],
        "AsyncHTTPTransport": ["ExactTypes", "StrictJSON", "ContractKit"],
        "Contracts": ["ExactTypes", "SharedTypes", "StrictJSON", "ContractKit"],
        "EventLog": ["ExactTypes", "SharedTypes", "StrictJSON", "DatabaseClient"],
        "ServiceKit": [
            "ExactTypes", "SharedTypes", "StrictJSON", "ContractKit", "Contracts", "DatabaseClient",
            "EventLog",
        ],
    ]

    private static let beneathContexts: Set<String> = [
        "ExactTypes", "SharedTypes", "StrictJSON", "TabularText", "Mail", "ContractKit", "Contracts",
        "DatabaseClient", "EventLog", "ServiceKit",
    ]

    /// The packages that a package may import, or nil for one that the table does not know.
    static func allowed(for package: String) -> Set<String>? {
        contexts.contains(package) ? beneathContexts : floors[package]
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
        (
            "VendorFakes", ["Packages/VendorFakes/", "Services/DevServer/", "Tests/"],
            "a service that is deployed asks the vendors themselves"
        ),
    ]
}
