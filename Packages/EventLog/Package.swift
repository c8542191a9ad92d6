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
    name: "EventLog",
    products: [
        .library(name: "EventLog", targets: ["EventLog"]),
        .library(name: "PeriodicWork", targets: ["PeriodicWork"]),
    ],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(path: "../SharedTypes"),
        .package(path: "../StrictJSON"),
        .package(path: "../DatabaseClient"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "PeriodicWork",
            dependencies: [
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "EventLog",
            dependencies: [
                "ExactTypes", "SharedTypes", "StrictJSON", "PeriodicWork",
                .product(name: "DatabaseClient", package: "DatabaseClient"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
    ]
)
