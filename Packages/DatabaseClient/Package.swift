// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "DatabaseClient",
    products: [
        .library(name: "DatabaseClient", targets: ["DatabaseClient"]),
        .library(name: "ConnectionPool", targets: ["ConnectionPool"]),
        .library(name: "EmbeddedPostgres", targets: ["EmbeddedPostgres"]),
        .library(name: "DatabaseTesting", targets: ["DatabaseTesting"]),
    ],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        // Glibc's own module leaves epoll and eventfd out.
        .systemLibrary(name: "CEpoll"),
        .target(name: "ConnectionPool", swiftSettings: strict),
        .target(
            name: "DatabaseClient",
            dependencies: [
                "CEpoll", "CLibPQ", "ConnectionPool",
                .product(name: "ExactTypes", package: "ExactTypes"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict),
        .target(
            name: "EmbeddedPostgres",
            dependencies: [.product(name: "Logging", package: "swift-log")],
            swiftSettings: strict),
        .target(
            name: "DatabaseTesting", dependencies: ["DatabaseClient", "EmbeddedPostgres"],
            swiftSettings: strict),
    ]
)
