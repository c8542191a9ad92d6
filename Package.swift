// swift-tools-version: 6.1
// The executables and every test target; the libraries live in Packages, one local package for each module,
// so that `package` access stays inside the team that owns it.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func local(_ names: String...) -> [Package.Dependency] { names.map { .package(path: "Packages/\($0)") } }

func library(_ name: String, _ package: String? = nil) -> Target.Dependency {
    .product(name: name, package: package ?? name)
}

let argumentParser = library("ArgumentParser", "swift-argument-parser")

/// A service composes one module with the chassis.
func service(_ name: String, _ module: String, _ more: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: [
            library(module), library("ServiceKit"), library("ServiceCommands", "ServiceKit"),
            library("ExactTypes"), library("SharedTypes"), library("StrictJSON"), library("DatabaseClient"),
            argumentParser,
        ] + more,
        path: "Services/\(name)", swiftSettings: strict)
}

/// A test target mirrors the package that it tests, and meets a real PostgreSQL where the code does.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: strict
    )
}

let testing: [Target.Dependency] = [
    "GroveTesting", library("StrictJSON"), library("ContractKit"), library("DatabaseClient"),
    library("ServiceKit"),
]

/// Every module that serves.
let modules: [Target.Dependency] = [
    library("EventLog"), library("Users"), library("Market"), library("Portfolios"), library("Gamification"),
    library("Notifications"),
]

/// The contracts of all contexts, by which tests read answers.
let contracts = ["Gamification", "Market", "Notifications", "Portfolios", "ServiceKit", "Users"].map {
    library("\($0)Contract", "Contracts")
}

let log = library("Logging", "swift-log")
let embeddedPostgres = library("EmbeddedPostgres", "DatabaseClient")
let executables: [Target.Dependency] = [
    "DevServer", "UsersService", "MarketService", "PortfoliosService", "GamificationService",
    "NotificationsService", "SchemaCommand",
]

