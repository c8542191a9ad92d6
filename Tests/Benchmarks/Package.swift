// swift-tools-version: 6.1
// A package of its own: it is built in release mode, and nothing else of Grove needs to be.
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(path: "../../Packages/ExactTypes"),
        .package(path: "../../Packages/SharedTypes"),
        .package(path: "../../Packages/DatabaseClient"),
        .package(path: "../../Packages/EventLog"),
        .package(path: "../../Packages/Contracts"),
        .package(path: "../../Packages/Portfolios"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .executableTarget(
            name: "Bench",
            dependencies: [
                .product(name: "ExactTypes", package: "ExactTypes"),
                .product(name: "SharedTypes", package: "SharedTypes"),
                .product(name: "EventLog", package: "EventLog"),
                .product(name: "PeriodicWork", package: "EventLog"),
                .product(name: "DatabaseClient", package: "DatabaseClient"),
                .product(name: "EmbeddedPostgres", package: "DatabaseClient"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
        // It calls the module's use cases, and so is built with -enable-testing in a folder of its own.
        .executableTarget(
            name: "LedgerBench",
            dependencies: [
                .product(name: "ExactTypes", package: "ExactTypes"),
                .product(name: "SharedTypes", package: "SharedTypes"),
                .product(name: "EventLog", package: "EventLog"),
                .product(name: "Portfolios", package: "Portfolios"),
                .product(name: "PortfoliosContract", package: "Contracts"),
                .product(name: "DatabaseClient", package: "DatabaseClient"),
                .product(name: "EmbeddedPostgres", package: "DatabaseClient"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ]
)
