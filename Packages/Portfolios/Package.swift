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
    name: "Portfolios",
    products: [.library(name: "Portfolios", targets: ["Portfolios"])],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(path: "../SharedTypes"),
        .package(path: "../StrictJSON"),
        .package(path: "../ContractKit"),
        .package(path: "../Contracts"),
        .package(path: "../DatabaseClient"),
        .package(path: "../EventLog"),
        .package(path: "../ServiceKit"),
        .package(path: "../TabularText"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        .target(
            name: "Portfolios",
            dependencies: [
                "ExactTypes", "SharedTypes", "StrictJSON", "ContractKit", "ServiceKit", "TabularText",
                .product(name: "PortfoliosContract", package: "Contracts"),
                .product(name: "DatabaseClient", package: "DatabaseClient"),
                .product(name: "EventLog", package: "EventLog"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict)
    ]
)