let testTargets: [Target] = [
    tests("ArchitectureTests", []),
    // BigInt is the arithmetic that theirs is held against.
    tests("ExactTypesTests", [library("ExactTypes"), library("BigInt")]),
    tests("SharedTypesTests", [library("ExactTypes"), library("SharedTypes")]),
    tests("StrictJSONTests", [library("ExactTypes"), library("StrictJSON")]),
    tests(
        "ContractKitTests",
        [
            "CompilerTesting", library("ExactTypes"), library("SharedTypes"), library("StrictJSON"),
            library("ContractKit"),
            library("NotificationsContract", "Contracts"), library("PortfoliosContract", "Contracts"),
            library("UsersContract", "Contracts"),
        ]),
    tests(
        "ContractToolTests",
        [
            library("ExactTypes"), library("SharedTypes"), library("StrictJSON"), library("ContractKit"),
            library("ContractGeneration", "ContractTool"),
        ],
        exclude: ["Nasty.openapi.yaml"]),
    tests("TabularTextTests", [library("ExactTypes"), library("TabularText")]),
    tests("MailTests", ["GroveTesting", library("ExactTypes"), library("Mail")]),
    tests("ConnectionPoolTests", [library("ConnectionPool", "DatabaseClient")]),
    tests("EmbeddedPostgresTests", [embeddedPostgres]),
    tests(
        "DatabaseClientTests",
        [
            library("ExactTypes"), library("DatabaseClient"), library("DatabaseTesting", "DatabaseClient"),
            embeddedPostgres, log,
            library("CoreMetrics", "swift-metrics"), library("MetricsTestKit", "swift-metrics"),
            library("Tracing", "swift-distributed-tracing"),
            library("InMemoryTracing", "swift-distributed-tracing"),
        ]),
    tests(
        "DatabaseTestingTests",
        [library("DatabaseClient"), library("DatabaseTesting", "DatabaseClient"), embeddedPostgres]),
    tests(
        "SchemaToolTests",
        [
            library("DatabaseClient"), library("DatabaseTesting", "DatabaseClient"), embeddedPostgres,
            library("Migrations", "SchemaTool"),
            library("SchemaAnalysis", "SchemaTool"), library("SwiftGeneration", "SchemaTool"),
            library("MigrationLint", "SchemaTool"),
        ]),
    tests(
        "GeneratedQueriesTests",
        [
            "CompilerTesting", library("DatabaseClient"), library("DatabaseTesting", "DatabaseClient"), log,
            library("Migrations", "SchemaTool"), library("SchemaAnalysis", "SchemaTool"),
            library("SwiftGeneration", "SchemaTool"), library("ExactTypes"), library("SharedTypes"),
        ],
        exclude: ["Shop/migrations", "Shop/Packages/Market/Queries", "Shop/Packages/Market/README.md"]),
    tests(
        "ServiceKitTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("CoreMetrics", "swift-metrics"), log,
            library("DatabaseTesting", "DatabaseClient"), embeddedPostgres, library("JWTKit", "jwt-kit"),
            library("HTTPTypes", "swift-http-types"), library("Hummingbird", "hummingbird"),
            library("NIOCore", "swift-nio"), library("ServiceLifecycle", "swift-service-lifecycle"),
            library("PeriodicWork", "EventLog"), library("Crypto", "swift-crypto"),
            library("ServiceKitContract", "Contracts"), library("URLSessionTransport", "ContractKit"),
        ]),
    tests(
        "UsersTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("EventLog"), library("Mail"),
            library("Users"), library("UsersContract", "Contracts"), log,
            library("Crypto", "swift-crypto"),
            library("JWTKit", "jwt-kit"),
        ]),
    tests(
        "EventLogTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("EventLog"),
            library("PeriodicWork", "EventLog"),
            library("DatabaseTesting", "DatabaseClient"), log,
            library("CoreMetrics", "swift-metrics"), "GamificationService", "PortfoliosService",
        ]),
    tests(
        "MarketTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("EventLog"), library("Market"),
            library("MarketContract", "Contracts"), library("TabularText"),
            library("VendorFakes"), "MarketService", library("CoreMetrics", "swift-metrics"),
            library("MetricsTestKit", "swift-metrics"), library("PeriodicWork", "EventLog"), log,
        ],
        exclude: ["Fixtures"]),
    tests(
        "PortfoliosTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("EventLog"), library("Portfolios"),
            library("TabularText"), library("PortfoliosContract", "Contracts"), log,
            library("NIOCore", "swift-nio"),
            library("CoreMetrics", "swift-metrics"), library("MetricsTestKit", "swift-metrics"),
            library("Migrations", "SchemaTool"),
        ],
        exclude: ["Fixtures"]),
    tests(
        "GamificationTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("EventLog"),
            library("PeriodicWork", "EventLog"), library("Gamification"),
            library("GamificationContract", "Contracts"),
            library("DatabaseTesting", "DatabaseClient"), library("Migrations", "SchemaTool"), log,
        ],
        exclude: ["Fixtures"]),
    tests(
        "NotificationsSendingTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("EventLog"), library("Mail"),
            library("Notifications"), log,
            library("DatabaseTesting", "DatabaseClient"),
            library("ServiceLifecycle", "swift-service-lifecycle"), library("Crypto", "swift-crypto"),
            library("NIOPosix", "swift-nio"),
        ]),
    tests(
        "NotificationsTests",
        testing + [
            library("ExactTypes"), library("SharedTypes"), library("EventLog"),
            library("PeriodicWork", "EventLog"), library("Notifications"),
            library("NotificationsContract", "Contracts"),
            library("DatabaseTesting", "DatabaseClient"), log, library("Crypto", "swift-crypto"),
            library("AsyncHTTPClient", "async-http-client"), library("NIOCore", "swift-nio"),
            library("NIOHTTP1", "swift-nio"), library("ServiceLifecycle", "swift-service-lifecycle"),
        ]),
    tests(
        "MigrationsTests",
        testing + modules + [
            "GroveFactories", library("ExactTypes"), library("SharedTypes"),
            library("DatabaseTesting", "DatabaseClient"),
            library("Migrations", "SchemaTool"),
            library("SchemaAnalysis", "SchemaTool"), library("SwiftGeneration", "SchemaTool"),
        ]),
    tests("TextReaderTests", ["TextReaders"]),
    tests(
        "ServicesTests",
        testing + executables + [
            library("ExactTypes"), library("SharedTypes"), library("AsyncHTTPTransport"),
            library("URLSessionTransport", "ContractKit"),
            library("AsyncHTTPClient", "async-http-client"), library("NotificationsContract", "Contracts"),
            library("PortfoliosContract", "Contracts"), library("UsersContract", "Contracts"),
        ]),
    tests("ContractTests", testing + executables),
    tests(
        "ChaosTests",
        testing + executables + [
            library("EventLog"), embeddedPostgres, log, library("AsyncHTTPClient", "async-http-client"),
            library("NIOCore", "swift-nio"), library("NIOHTTP1", "swift-nio"),
        ]),
]

/// One bundle links the tests of all targets, which is most of the time that a small change takes to test.
/// `GROVE_TESTS=PortfoliosTests,UsersTests` declares these alone; scripts/test --filter sets it.
let chosenTests = Context.environment["GROVE_TESTS"].map { Set($0.split(separator: ",").map(String.init)) }

/// The fuzzer's library, which scripts/fuzz finds in the toolchain; without it the fuzzer is not declared.
let fuzzerLibrary = Context.environment["GROVE_FUZZ"]
let fuzzer: [Target] =
    fuzzerLibrary.map { library in
        [
            .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
            .executableTarget(
                name: "Fuzz", dependencies: ["TextReaders", "CLibFuzzer"], path: "Tests/Fuzz",
                exclude: ["CLibFuzzer", "Corpus"], swiftSettings: strict,
                linkerSettings: [.unsafeFlags([library, "-lstdc++"])]),
        ]
    } ?? []

