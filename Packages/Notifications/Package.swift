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
    name: "Notifications",
    products: [.library(name: "Notifications", targets: ["Notifications"])],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(path: "../SharedTypes"),
        .package(path: "../StrictJSON"),
        .package(path: "../ContractKit"),
        .package(path: "../Contracts"),
        .package(path: "../DatabaseClient"),
        .package(path: "../Mail"),
        .package(path: "../EventLog"),
        .package(path: "../ServiceKit"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    ],
    targets: [
        .target(
            name: "Notifications",
            dependencies: [
                "ExactTypes", "SharedTypes", "StrictJSON", "ContractKit", "Mail", "ServiceKit",
                .product(name: "NotificationsContract", package: "Contracts"),
                .product(name: "DatabaseClient", package: "DatabaseClient"),
                .product(name: "EventLog", package: "EventLog"),
                .product(name: "PeriodicWork", package: "EventLog"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict)
    ]
)
