// swift-tools-version: 6.1
import PackageDescription

/// With GROVE_FUZZ, as scripts/fuzz builds, the fuzzer sees which branches a text takes.
let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["GROVE_FUZZ"] == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])])

let package = Package(
    name: "Gamification",
    products: [.library(name: "Gamification", targets: ["Gamification"])],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(path: "../SharedTypes"),
        .package(path: "../StrictJSON"),
        .package(path: "../ContractKit"),
        .package(path: "../Contracts"),
        .package(path: "../DatabaseClient"),
        .package(path: "../EventLog"),
        .package(path: "../ServiceKit"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .target(
            name: "Gamification",
            dependencies: [
                "ExactTypes", "SharedTypes", "StrictJSON", "ContractKit", "ServiceKit",
                .product(name: "GamificationContract", package: "Contracts"),
                .product(name: "DatabaseClient", package: "DatabaseClient"),
                .product(name: "EventLog", package: "EventLog"),
                .product(name: "PeriodicWork", package: "EventLog"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict)
    ]
)