let package = Package(
    name: "grove",
    products: [
        .executable(name: "users-service", targets: ["UsersService"]),
        .executable(name: "market-service", targets: ["MarketService"]),
        .executable(name: "portfolios-service", targets: ["PortfoliosService"]),
        .executable(name: "gamification-service", targets: ["GamificationService"]),
        .executable(name: "notifications-service", targets: ["NotificationsService"]),
        .executable(name: "dev-server", targets: ["DevServer"]),
        .executable(name: "schema", targets: ["SchemaCommand"]),
    ],
    dependencies: local(
        "ExactTypes", "SharedTypes", "StrictJSON", "ContractKit", "AsyncHTTPTransport", "Contracts",
        "ContractTool",
        "TabularText",
        "Mail", "VendorFakes", "DatabaseClient", "SchemaTool",
        "EventLog",
        "ServiceKit",
        "Users",
        "Market",
        "Portfolios",
        "Gamification", "Notifications")
        + [
            .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
            .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
            .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
            .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
            .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
            .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
            .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
            .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
            .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
            .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
            .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
            .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
        ],
    targets: [
        service("UsersService", "Users"),
        service("MarketService", "Market", [library("TabularText")]),
        service("PortfoliosService", "Portfolios"),
        service("GamificationService", "Gamification"),
        service("NotificationsService", "Notifications"),
        .executableTarget(
            name: "DevServer",
            dependencies: [
                library("StrictJSON"),
                library("Users"), library("Market"), library("Portfolios"), library("Gamification"),
                library("Notifications"), library("EventLog"), library("Mail"), library("ServiceKit"),
                library("ExactTypes"), library("VendorFakes"),
                library("SharedTypes"),
                library("DatabaseClient"), embeddedPostgres, library("Migrations", "SchemaTool"),
                library("AsyncHTTPClient", "async-http-client"), library("CoreMetrics", "swift-metrics"),
                library("Crypto", "swift-crypto"), log, library("NIOCore", "swift-nio"),
                library("NIOFoundationCompat", "swift-nio"), library("NIOHTTP1", "swift-nio"),
                library("ServiceLifecycle", "swift-service-lifecycle"), argumentParser,
            ],
            path: "Services/DevServer", swiftSettings: strict),
        .executableTarget(
            name: "SchemaCommand",
            dependencies: [
                library("Migrations", "SchemaTool"), library("SchemaAnalysis", "SchemaTool"),
                library("SwiftGeneration", "SchemaTool"), library("MigrationLint", "SchemaTool"),
                library("DatabaseClient"), embeddedPostgres, argumentParser,
            ],
            path: "Services/SchemaCommand", swiftSettings: strict),
        .target(
            name: "GroveTesting",
            dependencies: [
                library("StrictJSON"),
                library("DatabaseClient"), library("DatabaseTesting", "DatabaseClient"),
                embeddedPostgres, library("Migrations", "SchemaTool"),
                library("EventLog"), library("Mail"), library("ServiceKit"), library("ExactTypes"),
                library("SharedTypes"), library("ContractKit"), library("AsyncHTTPTransport"),
                library("AsyncHTTPClient", "async-http-client"),
                library("JWTKit", "jwt-kit"), log, library("NIOCore", "swift-nio"),
                library("NIOHTTP1", "swift-nio"),
            ] + contracts,
            path: "Tests/GroveTesting", exclude: ["mail_server.py", "webhook_server.py"],
            swiftSettings: strict),
        // Every function that reads text which somebody else wrote, for its tests and for scripts/fuzz.
        .target(
            name: "TextReaders",
            dependencies: [
                library("StrictJSON"),
                library("ExactTypes"), library("SharedTypes"), library("TabularText"), library("Mail"),
                library("ServiceKit"),
                library("EventLog"),
                library("Users"), library("Market"), library("Portfolios"), library("Gamification"),
                library("Notifications"), library("PortfoliosContract", "Contracts"),
                library("HTTPTypes", "swift-http-types"), library("Hummingbird", "hummingbird"),
                library("NIOCore", "swift-nio"),
            ],
            path: "Tests/TextReaders", swiftSettings: strict),
        // Apart from GroveTesting, so that it knows no service: the tests of the generators and of the contracts use it.
        .target(name: "CompilerTesting", path: "Tests/CompilerTesting", swiftSettings: strict),
        // Apart from GroveTesting, so that it knows the schema and no service: a tool's tests can use it too.
        .target(
            name: "GroveFactories", dependencies: [library("DatabaseClient")], path: "Tests/GroveFactories",
            swiftSettings: strict),
    ] + testTargets.filter { chosenTests?.contains($0.name) ?? true } + fuzzer
)
